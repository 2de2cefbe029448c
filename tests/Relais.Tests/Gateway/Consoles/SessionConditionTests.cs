using System.Globalization;
using System.Net.WebSockets;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Conditions;
using Relais.Access.Contracts;
using Relais.Gateway.Sessions;
using Relais.Tests.Access;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>Rules of access and sessions that are open already, on real sshd.</summary>
public sealed class SessionConditionTests(ConsolesApp app) : IClassFixture<ConsolesApp>
{
    [Fact]
    public async Task A_session_whose_hours_end_is_warned_and_then_closed()
    {
        await app.SetRulesAsync();
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));

        var now = Local();
        await app.SetRulesAsync(RuleBook.New("Fermé", RuleDecision.Refuse) with { Targets = ["Workstation", "Desktop"], From = At(now.AddMinutes(30)), To = At(now.AddMinutes(90)) });
        app.Clock.Advance(TimeSpan.FromMinutes(27));
        Assert.Contains("""{"notice":"ends","why":"hours","seconds":""", await ConsolesApp.NoticeAsync(socket), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(4020, await ConsolesApp.ClosedAsync(socket));
        await Desktops.DesktopsApp.UntilAsync(
            () => app.InGatewayAsync(db => db.Sessions.AnyAsync(s => s.End == SessionEnd.Barred)), TimeSpan.FromSeconds(20));
        await app.SetRulesAsync();
    }

    [Fact]
    public async Task A_rule_that_is_new_closes_what_it_refuses_and_leaves_the_rest()
    {
        await app.SetRulesAsync();
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var (barred, other) = (await app.AddPersonAsync(Roles.Contractor), await app.AddPersonAsync(Roles.Staff));
        var (first, second) = (await app.SignInAsync(barred), await app.SignInAsync(other));
        using var closed = await app.ConnectAsync(first, "/gateway/ssh", await ConsolesApp.TokenAsync(first));
        using var open = await app.ConnectAsync(second, "/gateway/ssh", await ConsolesApp.TokenAsync(second));
        Assert.Equal("ready", await ConsolesApp.TextAsync(closed));
        Assert.Equal("ready", await ConsolesApp.TextAsync(open));

        // Whoever gave no second factor cannot give one in the middle of a session: it closes, and the page leads to where it is asked for.
        await app.SetRulesAsync(RuleBook.New("Prestataires", RuleDecision.AskSecondFactor) with { Roles = [Roles.Contractor] });
        Assert.Equal(4020, await ConsolesApp.ClosedAsync(closed));
        Assert.Equal(WebSocketState.Open, open.State);
        await ConsolesApp.TypeAsync(open, "echo encore''la\n");
        await ConsolesApp.SeenAsync(open, "encorela");
        await app.SetRulesAsync();
    }

    [Fact]
    public async Task A_token_is_refused_where_the_rules_have_changed_since_it_was_given()
    {
        await app.SetRulesAsync();
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        var token = await ConsolesApp.TokenAsync(browser);
        await app.SetRulesAsync(RuleBook.New("Non", RuleDecision.Refuse) with { Targets = ["Desktop", "Workstation"], Roles = [Roles.Staff] });
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", token);
        Assert.NotEqual(1000, await ConsolesApp.ClosedAsync(socket));
        Assert.Equal(1, await app.AuditedAsync("session.token-refused", "Barred"));
        Assert.Equal(1, await app.RefusalsAsync(person));
        await app.SetRulesAsync();
    }

    private DateTime Local() => TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime;

    private static string At(DateTime local) => local.ToString("HH:mm", CultureInfo.InvariantCulture);
}
