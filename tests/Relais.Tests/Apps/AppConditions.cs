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
        await browser.VisitAsync(app.UrlOf("echo", "/headers"));
        using var stream = await browser.ListenAsync(app.UrlOf("echo", "/events"));
        await using var events = await stream.Content.ReadAsStreamAsync();
        Assert.True(await events.ReadAsync(new byte[64]) > 0);

        await app.SetRulesAsync(RuleBook.New("Applications fermées", RuleDecision.Refuse) with { Targets = ["App"], Words = "Demandez à votre chef de projet." });
        var page = await browser.VisitAsync(app.UrlOf("pilotage"));
        Assert.Equal((HttpStatusCode.Forbidden, "/apps/open"), (page.Status, page.Path));
        Assert.Contains("chef de projet", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Applications fermées", page.Html, StringComparison.Ordinal);
        Assert.Equal(1, await app.RefusalsAsync(person));
        await EndsAsync(events);
        await app.SetRulesAsync();
        Assert.Equal(app.UrlOf("pilotage"), (await browser.VisitAsync(app.UrlOf("pilotage"))).Address);
    }

    // Cut as it is, or at its end: the browser's side of a stream that the gateway stops.
    private static async Task EndsAsync(Stream events)
    {
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            while (await events.ReadAsync(new byte[64], late.Token) > 0)
            {
                // What was on its way.
            }
        }
        catch (IOException)
        {
            // Cut.
        }
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
