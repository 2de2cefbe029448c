namespace Relais.Tests.Traffic;

/// <summary>The examples of deploy/ are read by the programs that they are for.</summary>
public sealed class DeployedFiles : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("relais-deploy-").FullName;

    [Fact]
    public async Task HAProxy_takes_its_file_without_a_warning()
    {
        using var certificate = ProxyOfFile.WriteCertificate(Path.Combine(_folder, "relais.pem"));
        await using var check = TestProgram.Start(
            ProxyOfFile.Program, ["-c", "-f", ProxyOfFile.FileOf("haproxy/haproxy.cfg")],
            ("RELAIS_CERTIFICATE", Path.Combine(_folder, "relais.pem")), ("RELAIS_AUTHORITY", Path.Combine(_folder, "relais.pem")));
        Assert.True(await check.EndsAsync() == 0 && !check.Said.Contains("WARNING", StringComparison.Ordinal), check.Said);
    }

    [Fact]
    public async Task Nginx_takes_its_file_without_a_warning()
    {
        using var certificate = ProxyOfFile.WriteCertificate(Path.Combine(_folder, "relais.pem"));
        var port = TestProgram.FreePort().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var given = await File.ReadAllTextAsync(ProxyOfFile.FileOf("nginx/relais.conf"));
        Assert.Contains("listen 443 ssl", given, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(_folder, "relais.conf"), given
            .Replace("/etc/nginx/relais-ca.crt", Path.Combine(_folder, "relais.pem"), StringComparison.Ordinal)
            .Replace("/etc/nginx/relais.pem", Path.Combine(_folder, "relais.pem"), StringComparison.Ordinal)
            .Replace("listen 443 ssl", $"listen 127.0.0.1:{port} ssl", StringComparison.Ordinal));
        await File.WriteAllTextAsync(Path.Combine(_folder, "nginx.conf"), $$"""
            pid {{_folder}}/pid;
            error_log stderr;
            events {}
            http {
                access_log off;
                include {{_folder}}/relais.conf;
            }
            """);
        await using var check = TestProgram.Start(ProxyOfFile.Find("nginx"), ["-t", "-e", "stderr", "-p", _folder, "-c", Path.Combine(_folder, "nginx.conf")]);
        Assert.True(await check.EndsAsync() == 0 && !check.Said.Contains("[warn]", StringComparison.Ordinal), check.Said);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
