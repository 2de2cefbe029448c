using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Access.Bench;

/// <summary>Debian's HAProxy with the file of deploy/haproxy, and an OpenSSH server for terminals.</summary>
internal sealed class Front : IDisposable
{
    private readonly List<Process> _programs = [];

    public Uri StartProxy(string folder, IReadOnlyList<Node> nodes)
    {
        var port = Node.FreePort();
        var certificate = Path.Combine(folder, "proxy.pem");
        WriteCertificate(certificate);
        var authorities = Path.Combine(folder, "authorities.pem");
        File.WriteAllText(authorities, string.Join('\n', nodes.Select(n => File.ReadAllText(Path.Combine(n.Folder, "tls", "ca.crt")))));
        var start = new ProcessStartInfo(Program("haproxy"), ["-f", Path.GetFullPath("deploy/haproxy/haproxy.cfg")]) { UseShellExecute = false, RedirectStandardOutput = true };
        start.Environment["RELAIS_BIND"] = $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}";
        start.Environment["RELAIS_CERTIFICATE"] = certificate;
        start.Environment["RELAIS_AUTHORITY"] = authorities;
        for (var i = 0; i < nodes.Count; i++)
            start.Environment[$"PORTAL_{i + 1}"] = $"127.0.0.1:{nodes[i].Port.ToString(CultureInfo.InvariantCulture)}";
        Start(start);
        return new Uri($"https://localhost:{port.ToString(CultureInfo.InvariantCulture)}");
    }

    /// <returns>Its port, and the private key that it accepts.</returns>
    public (int Port, string Key) StartShells(string folder)
    {
        var port = Node.FreePort();
        foreach (var key in new[] { "host", "user" })
        {
            using var made = Process.Start("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", Path.Combine(folder, key)]);
            made.WaitForExit();
        }

        if (Environment.IsPrivilegedProcess)
            Directory.CreateDirectory("/run/sshd");
        File.WriteAllText(Path.Combine(folder, "sshd_config"), $"""
            ListenAddress 127.0.0.1:{port}
            HostKey {folder}/host
            AuthorizedKeysFile {folder}/user.pub
            PidFile none
            StrictModes no
            UsePAM no
            PermitRootLogin yes
            MaxStartups 100
            """);
        Start(new ProcessStartInfo(Program("sshd"), ["-D", "-f", Path.Combine(folder, "sshd_config")]) { UseShellExecute = false, RedirectStandardOutput = true });
        return (port, File.ReadAllText(Path.Combine(folder, "user")));
    }

    public void Dispose()
    {
        foreach (var program in _programs)
        {
            program.Kill(entireProcessTree: true);
            program.Dispose();
        }
    }

    private void Start(ProcessStartInfo start)
    {
        var program = Process.Start(start) ?? throw new InvalidOperationException($"{start.FileName} did not start");
        program.OutputDataReceived += static (_, _) => { };
        program.BeginOutputReadLine();
        _programs.Add(program);
    }

    private static string Program(string name) => new[] { $"/usr/sbin/{name}", $"/usr/bin/{name}" }.FirstOrDefault(File.Exists) ?? name;

    private static void WriteCertificate(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256).CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
    }
}
