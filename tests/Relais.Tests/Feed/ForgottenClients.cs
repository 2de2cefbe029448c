using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.NativeClients;
using Relais.Gateway.Feed;
using Relais.Tests.Desktops;

namespace Relais.Tests.Feed;

/// <summary>What is kept of native clients that ended. A server of its own, whose clock goes months ahead.</summary>
public sealed class ForgottenClients(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    [Fact]
    public async Task A_client_is_forgotten_with_its_feed_some_time_after_it_ended()
    {
        var person = await FeedPeer.PersonAsync(app);
        using var taken = await FeedPeer.AddAsync(app, person, "Reprise");
        using var unused = await FeedPeer.AddAsync(app, person, "Oubliée");
        await taken.ListAsync();
        await unused.ListAsync();
        var now = app.Clock.GetUtcNow();
        var id = await IdOfAsync("Reprise");
        await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.Id == id).ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now)));

        app.Clock.Advance(TimeSpan.FromDays(89));
        Assert.Equal((2, 2), await KeptAsync());
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Equal((1, 1), await KeptAsync());
        Assert.NotEqual(Guid.Empty, await IdOfAsync("Oubliée"));

        // Unused for 30 days it ended, 90 days later it is forgotten too; the trail remembers both.
        app.Clock.Advance(TimeSpan.FromDays(30));
        Assert.Equal((0, 0), await KeptAsync());
        Assert.Equal(2, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "native-client.added" && l.Subject == $"person:{person.Id}")));
    }

    private Task<Guid> IdOfAsync(string name) => app.InDatabaseAsync(db => db.Access.NativeClients.Where(c => c.Name == name).Select(c => c.Id).SingleAsync());

    // After a look at what is to be forgotten.
    private async Task<(int Clients, int Feeds)> KeptAsync()
    {
        await app.Services.GetRequiredService<PurgeNativeClients>().LookAsync(CancellationToken.None);
        await app.Services.GetRequiredService<PurgeFeeds>().LookAsync(CancellationToken.None);
        var clients = await app.InDatabaseAsync(db => db.Access.NativeClients.CountAsync());
        await using var scope = app.Services.CreateAsyncScope();
        return (clients, await scope.ServiceProvider.GetRequiredService<Relais.Gateway.GatewayDb>().Feeds.CountAsync());
    }
}
