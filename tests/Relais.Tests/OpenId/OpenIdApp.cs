using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access;
using Relais.Access.OpenId;
using Relais.Kernel.Audit;

namespace Relais.Tests.OpenId;

/// <summary>A server beside a certified issuer that nobody here wrote: npm's oidc-provider, on loopback.</summary>
public sealed class OpenIdApp : RelaisApp
{
    private const string Client = "relais";
    private const string Secret = "un secret & des signes: +%";

    private readonly int _port = TestProgram.FreePort();
    private TestProgram? _issuer;

    public string Issuer => $"http://127.0.0.1:{_port}";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        Clock.LeaveMidnight();
        await StartIssuerAsync();
    }

    public async Task StartIssuerAsync()
    {
        var library = (await TestProgram.RunAsync("bash", Path.Combine(Repository(), "scripts", "openid-library.sh"))).Trim();
        _issuer = await TestProgram.StartAsync(
            _port, "node", Path.Combine(Repository(), "tests", "servers", "OpenIdProvider", "server.mjs"), library, _port.ToString(CultureInfo.InvariantCulture), $"https://localhost:{Address.Port}");
    }

    public async Task StopIssuerAsync()
    {
        if (_issuer is not null)
            await _issuer.DisposeAsync();
        _issuer = null;
    }

    /// <summary>An issuer, as an administrator would have set it up.</summary>
    /// <returns>Where its button leads.</returns>
    public async Task<string> AddIssuerAsync(string? authority = null, bool creates = false, bool factor = false, string? groups = null, string secret = Secret, string? acr = null)
    {
        await using var scope = Services.CreateAsyncScope();
        var fields = new IssuerFields($"Institut {Guid.NewGuid():N}"[..20], authority ?? Issuer, Client, secret, NoSecret: false, "email", groups, acr, creates, factor, Enabled: true);
        var answer = await scope.ServiceProvider.GetRequiredService<EditIssuers>().SaveAsync(null, fields, Actor.System, CancellationToken.None);
        return $"/sign-in/openid/{Assert.IsType<Answer.Done>(answer).Id}";
    }

    public override async ValueTask DisposeAsync()
    {
        await StopIssuerAsync();
        await base.DisposeAsync();
    }
}

/// <summary>What happens between our button and our return address, at the issuer: with what somebody might change on the way.</summary>
internal static class OpenIdSteps
{
    /// <summary>Presses the button.</summary>
    /// <returns>Where the browser is sent.</returns>
    public static async Task<Uri> BeginAsync(this Browser browser, string button)
    {
        using var sent = await browser.Client.GetAsync(button);
        Assert.Equal(HttpStatusCode.Redirect, sent.StatusCode);
        return sent.Headers.Location!;
    }

    /// <summary>Signs in at the issuer as its page wants it.</summary>
    /// <returns>Where the browser is sent back to.</returns>
    public static async Task<Uri> AtIssuerAsync(Uri question, params (string Name, string Value)[] form)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        using var there = new HttpClient(handler);
        var at = question;
        var response = await there.GetAsync(at);
        for (var hops = 0; hops < 10; hops++)
        {
            if (response.StatusCode is HttpStatusCode.OK)
            {
                using var typed = new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));
                response.Dispose();
                response = await there.PostAsync(at, typed);
                continue;
            }

            Assert.True((int)response.StatusCode is >= 300 and < 400, $"{at}: {response.StatusCode} {await response.Content.ReadAsStringAsync()}");
            at = new Uri(at, response.Headers.Location!);
            response.Dispose();
            if (at.AbsolutePath == BeginOpenId.ReturnPath)
                return at;
            response = await there.GetAsync(at);
        }

        throw new InvalidOperationException($"Never came back from {at}");
    }

    /// <summary>All of it: the button, the issuer's page, and back.</summary>
    public static async Task<Page> ByIssuerAsync(this Browser browser, string button, string login, bool code = false)
    {
        (string, string)[] form = code ? [("login", login), ("otp", "on")] : [("login", login)];
        var back = await AtIssuerAsync(await browser.BeginAsync(button), form);
        return await browser.GetAsync(back.PathAndQuery);
    }

    public static Uri With(this Uri address, string name, string value)
    {
        var query = QueryHelpers.ParseQuery(address.Query).ToDictionary(q => q.Key, q => (string?)q.Value.ToString(), StringComparer.Ordinal);
        query[name] = value;
        return new Uri(QueryHelpers.AddQueryString(address.GetLeftPart(UriPartial.Path), query));
    }

    public static string Query(this Uri address, string name) => QueryHelpers.ParseQuery(address.Query)[name].ToString();
}
