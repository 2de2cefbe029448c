using System.Net;
using Relais.Access.Conditions;
using Relais.Tests.Access;

namespace Relais.Tests.Apps;

/// <summary>Rules of access where internal apps are opened, and while they are.</summary>
public sealed class AppConditions(AppsApp app) : IClassFixture<AppsApp>
{
    [Fact]
    public async Task An_app_that_is_open_stops_as_soon_as_a_rule_refuses_it_and_the_portal_says_why()
    {
        await app.SetRulesAsync();
        var person = await app.AddMemberAsync();
        using var browser = await app.SignInAsync(person);
        Assert.Equal(app.UrlOf("pilotage"), (await browser.VisitAsync(app.UrlOf("pilotage"))).Address);
        using var stream = await browser.ListenAsync(app.UrlOf("echo", "/"));

        await app.SetRulesAsync(RuleBook.New("Applications fermées", RuleDecision.Refuse) with { Targets = ["App"], Words = "Demandez à votre chef de projet." });
        var page = await browser.VisitAsync(app.UrlOf("pilotage"));
        Assert.Equal((HttpStatusCode.Forbidden, "/apps/open"), (page.Status, page.Path));
        Assert.Contains("chef de projet", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Applications fermées", page.Html, StringComparison.Ordinal);
        Assert.Equal(1, await app.RefusalsAsync(person));
        await app.SetRulesAsync();
        Assert.Equal(app.UrlOf("pilotage"), (await browser.VisitAsync(app.UrlOf("pilotage"))).Address);
    }

    [Fact]
    public async Task An_app_asks_whoever_gave_no_second_factor_at_the_portal()
    {
        await app.SetRulesAsync();
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        await app.SetRulesAsync(RuleBook.New("Applications", RuleDecision.AskSecondFactor) with { Targets = ["App"] });
        var page = await browser.VisitAsync(app.UrlOf("pilotage"));
        Assert.Equal("/account/second-factor", page.Path);
        Assert.Contains("/account/authenticator", page.Html, StringComparison.Ordinal);
        await app.SetRulesAsync();
    }
}
