
namespace Relais.Tests.Portal;

public sealed class SecurityHeaderTests(PortalApp app) : IClassFixture<PortalApp>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/no-such-page")]
    [InlineData("/broken")]
    [InlineData("/api/broken")]
    [InlineData("/assets/" + PortalApp.Script)]
    public async Task Every_answer_forbids_foreign_scripts_framing_and_sniffing(string path)
    {
        var response = await app.GetAsync(path, "Awa");
        var policy = Header(response, "Content-Security-Policy");
        Assert.Contains("default-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("object-src 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Contains("base-uri 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header(response, "X-Content-Type-Options"));
        Assert.Equal("same-origin", Header(response, "Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", Header(response, "Referrer-Policy"));
    }

    [Fact]
    public async Task Scripts_of_a_page_carry_the_nonce_of_its_own_policy()
    {
        var response = await app.GetAsync("/", "Awa");
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var nonce = Nonce(response);
        var scripts = html.Split("<script ")[1..];
        Assert.NotEmpty(scripts);
        Assert.All(scripts, script => Assert.Contains(nonce, System.Net.WebUtility.HtmlDecode(script.Split('>')[0]), StringComparison.Ordinal));
    }

    [Fact]
    public async Task No_two_answers_share_a_nonce() =>
        Assert.NotEqual(Nonce(await app.GetAsync("/", "Awa")), Nonce(await app.GetAsync("/", "Awa")), StringComparer.Ordinal);

    [Fact]
    public async Task Pages_hold_no_inline_style_script_or_event_handler()
    {
        foreach (var path in new[] { "/", "/no-such-page" })
        {
            var html = await app.ReadAsync(path, "Awa;administer");
            Assert.DoesNotContain(" style=", html, StringComparison.Ordinal);
            Assert.DoesNotContain("<style", html, StringComparison.Ordinal);
            Assert.DoesNotMatch(" on[a-z]+=", html);
            Assert.DoesNotContain("javascript:", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Pages_are_stored_nowhere() =>
        Assert.Contains("no-store", Header(await app.GetAsync("/", "Awa"), "Cache-Control"), StringComparison.Ordinal);

    private static string Nonce(HttpResponseMessage response) => Header(response, "Content-Security-Policy").Split("'nonce-")[1].Split('\'')[0];

    private static string Header(HttpResponseMessage response, string name) => Assert.Single(response.Headers.GetValues(name));
}
