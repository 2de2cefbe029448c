using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Access.Contracts;

namespace Relais.Gateway.Feed;

/// <summary>Forgets the feeds of native clients that are themselves forgotten: until then a refusal can still say whose file it was.</summary>
internal sealed class PurgeFeeds(NativeClientDoor clients, IServiceScopeFactory scopes, TimeProvider clock, ILogger<PurgeFeeds> log) : BackgroundService
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                GatewayLog.FeedPurgeFailed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // On every node: who comes second finds nothing.
    internal async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var known = await db.Feeds.Select(f => f.ClientId).Union(db.FeedFiles.Select(f => f.ClientId)).ToListAsync(cancel);
        foreach (var some in known.Chunk(AtOnce))
        {
            var forgotten = await clients.ForgottenAsync([.. some.Select(id => new SignInId(id))], cancel);
            var ids = forgotten.Select(client => client.Value).ToArray();
            await db.FeedFiles.Where(f => ids.Contains(f.ClientId)).ExecuteDeleteAsync(cancel);
            await db.Feeds.Where(f => ids.Contains(f.ClientId)).ExecuteDeleteAsync(cancel);
        }
    }
}
