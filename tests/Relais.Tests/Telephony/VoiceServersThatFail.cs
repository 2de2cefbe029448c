using System.Net;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Telephony.Calls;
using Relais.Telephony.Rooms;

namespace Relais.Tests.Telephony;

/// <summary>Voice servers that die, come back, and are taken away, while somebody is on the telephone.</summary>
[InChromium]
public sealed class VoiceServersThatFail(TwoVoicesApp app) : IClassFixture<TwoVoicesApp>
{
    private const double Ours = 440;
    private const double Theirs = 660;

    [Fact]
    public async Task A_call_goes_on_through_another_voice_server_when_its_own_is_killed_and_moves_when_that_one_is_drained()
    {
        await using var callee = ToneCallee.Start(Theirs);
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.AddTrunkAsync(sipOperator.Port);
        using var tone = new ToneFile(Ours);
        await using var chromium = await tone.BrowserAsync();
        var person = await app.InterviewingPersonAsync();
        var page = await app.ConnectedAsync(chromium, person);
        var call = await app.DialAsync(page, person);
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);
        Assert.Equal([1, 0], app.RoomServers.All.Select(janus => janus.Rooms));

        await app.KillVoicesAsync(0);
        // The announcement meanwhile; then the browser is back by itself, elsewhere.
        await TelephonyApp.UntilTrueAsync(() => app.RoomServers.All[1].Rooms == 1 && app.Phones.Of(person.Id)?.Seat?.Away == false);
        // What was heard before it died says nothing.
        await callee.ListenAnewAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);
        await page.HearsAsync(Theirs);
        Assert.Equal([0, 1], app.RoomServers.All.Select(janus => janus.Rooms));
        await Assertions.Expect(page.GetByText("En communication")).ToBeVisibleAsync();

        // A server that is drained keeps its calls, and loses its headsets with their end.
        await app.StartVoicesAsync(0);
        await TelephonyApp.UntilTrueAsync(() => app.RoomServers.All[0].Answers);
        var administrator = await app.SignInAsync(app.Administrator);
        var servers = await administrator.GetAsync("/phone/servers");
        Assert.DoesNotContain("Ne répond pas", servers.Text, StringComparison.Ordinal);
        servers = await administrator.SubmitAsync(servers, "drain-2");
        Assert.Contains("Le serveur vocal 2 est en retrait", servers.Text, StringComparison.Ordinal);
        Assert.Contains("En retrait, 1 en cours", servers.Text, StringComparison.Ordinal);
        await callee.ListenAnewAsync();
        await TelephonyApp.UntilTrueAsync(() => callee.Share(Ours) > 0.4);
        await page.GetByRole(AriaRole.Button, new() { Name = "Raccrocher" }).ClickAsync();
        Assert.Equal(CallEnd.HungUpHere, (await app.EndedAsync(call)).End);
        await TelephonyApp.UntilTrueAsync(() => app.RoomServers.All.Select(janus => janus.Rooms).SequenceEqual([1, 0]));
        await Assertions.Expect(page.GetByText("Casque branché")).ToBeVisibleAsync();
        await ServersAreInOrderAsync(chromium);

        servers = await administrator.SubmitAsync(await administrator.GetAsync("/phone/servers"), "open-2");
        Assert.Contains("Le serveur vocal 2 reçoit de nouveau des casques.", servers.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("En retrait", servers.Document.QuerySelector("table")!.TextContent, StringComparison.Ordinal);
        Assert.Contains("Aucun. Un enquêteur dont le réseau ne laisse pas passer l’UDP", servers.Text, StringComparison.Ordinal);
        Assert.Equal(["rooms.drained", "rooms.opened"], await app.AuditedAsync("", "rooms."));
        using var refused = await (await app.InterviewerAsync()).Client.GetAsync("/phone/servers", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    private async Task ServersAreInOrderAsync(Chromium chromium)
    {
        var page = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Administrator), "/phone/servers");
        foreach (var width in (int[])[1280, 360])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.IsInOrderAsync("voice servers", width);
        }

        await page.ClickAsync("header button[name=culture][value=en]");
        await page.WaitForSelectorAsync("html[lang=en]");
        await page.SetViewportSizeAsync(1920, 1080);
        await page.IsInOrderAsync("voice servers en", 1920);
    }

    [Fact]
    public async Task Rooms_that_a_killed_server_left_behind_are_ended_by_the_one_that_comes_after_and_no_others()
    {
        var janus = app.RoomServers.All[1];
        var cancel = TestContext.Current.CancellationToken;
        var (gone, others) = (await Room.CreateAsync(janus, "disparu", cancel), await Room.CreateAsync(janus, "autre", cancel));
        Assert.Equal(1, await Room.SweepAsync(janus, "disparu", [], cancel));
        Assert.Equal(0, await Room.SweepAsync(janus, "disparu", [], cancel));
        Assert.Equal(0, await Room.SweepAsync(janus, "autre", [others.Number], cancel));
        await gone.CloseAsync();
        await others.CloseAsync();
        Assert.Equal(0, await Room.SweepAsync(janus, "autre", [], cancel));
    }
}
