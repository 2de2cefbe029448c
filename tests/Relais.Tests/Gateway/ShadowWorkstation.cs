using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

/// <summary>A workstation: Debian's freerdp-shadow, which shows a white X screen over RDP, with TLS alone or with network level authentication.</summary>
internal sealed class ShadowWorkstation : IDisposable
{
    public const string User = "agent";
    public const string Password = "password";

    // MD4 of the password in UTF-16, the usual example.
    private const string PasswordHash = "8846F7EAEE8FB117AD06BDD830B7586C";

    private readonly Screen _screen;
    private readonly Process _shadow;
    private readonly string _home;

    private ShadowWorkstation(Screen screen, Process shadow, string home, IPEndPoint address) =>
        (_screen, _shadow, _home, Address) = (screen, shadow, home, address);

    public IPEndPoint Address { get; }

    public static async Task<ShadowWorkstation> StartAsync(bool nla)
    {
        var screen = await Screen.StartAsync(white: true);
        var home = Directory.CreateTempSubdirectory("relais-shadow-").FullName;
        var sam = Path.Combine(home, "sam");
        await File.WriteAllTextAsync(sam, $"{User}:::{PasswordHash}:::\n");
        var address = new IPEndPoint(IPAddress.Loopback, FreePort());
        string[] security = nla ? ["/sec:nla", $"/sam-file:{sam}", "+auth"] : ["/sec:tls", "-auth"];
        var start = Programs.Start("freerdp-shadow-cli", [$"/port:{address.Port}", "/bind-address:127.0.0.1", .. security]);
        start.Environment["DISPLAY"] = screen.Display;
        start.Environment["HOME"] = home;
        start.RedirectStandardOutput = true;
        var shadow = Process.Start(start)!;
        var said = Programs.Listen(shadow, output: true);
        var workstation = new ShadowWorkstation(screen, shadow, home, address);
        await workstation.AnswersAsync(said);
        return workstation;
    }

    /// <summary>Its certificate, as a first look sees it.</summary>
    public async Task<byte[]> PinAsync()
    {
        var dial = new TargetDial(new RdpTarget(Address, null), new X224Request(SecurityProtocols.Tls, 0, 0));
        await using var connection = await dial.ConnectAsync(CancellationToken.None);
        return connection!.CertificateSha256;
    }

    public void Dispose()
    {
        Programs.End(_shadow);
        _screen.Dispose();
        Directory.Delete(_home, recursive: true);
    }

    private async Task AnswersAsync(List<string> said)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            Assert.False(_shadow.HasExited, string.Join('\n', said));
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync(Address, late.Token);
                return;
            }
            catch (SocketException)
            {
                await pause.WaitForNextTickAsync(late.Token);
            }
        }
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
