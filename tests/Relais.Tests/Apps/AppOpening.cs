using System.Net;
using Relais.Gateway.Apps;

namespace Relais.Tests.Apps;

public sealed class AppOpening(AppsApp app) : IClassFixture<AppsApp>
{
    private const string Portals = "__Host-relais";

    [Fact]
    public async Task A_person_opens_an_app_from_the_portal_and_the_app_knows_who_they_are()
    {
        var person = await app.AddMemberAsync();
        using var browser = await app.SignInAsync(person);
        var home = await browser.GetAsync("/");
        Assert.Contains("Applications internes", home.Text, StringComparison.Ordinal);
        var tile = home.Document.QuerySelectorAll(".tiles a").Single(a => a.TextContent.Trim() == "Pilotage");
        var page = await browser.VisitAsync(new Uri(tile.GetAttribute("href")!));
        Assert.Equal(app.UrlOf("pilotage"), page.Address);
        Assert.Equal($"Personne {person.UserName}", page.Document.GetElementById("personne")!.TextContent);
        Assert.Contains("(Études)", page.Text, StringComparison.Ordinal);
        Assert.True(await app.AuditedAsync("app.opened", "signIn") > 0);
    }

    [Fact]
    public async Task Whoever_is_in_none_of_its_groups_neither_sees_nor_opens_an_app()
    {
        using var browser = await app.SignInAsync(await app.AddPersonAsync());
        Assert.DoesNotContain("Pilotage", (await browser.GetAsync("/")).Text, StringComparison.Ordinal);
        var page = await browser.VisitAsync(app.UrlOf("pilotage"));
        Assert.Equal((HttpStatusCode.Forbidden, "localhost"), (page.Status, page.Address.Host));
        Assert.Contains("ne vous est pas ouverte", page.Text, StringComparison.Ordinal);
        Assert.Null(browser.Cookies.GetCookies(app.UrlOf("pilotage"))[AppCookies.Visit]);
    }

    [Fact]
    public async Task A_person_who_opens_a_deep_link_unsigned_comes_back_to_it_after_signing_in()
    {
        var person = await app.AddMemberAsync();
        using var browser = app.OpenBrowser();
        var deep = app.UrlOf("pilotage", "/enquetes/mobilites?vue=%C3%A9tendue&x=1%2F2");
        var signIn = await browser.VisitAsync(deep);
        Assert.Equal("/sign-in", signIn.Path);
        var between = await browser.SubmitAsync(signIn, ("UserName", person.UserName), ("Password", person.Password));
        var page = await browser.VisitAsync(between.Onward() ?? throw new InvalidOperationException(between.Text));
        Assert.Equal(deep, page.Address);
        Assert.Contains("Mobilités du quotidien", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_portals_cookie_opens_no_app_and_an_apps_cookie_no_portal_and_no_other_app()
    {
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        await browser.VisitAsync(app.UrlOf("pilotage"));
        var portals = browser.Cookie(Portals)!;
        var pilotages = browser.Cookies.GetCookies(app.UrlOf("pilotage"))[AppCookies.Visit]!.Value;
        Assert.NotEqual(portals, pilotages);

        using var other = app.OpenBrowser();
        foreach (var (address, name, value) in new[]
        {
            (app.UrlOf("pilotage"), Portals, portals), (app.UrlOf("pilotage"), AppCookies.Visit, portals), (app.UrlOf("echo"), AppCookies.Visit, pilotages),
        })
        {
            using var answer = await other.SendAsync(HttpMethod.Get, address, ("Cookie", $"{name}={value}"));
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        using var portal = await other.SendAsync(HttpMethod.Get, app.Address, ("Cookie", $"{Portals}={pilotages}; {AppCookies.Visit}={pilotages}"));
        Assert.Equal(HttpStatusCode.Redirect, portal.StatusCode);
        Assert.StartsWith("/sign-in", portal.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_apps_cookie_is_for_its_own_host_over_https_and_out_of_reach_of_scripts()
    {
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        var enter = await EntryAsync(browser, "pilotage", "/");
        using var answer = await browser.NavigateAsync(enter);
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith($"{AppCookies.Visit}=", StringComparison.Ordinal));
        foreach (var part in new[] { "secure", "httponly", "samesite=lax", "path=/" })
            Assert.Contains(part, cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("/a\r\nLocation: https://evil.example/")]
    [InlineData("/\t/evil.example")]
    [InlineData("evil.example")]
    [InlineData("@evil.example")]
    [InlineData("/.relais/enter?code=x")]
    [InlineData("/é")]
    public async Task A_way_back_that_leads_elsewhere_is_the_apps_first_page(string to)
    {
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        using var first = await browser.NavigateAsync(app.UrlOf("echo", "/headers"));
        var step = System.Web.HttpUtility.ParseQueryString(first.Headers.Location!.Query)["step"];
        var between = await browser.GetAsync($"/apps/open?app=echo&step={step}&to={Uri.EscapeDataString(to)}");
        var onward = between.Onward()!;
        Assert.Equal(app.OriginOf("echo"), onward.GetLeftPart(UriPartial.Authority));
        Assert.Equal("/", System.Web.HttpUtility.ParseQueryString(onward.Query)["to"]);

        var code = System.Web.HttpUtility.ParseQueryString(onward.Query)["code"];
        using var answer = await browser.NavigateAsync(app.UrlOf("echo", $"/.relais/enter?code={code}&to={Uri.EscapeDataString(to)}"));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("/", answer.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task A_code_opens_once_in_time_in_the_browser_that_asked_and_at_the_app_it_is_for()
    {
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        using var stranger = app.OpenBrowser();

        var enter = await EntryAsync(browser, "echo", "/headers");
        await RefusedAsync(stranger, enter, "other-browser");
        await RefusedAsync(browser, new Uri(enter.AbsoluteUri.Replace("echo.", "pilotage.", StringComparison.Ordinal)), "other-app");
        await RefusedAsync(browser, app.UrlOf("echo", $"/.relais/enter?to=%2F&code={AppCookies.NewToken()}"), "unknown");

        using (var good = await browser.NavigateAsync(enter))
            Assert.Equal((HttpStatusCode.Redirect, "/headers"), (good.StatusCode, good.Headers.Location!.OriginalString));
        browser.Cookies.GetCookies(app.UrlOf("echo"))[AppCookies.Visit]!.Expired = true;
        await RefusedAsync(browser, enter, "used");

        var late = await EntryAsync(browser, "echo", "/headers");
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        await RefusedAsync(browser, late, "expired");
    }

    [Fact]
    public async Task A_code_whose_person_signed_out_since_is_refused()
    {
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        var enter = await EntryAsync(browser, "echo", "/");
        await browser.SubmitAsync(await browser.GetAsync("/"), "/sign-out");
        await RefusedAsync(browser, enter, "access-withdrawn");
    }

    [Fact]
    public async Task Of_two_redemptions_at_once_one_wins()
    {
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        var enter = await EntryAsync(browser, "echo", "/");
        var step = browser.Cookies.GetCookies(app.UrlOf("echo"))[AppCookies.Step]!.Value;
        using var clean = app.OpenBrowser();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => clean.SendAsync(HttpMethod.Get, enter, ("Cookie", $"{AppCookies.Step}={step}"))));
        Assert.Equal(1, answers.Count(a => a.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith($"{AppCookies.Visit}=", StringComparison.Ordinal))));
    }

    // The address at the app's host that carries the code.
    private async Task<Uri> EntryAsync(Browser browser, string label, string path)
    {
        using var asked = await browser.NavigateAsync(app.UrlOf(label, path));
        var between = await browser.GetAsync(asked.Headers.Location!.PathAndQuery);
        return between.Onward() ?? throw new InvalidOperationException(between.Text);
    }

    private async Task RefusedAsync(Browser browser, Uri enter, string why)
    {
        var before = await app.AuditedAsync("app.code-refused", $"\"{why}\"");
        using var answer = await browser.NavigateAsync(enter);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("ne vaut plus", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(before + 1, await app.AuditedAsync("app.code-refused", $"\"{why}\""));
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(c => c.StartsWith($"{AppCookies.Visit}=", StringComparison.Ordinal)));
    }
}
