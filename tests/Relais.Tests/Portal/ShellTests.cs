using System.Net;

namespace Relais.Tests.Portal;

public sealed class ShellTests(PortalApp app) : IClassFixture<PortalApp>
{
    [Fact]
    public async Task A_browser_that_asks_for_English_gets_English()
    {
        var html = await app.ReadAsync("/", "Awa", ("Accept-Language", "en-GB,fr;q=0.5"));
        Assert.Contains("<html lang=\"en\"", html, StringComparison.Ordinal);
        Assert.Contains("Hello, Awa", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_browser_that_asks_for_neither_language_gets_French()
    {
        var html = await app.ReadAsync("/", "Awa", ("Accept-Language", "de"));
        Assert.Contains("<html lang=\"fr\"", html, StringComparison.Ordinal);
        Assert.Contains("Bonjour, Awa", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_chosen_language_wins_over_the_browser()
    {
        var html = await app.ReadAsync("/", "Awa", ("Accept-Language", "fr"), ("Cookie", ".AspNetCore.Culture=c%3Den%7Cuic%3Den"));
        Assert.Contains("Hello, Awa", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Navigation_shows_only_what_the_person_may_open()
    {
        Assert.DoesNotContain("href=\"/people\"", await app.ReadAsync("/", "Awa"), StringComparison.Ordinal);
        Assert.Contains("href=\"/people\"", await app.ReadAsync("/", "Awa;administer"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_with_markup_is_shown_as_text()
    {
        var response = await app.GetAsync("/", "<img src=x onerror=alert(1)>");
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("<img", html, StringComparison.Ordinal);
        Assert.Contains("&lt;img", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_theme_of_the_cookie_is_in_the_page_from_its_first_byte()
    {
        Assert.Contains("data-theme=\"dark\"", await app.ReadAsync("/", "Awa", ("Cookie", "relais-theme=dark")), StringComparison.Ordinal);
        Assert.Contains("data-theme=\"auto\"", await app.ReadAsync("/", "Awa", ("Cookie", "relais-theme=\"><script>")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choosing_a_theme_without_the_forms_token_is_refused()
    {
        using var form = new FormUrlEncodedContent([new("theme", "dark"), new("returnUrl", "/")]);
        var response = await app.Client.PostAsync("/theme", form, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
