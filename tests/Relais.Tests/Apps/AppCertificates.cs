using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;
using Relais.Gateway.Apps;
using Relais.Kernel.Audit;

namespace Relais.Tests.Apps;

public sealed class AppCertificates(AppCertificates.OwnCertificate app) : IClassFixture<AppCertificates.OwnCertificate>
{
    [Theory]
    [InlineData("relais.example")]
    [InlineData("pilotage.relais.example")]
    [InlineData("elsewhere.example")]
    public async Task The_operators_certificate_is_shown_for_every_name(string name) =>
        Assert.Equal("CN=relais.example", (await ShownAsync(app, name)).Subject);

    internal static async Task<X509Certificate2> ShownAsync(RelaisApp app, string name)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync("127.0.0.1", app.Address.Port);
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false, (_, certificate, _, _) => certificate is not null);
        await tls.AuthenticateAsClientAsync(name);
        return new X509Certificate2(tls.RemoteCertificate!);
    }

    public sealed class OwnCertificate : RelaisApp
    {
        private readonly string _file = Path.Combine(Path.GetTempPath(), $"relais-test-{Guid.NewGuid():N}.pem");

        public OwnCertificate()
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=relais.example", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("relais.example");
            names.AddDnsName("*.relais.example");
            request.CertificateExtensions.Add(names.Build());
            using var made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(99));
            File.WriteAllText(_file, $"{made.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}\n");
            Settings["Relais:Certificate"] = _file;
            Settings["Relais:Names:0"] = "relais.example";
        }

        public override async ValueTask InitializeAsync()
        {
            await base.InitializeAsync();
            await using var scope = Services.CreateAsyncScope();
            var fields = AppFields.New with { Name = "Pilotage", Label = "pilotage", Upstream = "http://10.0.0.5:8080" };
            Assert.IsType<AppSave.Saved>(await scope.ServiceProvider.GetRequiredService<EditApps>().PublishAsync(fields, Actor.System, CancellationToken.None));
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            File.Delete(_file);
        }
    }
}

public sealed class AppCertificatesOfTheLocalAuthority(AppsApp app) : IClassFixture<AppsApp>
{
    [Fact]
    public async Task An_app_is_shown_with_a_certificate_of_its_own_from_when_it_is_published()
    {
        Assert.Equal("CN=localhost", (await AppCertificates.ShownAsync(app, "nouvelle.localhost")).Subject);
        await app.PublishAsync("Nouvelle", "nouvelle", "http://10.0.0.5:8080");
        using var shown = await AppCertificates.ShownAsync(app, "nouvelle.localhost");
        Assert.True(shown.MatchesHostname("nouvelle.localhost"));
        using var authority = X509CertificateLoader.LoadCertificateFromFile(Path.Combine(app.DataFolder, "tls", "ca.crt"));
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        Assert.True(chain.Build(shown));
        Assert.Equal("CN=localhost", (await AppCertificates.ShownAsync(app, "localhost")).Subject);
    }
}
