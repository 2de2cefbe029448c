using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Recordings;
using Relais.Gateway.Watching;

namespace Relais.Gateway.Sessions;

/// <summary>
/// Looks each second at the sessions that this node holds: ends those asked to end, taken over elsewhere, whose person lost access or
/// whose time is over, and writes their counters. Also closes sessions that nobody took up again after a cut.
/// </summary>
internal sealed class WatchSessions(
    LiveSessions live, RecordingFolder folder, IServiceScopeFactory scopes, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<WatchSessions> log)
    : BackgroundService
{
    private const string CloseLost = """
        UPDATE gateway.session SET "EndedAt" = {0}, "End" = coalesce("EndAsked", 'Lost')
        WHERE "EndedAt" IS NULL AND ("SeenAt" < {1} OR ("EndAsked" IS NOT NULL AND "SeenAt" < {2}))
        """;

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
            // The database may be away for a moment: sessions go on, and the next look catches up.
            GatewayLog.WatchFailed(log, e);
        }
    }

    internal async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<GatewayDb>();
        var mine = live.All;
        if (mine.Count > 0)
        {
            await EndAskedAsync(db, mine, cancel);
            var lost = await scope.ServiceProvider.GetRequiredService<Standing>().LostAsync([.. mine.Select(s => s.SignIn).Distinct()], cancel);
            foreach (var session in mine.Where(s => lost.Contains(s.SignIn)))
                session.End(SessionEnd.AccessWithdrawn);
            var barred = await scope.ServiceProvider.GetRequiredService<AccessConditions>()
                .EndsAsync([.. mine.Select(s => s.Asked).Distinct()], options.Value.WarnBefore, cancel);
            foreach (var session in mine)
                session.BarredFrom = barred.TryGetValue(session.Asked, out var from) ? from : null;
            foreach (var session in mine)
                session.Times.Look(session, options.Value, clock.GetUtcNow());
            await LookAtRecordingsAsync(scope.ServiceProvider.GetRequiredService<RecordSession>(), mine, cancel);
            await scope.ServiceProvider.GetRequiredService<TellOfWatches>().HandleAsync(mine, cancel);
            await CountAsync(db, mine, cancel);
        }

        var now = clock.GetUtcNow();
        var silent = now - 10 * options.Value.WatchEvery;
        await db.Database.ExecuteSqlRawAsync(CloseLost, [now, now - options.Value.ResumeWithin, silent], cancel);
    }

    private static async Task EndAskedAsync(GatewayDb db, IReadOnlyCollection<LiveSession> mine, CancellationToken cancel)
    {
        var ids = mine.Select(s => s.SessionId).ToArray();
        var rows = await db.Sessions.AsNoTracking().Where(s => ids.Contains(s.Id))
            .Select(s => new { s.Id, s.EndAsked, s.Connection }).ToDictionaryAsync(s => s.Id, cancel);
        foreach (var session in mine)
        {
            if (!rows.TryGetValue(session.SessionId, out var row))
                session.End(SessionEnd.AccessWithdrawn);
            else if (row.EndAsked is not null)
                session.End(Enum.TryParse<SessionEnd>(row.EndAsked, out var reason) ? reason : SessionEnd.EndedByAdministrator);
            else if (row.Connection > session.Connection)
                session.End(SessionEnd.Moved);
        }
    }

    private async Task LookAtRecordingsAsync(RecordSession record, IReadOnlyCollection<LiveSession> mine, CancellationToken cancel)
    {
        var recorded = mine.Where(s => s.Recording is not null).ToList();
        if (recorded.Count > 0 && folder.Obstacle() is { } obstacle)
            recorded.ForEach(s => s.Recording?.Recorder.Fail(obstacle));
        foreach (var session in recorded)
            await record.SettleAsync(session, cancel);
    }

    private async Task CountAsync(GatewayDb db, IReadOnlyCollection<LiveSession> mine, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        foreach (var session in mine)
        {
            var (up, down) = session.Counters.TakeUnwritten();
            await db.Sessions.Where(s => s.Id == session.SessionId).ExecuteUpdateAsync(
                set => set
                    .SetProperty(s => s.SeenAt, now)
                    .SetProperty(s => s.FromClientBytes, s => s.FromClientBytes + up)
                    .SetProperty(s => s.ToClientBytes, s => s.ToClientBytes + down),
                cancel);
        }
    }
}
