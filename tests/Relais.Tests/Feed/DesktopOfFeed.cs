using Relais.Desktops.Desktops;
using Relais.Tests.Desktops;
using Relais.Tests.Gateway;

namespace Relais.Tests.Feed;

/// <summary>A person's own desktop, listed before it ever ran and opened by Debian's xfreerdp with the file of the feed.</summary>
[Collection(EngineTests.Name)]
public sealed class DesktopOfFeed(DesktopsApp app) : IClassFixture<DesktopsApp>
{
    [Fact]
    public async Task The_same_file_makes_a_desktop_and_opens_it_and_wakes_it_up_again()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var peer = await FeedPeer.AddAsync(app, person);
        var title = Assert.Single(await peer.EntriesAsync()).Key;
        var file = Path.Combine(app.DataFolder, $"{person.UserName}-flux.rdp");
        await File.WriteAllBytesAsync(file, await peer.FileAsync(title));
        Assert.Null(await app.StateOfAsync(person));

        await using (var client = await FreeRdp.StartAsync(file))
            await WorksAsync(person, client);
        var instance = await app.InstanceOfAsync(person);
        await app.WantAsync(person, Wanted.Frozen, DesktopState.Frozen);

        await using (var client = await FreeRdp.StartAsync(file))
        {
            await DesktopsApp.UntilAsync(async () =>
            {
                Assert.True(client.ExitCode is null, $"xfreerdp left with {client.ExitCode}: {client.Said}");
                return await app.StateOfAsync(person) == DesktopState.Running && await app.CountOpenAsync(person) == 1;
            });
            Assert.Equal(instance, await app.InstanceOfAsync(person));
        }

        // The entry is the same one, whatever became of the desktop.
        Assert.Equal(title, Assert.Single(await peer.EntriesAsync()).Key);
    }

    private async Task WorksAsync(TestPerson person, FreeRdp client) =>
        await DesktopsApp.UntilAsync(async () =>
        {
            Assert.True(client.ExitCode is null, $"xfreerdp left with {client.ExitCode}: {client.Said}");
            return await app.StateOfAsync(person) == DesktopState.Running
                && (await DesktopsApp.InsideAsync(await app.InstanceOfAsync(person), "pgrep -x xfce4-session")).Code == 0;
        });
}
