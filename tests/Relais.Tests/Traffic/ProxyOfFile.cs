using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Tests.Traffic;

/// <summary>HAProxy with the file of deploy/haproxy; its environment says where everything is.</summary>
internal sealed class ProxyOfFile : IAsyncDisposable
{
    private readonly TestProgram _program;
    private readonly X509Certificate2 _certificate;

    private ProxyOfFile(TestProgram program, X509Certificate2 certificate, int port) =>
        (_program, _certificate, Address) = (program, certificate, new Uri($"https://localhost:{port.ToString(CultureInfo.InvariantCulture)}"));

    public static string Program => Find("haproxy");

    public Uri Address { get; }

    /// <summary>Where a program of the system is that is not on everybody's path.</summary>
    public static string Find(string name) => new[] { $"/usr/sbin/{name}", $"/usr/bin/{name}" }.FirstOrDefault(File.Exists) ?? name;

    public static string FileOf(string part) => Path.Combine(RelaisApp.Repository(), "deploy", part);

    /// <summary>The first is only a collector; the portal is at the others.</summary>
    public static async Task<ProxyOfFile> StartAsync(ServerProcess[] servers)
    {
        var port = TestProgram.FreePort();
        var certificate = WriteCertificate(Path.Combine(servers[0].Folder, "proxy.pem"));
        var authorities = Path.Combine(servers[0].Folder, "authorities.pem");
        await File.WriteAllTextAsync(authorities, string.Join('\n', servers.Select(s => s.Authority.ExportCertificatePem())));
        var program = TestProgram.Start(Program, ["-f", FileOf("haproxy/haproxy.cfg")], [
            ("RELAIS_BIND", $"127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}"), ("RELAIS_CERTIFICATE", Path.Combine(servers[0].Folder, "proxy.pem")), ("RELAIS_AUTHORITY", authorities),
            .. servers.Select((s, i) => ($"COLLECTOR_{i + 1}", $"127.0.0.1:{s.HttpPort}")),
            .. servers.Skip(1).Select((s, i) => ($"PORTAL_{i + 1}", $"127.0.0.1:{s.Address.Port}")),
        ]);
        await program.ListensAsync(port);
        return new ProxyOfFile(program, certificate, port);
    }

    /// <summary>Signs somebody in through the proxy.</summary>
    public async Task<Browser> SignInAsync(string person, string password)
    {
        var browser = new Browser(Address, _certificate, IPAddress.Loopback);
        var page = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", person), ("Password", password));
        Assert.Equal("/", page.Path);
        return browser;
    }

    public async ValueTask DisposeAsync()
    {
        await _program.DisposeAsync();
        _certificate.Dispose();
    }

    /// <summary>A certificate and its key in one file, as HAProxy and nginx read them.</summary>
    public static X509Certificate2 WriteCertificate(string path)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        File.WriteAllText(path, $"{certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
        return certificate;
    }
}
