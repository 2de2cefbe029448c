using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Tests.Gateway;

/// <summary>An office workstation: Debian's freerdp-shadow-cli, which shows the white screen of an Xvfb and demands network level authentication.</summary>
public sealed class Workstation : IAsyncLifetime
{
    internal static readonly RdpCredentials Anne = new("anne", "Mot-de-passe-du-poste-7");
    internal static readonly RdpCredentials Marc = new("marc", "Été€-à-ç", "INSTITUT");

    // Name, domain, LM hash, NT hash: MD4 of the password in UTF-16.
    private const string Accounts = """
        anne:::DEA86B6C31AAAABA6A955C58EBD63767:::
        marc:INSTITUT::6D3CB9D6CCF252C0BAF0C7415EA373B4:::

        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _home = Directory.CreateTempSubdirectory("relais-workstation-").FullName;
    private readonly List<Process> _programs = [];
    private readonly ConcurrentQueue<string> _said = [];

    internal IPEndPoint Address { get; } = FreePort();

    /// <summary>What its programs wrote, for when a test fails.</summary>
    internal string Said => string.Join('\n', _said);

    internal byte[] Pin { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        var accounts = Path.Combine(_home, "accounts");
        await File.WriteAllTextAsync(accounts, Accounts);
        // Without a client an X server starts anew, and whoever connects in that moment is turned away.
        var display = await Start("Xvfb", [], "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset", "-wr")
            .StandardOutput.ReadLineAsync();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _home, ["DISPLAY"] = $":{display}" };
        var shadow = Start(
            "freerdp-shadow-cli", environment, $"/port:{Address.Port}", $"/bind-address:{Address.Address}", "/sec:nla", $"/sam-file:{accounts}");
        await ListensAsync(shadow);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(_home, ".config", "freerdp", "shadow", "shadow.crt"));
        Pin = SHA256.HashData(certificate.RawData);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var program in Enumerable.Reverse(_programs))
        {
            if (!program.HasExited)
                program.Kill(entireProcessTree: true);
            await program.WaitForExitAsync();
            program.Dispose();
        }

        Directory.Delete(_home, recursive: true);
    }

    private Process Start(string program, Dictionary<string, string> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        _programs.Add(process);
        process.ErrorDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        process.BeginErrorReadLine();
        return process;
    }

    private async Task ListensAsync(Process shadow)
    {
        shadow.OutputDataReceived += (_, line) => _said.Enqueue(line.Data ?? "");
        shadow.BeginOutputReadLine();
        using var late = new CancellationTokenSource(Patience);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            Assert.False(shadow.HasExited, "freerdp-shadow-cli ended by itself.");
            using var knock = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await knock.ConnectAsync(Address, late.Token);
                return;
            }
            catch (SocketException)
            {
                await pause.WaitForNextTickAsync(late.Token);
            }
        }
    }

    private static IPEndPoint FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return (IPEndPoint)socket.LocalEndPoint!;
    }
}
