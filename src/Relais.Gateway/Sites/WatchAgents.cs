using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Relais.Gateway.Sites;

/// <summary>Looks each second at the agents connected to this node: cuts those that were revoked, wherever that was done, and writes that the others are there.</summary>
internal sealed class WatchAgents(
    SiteLinks links, IServiceScopeFactory scopes, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<WatchAgents> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.WatchEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task TryAsync(CancellationToken stop)
    {
        try
        {
            await LookAsync(stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // The database may be away for a moment: agents stay, and the next look catches up.
            GatewayLog.WatchFailed(log, e);
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        var mine = links.All;
        if (mine.Count == 0)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var agents = mine.Select(link => link.Agent).ToArray();
        var stand = await db.SiteAgents.Where(a => agents.Contains(a.Id) && a.RevokedAt == null).Select(a => a.Id).ToListAsync(cancel);
        foreach (var link in mine.Where(link => !stand.Contains(link.Agent)))
            link.End();
        var (now, ids) = (clock.GetUtcNow(), mine.Select(link => (Guid?)link.Id).ToArray());
        await db.SiteAgents.Where(a => ids.Contains(a.LinkId)).ExecuteUpdateAsync(set => set.SetProperty(a => a.SeenAt, now), cancel);
    }
}
