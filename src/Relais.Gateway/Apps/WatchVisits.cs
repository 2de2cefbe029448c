using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;

namespace Relais.Gateway.Apps;

/// <summary>Looks each second at the requests that are under way, and cuts those whose person may not go on: a WebSocket asks nobody again by itself.</summary>
internal sealed class WatchVisits(
    LiveVisits live, IServiceScopeFactory scopes, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<WatchVisits> log) : BackgroundService
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
            // The database may be away for a moment: what is under way goes on, and the next look catches up.
            GatewayLog.WatchFailed(log, e);
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        var all = live.All;
        if (all.Count == 0)
            return;
        await using var scope = scopes.CreateAsyncScope();
        var (db, standing, groups) = (
            scope.ServiceProvider.GetRequiredService<GatewayDb>(), scope.ServiceProvider.GetRequiredService<Standing>(), scope.ServiceProvider.GetRequiredService<Groups>());
        var now = clock.GetUtcNow();
        var lost = await standing.LostAsync([.. all.Select(l => new SignInId(l.Visit.SignInId)).Distinct()], cancel);
        var ids = all.Select(l => l.Visit.AppId).Distinct().ToArray();
        var apps = await db.WebApps.AsNoTracking().Include(a => a.Groups).Where(a => ids.Contains(a.Id)).ToDictionaryAsync(a => a.Id, cancel);
        var barred = await scope.ServiceProvider.GetRequiredService<AccessConditions>().EndsAsync([.. all.Select(l => l.Asked).Distinct()], TimeSpan.Zero, cancel);
        foreach (var person in all.GroupBy(l => l.Visit.PersonId))
        {
            var mine = await groups.OfAsync(new PersonId(person.Key), cancel);
            foreach (var request in person)
            {
                var visit = request.Visit;
                var goesOn = apps.TryGetValue(visit.AppId, out var app) && app.OpensFor(mine) && visit.ExpiresAt > now && !lost.Contains(new SignInId(visit.SignInId))
                    && !barred.ContainsKey(request.Asked);
                if (!goesOn)
                    request.End();
            }
        }
    }
}
