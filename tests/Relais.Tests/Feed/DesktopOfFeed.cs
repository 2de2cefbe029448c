using Relais.Desktops.Desktops;
using Relais.Tests.Desktops;
using Relais.Tests.Gateway;

namespace Relais.Tests.Feed;

/// <summary>A person's own desktop, opened by Debian's xfreerdp with the file of the feed, whatever state it is in.</summary>
[Collection(NetworkTests.Name)]
public sealed class DesktopOfFeed(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    [Fact]
    public async Task The_same_file_makes_a_desktop_that_never_ran_and_opens_it_again()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var peer = await FeedPeer.AddAsync(app, person);
        var title = Assert.Single(await peer.EntriesAsync()).Key;
        var file = await SaveAsync(peer, title);
        Assert.Null(await app.StateOfAsync(person));
        await using (var client = await FreeRdp.StartAsync(file))
            await WorksAsync(person, client, connections: 1);
        // Cut and opened again is the same session.
        await using (var client = await FreeRdp.StartAsync(file))
            await WorksAsync(person, client, connections: 2);

        // The entry is the same one, whatever became of the desktop.
        Assert.Equal(title, Assert.Single(await peer.EntriesAsync()).Key);
    }

    [Fact]
    public async Task A_file_wakes_a_sleeping_desktop_up()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var browser = await app.SignInAsync(person);
        await DesktopsApp.OpenDesktopAsync(browser);
        await app.WantAsync(person, Wanted.Frozen, DesktopState.Frozen);
        using var peer = await FeedPeer.AddAsync(app, browser, person);
        var file = await SaveAsync(peer, Assert.Single(await peer.EntriesAsync()).Key);
        await using var client = await FreeRdp.StartAsync(file);
        await WorksAsync(person, client, connections: 1);
    }

    private async Task<string> SaveAsync(FeedPeer peer, string title)
    {
        var file = Path.Combine(app.DataFolder, $"{peer.UserName}-flux.rdp");
        await File.WriteAllBytesAsync(file, await peer.FileAsync(title));
        return file;
    }

    private async Task WorksAsync(TestPerson person, FreeRdp client, int connections) =>
        await DesktopsApp.UntilAsync(async () =>
        {
            Assert.True(client.ExitCode is null, $"xfreerdp left with {client.ExitCode}: {client.Said}");
            return await app.StateOfAsync(person) == DesktopState.Running
                && await app.CountConnectionsAsync(person) == connections
                && (await DesktopsApp.InsideAsync(await app.InstanceOfAsync(person), "pgrep -x xfce4-session")).Code == 0;
        });
}
