using System.Net;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Portal;
using Relais.Portal.Navigation;

namespace Relais.Tests.Portal;

/// <summary>
/// The portal alone on a real Kestrel, with files as web/build.sh leaves them and one page-less module. Who asks is said by the
/// header "Person", because signing in belongs to another module.
/// </summary>
public sealed class PortalApp : IAsyncLifetime
{
    public const string Script = "portal-Ab12Cd34.js";
    public const string Administer = "administer";

    private readonly DirectoryInfo _web = Directory.CreateTempSubdirectory("relais-web-");
    private readonly X509Certificate2 _certificate = Certificate();
    private WebApplication? _app;

    public HttpClient Client { get; private set; } = new();

    public async ValueTask InitializeAsync()
    {
        WriteAssets(_web.FullName);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "relais", ContentRootPath = AppContext.BaseDirectory });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate)));
        builder.Configuration.AddInMemoryCollection([new("Portal:WebRoot", _web.FullName)]);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddPortal();
        builder.Services.AddNavigation(new("/studies", typeof(PortalTexts), "Home", "book", null, 1));
        builder.Services.AddNavigation(new("/people", typeof(PortalTexts), "Account", "people", Administer, 1, NavigationGroup.Administration));
        builder.Services.AddAuthentication("test").AddScheme<AuthenticationSchemeOptions, SaidByHeader>("test", null);
        builder.Services.AddAuthorizationBuilder().AddPolicy(Administer, policy => policy.RequireRole(Administer));
        _app = builder.Build();
        _app.UsePortal();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _app.UseAntiforgery();
        _app.MapGet("/broken", string () => throw new InvalidOperationException("A secret of the server"));
        _app.MapGet("/api/broken", string () => throw new InvalidOperationException("A secret of the server"));
        _app.MapGet("/people", () => TypedResults.Ok()).RequireAuthorization(Administer);
        _app.MapPortal();
        await _app.StartAsync();
        Client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { _certificate }, RevocationMode = X509RevocationMode.NoCheck } },
        })
        {
            BaseAddress = new Uri(_app.Urls.First()),
        };
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_app is not null)
            await _app.DisposeAsync();
        _certificate.Dispose();
        _web.Delete(recursive: true);
    }

    public async Task<HttpResponseMessage> GetAsync(string path, string? person = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (person is not null)
            request.Headers.Add("Person", person);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<string> ReadAsync(string path, string? person = null, params (string Name, string Value)[] headers)
    {
        var response = await GetAsync(path, person, headers);
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return WebUtility.HtmlDecode(html);
    }

    private static X509Certificate2 Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
    }

    private static void WriteAssets(string folder)
    {
        File.WriteAllText(Path.Combine(folder, Script), "export {}");
        File.WriteAllText(Path.Combine(folder, Script + ".br"), "compressed");
        File.WriteAllText(Path.Combine(folder, "portal-Ef56.css"), "body{}");
        File.WriteAllText(
            Path.Combine(folder, "manifest.json"),
            $$"""
            {
              "src/entries/portal.ts": { "file": "{{Script}}", "src": "src/entries/portal.ts", "isEntry": true, "css": ["portal-Ef56.css"] }
            }
            """);
    }

    /// <summary>"Person: Awa" is Awa; "Person: Awa;administer" has that role too.</summary>
    private sealed class SaidByHeader(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logs, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logs, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            if (Request.Headers["Person"].ToString() is not { Length: > 0 } person)
                return Task.FromResult(AuthenticateResult.NoResult());
            var parts = person.Split(';');
            var claims = parts[1..].Select(role => new Claim(ClaimTypes.Role, role)).Prepend(new Claim("relais:name", parts[0]));
            return Task.FromResult(AuthenticateResult.Success(new(new(new ClaimsIdentity(claims, Scheme.Name)), Scheme.Name)));
        }
    }
}
