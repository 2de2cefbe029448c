using Relais.Access.SignIns;

namespace Relais.Tests.OpenId;

public sealed class LyingIssuerTests(OpenIdApp app) : IClassFixture<OpenIdApp>
{
    private const string Untrusted = "n’est pas sûre";

    [Theory]
    [InlineData("right", null)]
    [InlineData("unsigned", Untrusted)]
    [InlineData("public key as secret", Untrusted)]
    [InlineData("stranger's key", Untrusted)]
    [InlineData("another audience", Untrusted)]
    [InlineData("asked by another", Untrusted)]
    [InlineData("another nonce", Untrusted)]
    [InlineData("another issuer", "ne vient pas du service attendu")]
    [InlineData("expired", "a pris trop de temps")]
    public async Task A_token_opens_only_what_its_issuer_signed_for_us_just_now(string lie, string? said)
    {
        var person = await app.AddPersonAsync();
        await using var issuer = await LyingIssuer.StartAsync();
        using var browser = app.OpenBrowser();
        var question = await browser.BeginAsync(await app.AddIssuerAsync(authority: issuer.Address));
        var (nonce, mail, now) = (question.Query("nonce"), $"{person.UserName}@institut.example", app.Clock.GetUtcNow());
        issuer.Token = lie switch
        {
            "unsigned" => issuer.Sign(nonce, mail, now, "none"),
            "public key as secret" => issuer.Sign(nonce, mail, now, "HS256"),
            "stranger's key" => issuer.Sign(nonce, mail, now, strange: true),
            "another audience" => issuer.Sign(nonce, mail, now, changed: ("aud", "une autre application")),
            "asked by another" => issuer.Sign(nonce, mail, now, changed: [("aud", new[] { "relais", "une autre application" }), ("azp", "une autre application")]),
            "another nonce" => issuer.Sign("autre", mail, now),
            "another issuer" => issuer.Sign(nonce, mail, now, changed: ("iss", "https://ailleurs.example")),
            "expired" => issuer.Sign(nonce, mail, now.AddHours(-1)),
            _ => issuer.Sign(nonce, mail, now),
        };
        var page = await browser.GetAsync($"/sign-in/openid/return?code=x&state={question.Query("state")}");
        if (said is null)
        {
            Assert.Equal("/", page.Path);
            return;
        }

        Assert.Contains(said, page.Alert, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(SignInCookie.Name));
    }

    [Fact]
    public async Task An_issuer_that_calls_itself_another_is_not_asked()
    {
        await using var issuer = await LyingIssuer.StartAsync();
        issuer.Name = app.Issuer;
        using var browser = app.OpenBrowser();
        Assert.Contains("ne vient pas du service attendu", (await browser.GetAsync(await app.AddIssuerAsync(authority: issuer.Address))).Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_names_another_issuer_opens_nothing()
    {
        await using var issuer = await LyingIssuer.StartAsync();
        using var browser = app.OpenBrowser();
        var question = await browser.BeginAsync(await app.AddIssuerAsync(authority: issuer.Address));
        var page = await browser.GetAsync($"/sign-in/openid/return?code=x&state={question.Query("state")}&iss=https%3A%2F%2Failleurs.example");
        Assert.Contains("ne vient pas du service attendu", page.Alert, StringComparison.Ordinal);
    }
}
