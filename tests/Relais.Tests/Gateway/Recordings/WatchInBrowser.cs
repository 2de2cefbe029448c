using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Watching;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Recordings;

/// <summary>A supervisor who asks to see somebody's session, each in a real Chromium.</summary>
[InChromium]
public sealed class WatchInBrowser(ConsolesApp app, NlaWorkstation workstation) : IClassFixture<ConsolesApp>, IClassFixture<NlaWorkstation>
{
    private const string Rows = "document.querySelector('.xterm-rows')?.innerText.replaceAll('\\u00a0', ' ') ?? ''";

    private const string ShowsBlue = """
        () => { const c = document.querySelector('.replay-place canvas, .remote-place canvas'); if (!c?.width) return false;
          const [r, g, b] = c.getContext('2d').getImageData(300, 300, 1, 1).data;
          return Math.abs(r - 0x20) < 8 && Math.abs(g - 0x40) < 8 && Math.abs(b - 0x80) < 8; }
        """;

    [Fact]
    public async Task A_terminal_is_seen_after_its_person_agreed_and_until_they_stop_it()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var (person, page) = await OpenAsync(chromium, await sshd.TargetAsync(), "ssh");
        await page.Keyboard.InsertTextAsync("echo avant $((20 + 1))");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForFunctionAsync($"() => ({Rows}).includes('\\navant 21')");

        var watch = await AskAsync(chromium, person);
        await page.WaitForSelectorAsync("text=/Personne p\\w+ demande à voir cette session, sans y toucher/");
        Assert.DoesNotContain("avant", await watch.EvaluateAsync<string>(Rows), StringComparison.Ordinal);
        await page.ClickAsync("[data-part=watch-accept]");
        await watch.WaitForFunctionAsync($"() => ({Rows}).includes('\\navant 21')");
        await page.WaitForSelectorAsync("text=/Observée par Personne p\\w+/");

        await page.Keyboard.InsertTextAsync("echo pendant $((20 + 2))");
        await page.Keyboard.PressAsync("Enter");
        await watch.WaitForFunctionAsync($"() => ({Rows}).includes('\\npendant 22')");
        await page.ClickAsync("[data-part=watch-stop]");
        await watch.WaitForSelectorAsync("text=L’observation est terminée.");
        await page.WaitForSelectorAsync("[data-part=watched]", new() { State = WaitForSelectorState.Hidden });
        var id = await app.InGatewayAsync(db => db.Watches.Where(w => w.PersonId == person.Id).Select(w => w.Id).SingleAsync());
        foreach (var action in new[] { "session.watch-asked", "session.watch-accepted", "session.watch-over" })
            Assert.Equal(1, await app.AuditedAsync(action, id.ToString()));
    }

    [Fact]
    public async Task A_screen_is_seen_while_its_person_goes_on()
    {
        await using var xvnc = await Xvnc.StartAsync();
        await xvnc.ShowTerminalAsync();
        await using var chromium = await Chromium.StartAsync();
        var (person, page) = await OpenAsync(chromium, xvnc.Target(), "vnc");
        await page.WaitForFunctionAsync(ShowsBlue);

        var watch = await AskAsync(chromium, person);
        await page.ClickAsync("[data-part=watch-accept]");
        await watch.WaitForFunctionAsync(ShowsBlue);
        // The person's own screen goes on.
        Assert.False(await page.IsVisibleAsync("[data-part=overlay]"));
    }

    [Theory]
    [InlineData(ClipboardPolicy.None)]
    [InlineData(ClipboardPolicy.Both)]
    public async Task An_RDP_workstation_is_seen_by_somebody_who_joins_in_its_midst(ClipboardPolicy clipboard)
    {
        await using var chromium = await Chromium.StartAsync();
        app.Clipboard = clipboard;
        var target = new SessionTarget(
            Sshd.Kind, Guid.CreateVersion7(), "Poste d'Anne", workstation.Address, ShadowWorkstation.Anne.UserName, ShadowWorkstation.Anne.Password,
            workstation.Pin, RdpSecurity.Nla);
        var (person, page) = await OpenAsync(chromium, target, "rdp");
        await page.WaitForFunctionAsync(RdpReplayInBrowser.MiddleIsWhite, null, new() { Timeout = 60_000 });

        var said = new List<string>();
        var watch = await AskAsync(chromium, person);
        watch.Console += (_, message) => said.Add(message.Text);
        await page.ClickAsync("[data-part=watch-accept]");
        try
        {
            await watch.WaitForFunctionAsync(RdpReplayInBrowser.MiddleIsWhite, null, new() { Timeout = 60_000 });
        }
        catch (TimeoutException)
        {
            Assert.Fail(string.Join('\n', said));
        }

        Assert.True(await watch.EvaluateAsync<bool>(RdpReplayInBrowser.IsWithinItsPlace));
        Assert.False(await page.IsVisibleAsync("[data-part=overlay]"));
        await page.ClickAsync("[data-part=watch-stop]");
        await watch.WaitForSelectorAsync("text=L’observation est terminée.");
    }

    [Fact]
    public async Task A_refusal_shows_nothing()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var (person, page) = await OpenAsync(chromium, await sshd.TargetAsync(), "ssh");
        var watch = await AskAsync(chromium, person);
        await page.ClickAsync("[data-part=watch-refuse]");
        await watch.WaitForSelectorAsync("text=La personne a refusé.");
        Assert.Equal("", await watch.EvaluateAsync<string>(Rows));
    }

    [Fact]
    public async Task Only_supervisors_ask_and_only_the_person_answers()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var (person, _) = await OpenAsync(chromium, await sshd.TargetAsync(), "ssh");
        var session = await app.InGatewayAsync(db => db.Sessions.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());
        var (staff, supervisor, other) = (
            await app.SignInAsync(await app.AddPersonAsync(Roles.Staff)), await app.SignInAsync(await app.AddPersonAsync(Roles.Supervisor)),
            await app.SignInAsync(await app.AddPersonAsync(Roles.Supervisor)));
        using (var refused = await staff.PostJsonAsync($"/api/gateway/sessions/{session}/watch", new { }))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var asked = await supervisor.PostJsonAsync($"/api/gateway/sessions/{session}/watch", new { }))
            Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        var watch = await app.InGatewayAsync(db => db.Watches.Where(w => w.SessionId == session).Select(w => w.Id).SingleAsync());

        foreach (var stranger in new[] { staff, supervisor, other })
        {
            using var answer = await stranger.PostJsonAsync($"/api/gateway/watches/{watch}/answer", new { accepted = true });
            Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        }

        foreach (var stranger in new[] { staff, other })
        {
            using var socket = await app.ConnectAsync(stranger, WatchConnection.Path, watch.ToString());
            Assert.Equal(1008, await ConsolesApp.ClosedAsync(socket));
        }

        Assert.Equal(WatchState.Asked, await app.InGatewayAsync(db => db.Watches.Where(w => w.Id == watch).Select(w => w.State).SingleAsync()));
    }

    [Fact]
    public async Task A_screen_that_changes_its_size_while_somebody_joins_is_seen_all_the_same()
    {
        await using var xvnc = await Xvnc.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var (person, page) = await OpenAsync(chromium, xvnc.Target(), "vnc");
        await page.WaitForFunctionAsync("() => document.querySelector('.remote-place canvas')?.width === 1280");
        var (asks, watch) = await AcceptedAsync(person);
        using var socket = await app.ConnectAsync(asks, WatchConnection.Path, watch);
        Assert.Equal("ready", await ConsolesApp.TextAsync(socket));

        // RFC 6143, 7.1 to 7.3, up to where a client says what it understands.
        await using var rfb = WebSocketStream.Create(socket, WebSocketMessageType.Binary);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var said = new byte[24];
        await rfb.ReadExactlyAsync(said.AsMemory(0, 12), late.Token);
        await rfb.WriteAsync(said.AsMemory(0, 12), late.Token);
        await rfb.ReadExactlyAsync(said.AsMemory(0, 2), late.Token);
        await rfb.WriteAsync(new byte[] { 1 }, late.Token);
        await rfb.ReadExactlyAsync(said.AsMemory(0, 4), late.Token);
        // Not shared: the person would be put out, if it were passed on.
        await rfb.WriteAsync(new byte[] { 0 }, late.Token);
        await rfb.ReadExactlyAsync(said, late.Token);
        await rfb.ReadExactlyAsync(new byte[said[23]], late.Token);

        await page.SetViewportSizeAsync(1000, 700);
        await page.WaitForFunctionAsync("() => document.querySelector('.remote-place canvas').width === 1000");
        await rfb.WriteAsync(new byte[] { 3, 0, 0, 0, 0, 0, 0, 10, 0, 10 }, late.Token);
        await rfb.ReadExactlyAsync(said.AsMemory(0, 1), late.Token);
        Assert.Equal(0, said[0]);
        Assert.False(await page.IsVisibleAsync("[data-part=overlay]"));
    }

    [Fact]
    public async Task An_answer_that_comes_before_the_page_of_whoever_asked_is_ready_is_not_lost()
    {
        await using var sshd = await Sshd.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var (person, _) = await OpenAsync(chromium, await sshd.TargetAsync(), "ssh");

        var (asks, refused) = await AcceptedAsync(person, accepted: false);
        using (var socket = await app.ConnectAsync(asks, WatchConnection.Path, refused))
            Assert.Equal(4020, await ConsolesApp.ClosedAsync(socket));
        (asks, var accepted) = await AcceptedAsync(person);
        using (var socket = await app.ConnectAsync(asks, WatchConnection.Path, accepted))
            Assert.Equal("ready", await ConsolesApp.TextAsync(socket));
        // But not for ever: the person has long forgotten it.
        (asks, var late) = await AcceptedAsync(person);
        app.Clock.Advance(WatchConnection.Patience);
        using (var socket = await app.ConnectAsync(asks, WatchConnection.Path, late))
            Assert.Equal(1008, await ConsolesApp.ClosedAsync(socket));
    }

    [Fact]
    public void Whoever_watches_may_be_let_go_of_after_they_left()
    {
        var watcher = new Watcher(Guid.NewGuid(), new SignInId(Guid.NewGuid()));
        watcher.Dispose();
        watcher.Stop();
        Assert.True(watcher.Stopped.IsCancellationRequested);
    }

    // A supervisor asks, and the person has answered before the supervisor's page is there.
    private async Task<(Relais.Tests.Browser Asks, string Watch)> AcceptedAsync(TestPerson person, bool accepted = true)
    {
        var session = await app.InGatewayAsync(db => db.Sessions.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());
        var (answers, asks) = (await app.SignInAsync(person), await app.SignInAsync(await app.AddPersonAsync(Roles.Supervisor)));
        using var asked = await asks.PostJsonAsync($"/api/gateway/sessions/{session}/watch", new { });
        var watch = (await asked.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("watch").GetString()!;
        using var answer = await answers.PostJsonAsync($"/api/gateway/watches/{watch}/answer", new { accepted });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        return (asks, watch);
    }

    private async Task<(TestPerson Person, IPage Page)> OpenAsync(Chromium chromium, SessionTarget target, string client)
    {
        app.Target = target;
        var person = await app.AddPersonAsync(Roles.Staff);
        var page = await app.ShowAsync(chromium, client, person);
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden });
        // What is typed before a shell is ready may be lost.
        if (client == "ssh")
            await page.WaitForFunctionAsync($"mark => ({Rows}).includes(mark)", Environment.IsPrivilegedProcess ? "#" : "$");
        return (person, page);
    }

    // From the list of sessions, as a supervisor goes.
    private async Task<IPage> AskAsync(Chromium chromium, TestPerson person)
    {
        var session = await app.InGatewayAsync(db => db.Sessions.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());
        var page = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Supervisor), "/sessions");
        Assert.Equal(0, await page.Locator($"form[action='/sessions/{session}/end']").CountAsync());
        await page.ClickAsync($"form[action='/sessions/{session}/watch'] button");
        await page.WaitForSelectorAsync("text=En attente de sa réponse…");
        return page;
    }
}
