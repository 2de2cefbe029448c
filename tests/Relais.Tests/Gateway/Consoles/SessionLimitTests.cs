using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Sessions;

namespace Relais.Tests.Gateway.Consoles;

/// <summary>How many sessions there may be, and for how long.</summary>
[InChromium]
public sealed class SessionLimitTests(SessionLimitTests.ShortApp app) : IClassFixture<SessionLimitTests.ShortApp>
{
    public sealed class ShortApp : ConsolesApp
    {
        public ShortApp()
        {
            Settings["Gateway:SessionTime"] = "01:00:00";
            Settings["Gateway:SessionsPerNode"] = "2";
        }
    }

    [Fact]
    public async Task A_person_has_five_sessions_at_once_and_is_refused_a_sixth()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        for (var session = 0; session < 5; session++)
            await ConsolesApp.TokenAsync(browser);
        using var sixth = await browser.PostJsonAsync(ConsolesApp.Open, new { takeOver = true });
        Assert.Contains("TooMany", await sixth.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await app.AuditedAsync("session.refused", "sessions-per-person"));
    }

    [Fact]
    public async Task Wrong_passwords_do_not_use_up_the_sessions_of_a_person()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync("ce n'est pas lui");
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
            Assert.Equal(4010, await ConsolesApp.ClosedAsync(socket));
        }

        await Desktops.DesktopsApp.UntilAsync(
            () => app.InGatewayAsync(db => db.Sessions.Where(s => s.PersonId == person.Id).AllAsync(s => s.End == SessionEnd.Refused)), TimeSpan.FromSeconds(20));
        await ConsolesApp.TokenAsync(browser);
    }

    [Fact]
    public async Task A_full_node_grants_nothing_and_closes_what_was_granted_before()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        var tokens = new[] { await ConsolesApp.TokenAsync(browser), await ConsolesApp.TokenAsync(browser), await ConsolesApp.TokenAsync(browser) };
        using var first = await app.ConnectAsync(browser, "/gateway/ssh", tokens[0]);
        using var second = await app.ConnectAsync(browser, "/gateway/ssh", tokens[1]);
        await ConsolesApp.TextAsync(first);
        await ConsolesApp.TextAsync(second);

        using var third = await app.ConnectAsync(browser, "/gateway/ssh", tokens[2]);
        Assert.Equal(4008, await ConsolesApp.ClosedAsync(third));
        using var fourth = await browser.PostJsonAsync(ConsolesApp.Open, new { takeOver = true });
        Assert.Contains("Full", await fourth.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, await app.AuditedAsync("session.refused", "sessions-per-node"));
    }

    [Fact]
    public async Task The_page_is_warned_before_the_longest_time_is_over_and_then_closed()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));

        app.Clock.Advance(TimeSpan.FromMinutes(56));
        Assert.Contains("""{"notice":"ends","why":"time","seconds":2""", await ConsolesApp.NoticeAsync(socket), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(4006, await ConsolesApp.ClosedAsync(socket));
    }

    [Fact]
    public async Task The_warning_is_seen_in_the_page()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await app.ShowAsync(chromium, "ssh", await app.AddPersonAsync(Roles.Staff));
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });

        app.Clock.Advance(TimeSpan.FromMinutes(57));
        await page.WaitForSelectorAsync("text=/Cette session se ferme dans [1-5] min/");
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        await page.WaitForSelectorAsync("text=Session fermée : elle a duré le temps permis");
        Assert.False(await page.IsVisibleAsync("[data-part=notice]"));
    }
}

/// <summary>Sessions in which nothing happens.</summary>
public sealed class IdleSessionTests(IdleSessionTests.IdleApp app) : IClassFixture<IdleSessionTests.IdleApp>
{
    public sealed class IdleApp : ConsolesApp
    {
        public IdleApp()
        {
            Settings["Gateway:IdleTime"] = "01:00:00";
            Settings["Gateway:SessionTime"] = "00:00:00";
        }
    }

    [Fact]
    public async Task A_key_keeps_a_session_open_whose_page_was_warned_and_silence_ends_it()
    {
        await using var sshd = await Sshd.StartAsync();
        app.Target = await sshd.TargetAsync();
        var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));
        // The prompt is something that happens, and it has been seen.
        await ConsolesApp.TypeAsync(socket, "stty -echo; PS1=; echo a''lles\n");
        await ConsolesApp.SeenAsync(socket, "alles");
        await QuietAsync();

        app.Clock.Advance(TimeSpan.FromMinutes(56));
        Assert.Contains("\"why\":\"idle\"", await ConsolesApp.NoticeAsync(socket), StringComparison.Ordinal);
        await ConsolesApp.TypeAsync(socket, "\n");
        Assert.Contains("goes-on", await ConsolesApp.NoticeAsync(socket), StringComparison.Ordinal);
        app.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal(4004, await ConsolesApp.ClosedAsync(socket));
    }

    // Until the watch has looked twice at the one session and nothing came in between.
    private async Task QuietAsync()
    {
        var (seen, bytes, quiet) = (DateTimeOffset.MinValue, -1L, 0);
        await Desktops.DesktopsApp.UntilAsync(
            async () =>
            {
                var row = await app.InGatewayAsync(db => db.Sessions.AsNoTracking().SingleAsync(s => s.EndedAt == null));
                if (row.SeenAt == seen)
                    return false;
                quiet = row.ToClientBytes == bytes ? quiet + 1 : 0;
                (seen, bytes) = (row.SeenAt, row.ToClientBytes);
                return quiet >= 2;
            },
            TimeSpan.FromSeconds(30));
    }
}
