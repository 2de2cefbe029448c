using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Sessions;
using Relais.Tests.Desktops;
using Relais.Tests.Gateway;

namespace Relais.Tests.Feed;

/// <summary>Debian's xfreerdp with the files of a feed, to a workstation that nobody here wrote.</summary>
public sealed class FeedInNativeClient(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    [Fact]
    public async Task The_same_file_opens_a_workstation_twice_with_the_account_that_its_person_types()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        var (_, peer, title) = await SubscribeAsync(shadow);
        using var _1 = peer;
        var file = await SaveAsync(peer, title);
        for (var time = 0; time < 2; time++)
        {
            await using var client = await FreeRdp.StartAsync(file, $"/u:{ShadowWorkstation.Anne.UserName}", $"/p:{ShadowWorkstation.Anne.Password}");
            await client.ShowsAsync();
        }
    }

    [Theory]
    [InlineData("/gt:http")]
    [InlineData("/gt:http,no-websockets")]
    public async Task The_same_file_opens_it_twice_without_a_password_where_the_gateway_keeps_the_account(string transport)
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        var (person, peer, title) = await SubscribeAsync(shadow, keep: true);
        using var _1 = peer;
        var file = await SaveAsync(peer, title);
        for (var time = 1; time <= 2; time++)
        {
            await using var client = await FreeRdp.StartAsync(file, transport);
            await client.ShowsAsync();
            // Cut and opened again is the same session.
            Assert.Equal(time, (await SessionAsync(person)).Connection);
        }
    }

    [Fact]
    public async Task A_client_that_is_taken_back_loses_its_open_session_within_seconds_and_does_not_come_back()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        var (person, peer, title) = await SubscribeAsync(shadow, keep: true);
        using var _1 = peer;
        var file = await SaveAsync(peer, title);
        await using (var client = await FreeRdp.StartAsync(file, "-auto-reconnect"))
        {
            await client.ShowsAsync();
            using var browser = await app.SignInAsync(person);
            var page = await browser.GetAsync("/account/native-clients");
            await browser.SubmitAsync(page, page.Document.QuerySelector("table tbody form")!.GetAttribute("action")!);
            await client.EndsAsync(TimeSpan.FromSeconds(8));
        }

        await NativeApp.UntilAsync(async () => (await SessionAsync(person)).End == SessionEnd.AccessWithdrawn);
        await using var again = await FreeRdp.StartAsync(file);
        Assert.NotEqual(0, await again.EndsAsync());
        Assert.Contains("COOKIE_AUTHENTICATION_ACCESS_DENIED", again.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_before_the_account_was_kept_goes_on_asking_for_it()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        var (person, peer, title) = await SubscribeAsync(shadow);
        using var _1 = peer;
        var old = await SaveAsync(peer, title);
        await KeepAccountAsync(person, title);
        var recent = await SaveAsync(peer, title);
        await using (var client = await FreeRdp.StartAsync(old, $"/u:{ShadowWorkstation.Anne.UserName}", $"/p:{ShadowWorkstation.Anne.Password}"))
            await client.ShowsAsync();
        await using (var client = await FreeRdp.StartAsync(recent))
            await client.ShowsAsync();
    }

    private async Task<(TestPerson Person, FeedPeer Peer, string Title)> SubscribeAsync(ShadowWorkstation shadow, bool keep = false)
    {
        var person = await FeedPeer.PersonAsync(app);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var title = $"Poste {Guid.NewGuid():N}";
        await administrator.EnrolAsync(new { name = title, host = "127.0.0.1", port = shadow.Address.Port, owner = person.UserName });
        await app.ProbeAsync();
        if (keep)
            await KeepAccountAsync(person, title);
        return (person, await FeedPeer.AddAsync(app, person), title);
    }

    private async Task KeepAccountAsync(TestPerson person, string title)
    {
        var id = await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Name == title).Select(w => w.Id).SingleAsync());
        using var browser = await app.SignInAsync(person);
        await browser.SubmitAsync(
            await browser.GetAsync($"/workstations/{id}/account"), "account",
            ("UserName", ShadowWorkstation.Anne.UserName), ("Password", ShadowWorkstation.Anne.Password), ("Keep", "true"));
    }

    private async Task<string> SaveAsync(FeedPeer peer, string title)
    {
        var file = Path.Combine(app.DataFolder, $"{Guid.NewGuid():N}.rdp");
        await File.WriteAllBytesAsync(file, await peer.FileAsync(title));
        return file;
    }

    private Task<Session> SessionAsync(TestPerson person) =>
        app.InDesktopsAsync(db => db.Gateway.Sessions.AsNoTracking().SingleAsync(s => s.PersonId == person.Id));
}
