using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Tests.Desktops;

/// <summary>Debian's freerdp-shadow-cli on loopback, showing the white screen of an Xvfb.</summary>
internal sealed class ShadowWorkstation : IAsyncDisposable
{
    private readonly string _home = Directory.CreateTempSubdirectory("relais-shadow-").FullName;
    private readonly List<Process> _programs = [];

    private ShadowWorkstation() => Port = OfficePeer.FreePort();

    public int Port { get; }

    public string Sha256 { get; private set; } = "";

    /// <param name="security">"tls" takes anybody; "nla" asks for the account "anne", whose password is "Mot-de-passe-du-poste-7".</param>
    public static async Task<ShadowWorkstation> StartAsync(string security)
    {
        var shadow = new ShadowWorkstation();
        var accounts = Path.Combine(shadow._home, "accounts");
        // Name, domain, LM hash, NT hash.
        await File.WriteAllTextAsync(accounts, "anne:::DEA86B6C31AAAABA6A955C58EBD63767:::\n");
        var display = await shadow.Start("Xvfb", [], "-displayfd", "1", "-screen", "0", "800x600x24", "-nolisten", "tcp", "-noreset", "-wr").StandardOutput.ReadLineAsync();
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = shadow._home, ["DISPLAY"] = $":{display}" };
        string[] entry = security == "nla" ? ["/sec:nla", $"/sam-file:{accounts}"] : ["/sec:tls", "-auth"];
        var program = shadow.Start("freerdp-shadow-cli", environment, [$"/port:{shadow.Port}", "/bind-address:127.0.0.1", .. entry]);
        program.OutputDataReceived += (_, _) => { };
        program.BeginOutputReadLine();
        await shadow.ListensAsync(program);
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(shadow._home, ".config", "freerdp", "shadow", "shadow.crt"));
        shadow.Sha256 = Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
        return shadow;
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
        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start.");
        _programs.Add(process);
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    private async Task ListensAsync(Process program)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (true)
        {
            Assert.False(program.HasExited, "freerdp-shadow-cli ended");
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                await socket.ConnectAsync("127.0.0.1", Port, late.Token);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, late.Token);
            }
        }
    }
}
