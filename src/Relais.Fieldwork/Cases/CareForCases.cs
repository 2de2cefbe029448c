using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Calls;
using Relais.Fieldwork.Dialling;
using Relais.Fieldwork.Studies;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Cases;

/// <summary>Looks every few seconds for cases that were lost, appointments that were missed, and counts to fold. Each node does; they step over one another.</summary>
internal sealed class CareForCases(IServiceScopeFactory scopes, IOptions<FieldworkOptions> options, TimeProvider clock, ILogger<CareForCases> log) : BackgroundService
{
    // Differences become one row for each wave, state and outcome. One node at a time: two would not see each other's rows.
    private const string Fold = """
        WITH turn AS MATERIALIZED (SELECT pg_try_advisory_xact_lock(hashtextextended('fieldwork.case_count', 0)) AS mine),
        gone AS (DELETE FROM fieldwork.case_count WHERE (SELECT mine FROM turn) RETURNING wave_id, state, outcome, number)
        INSERT INTO fieldwork.case_count (wave_id, state, outcome, number)
        SELECT wave_id, state, outcome, sum(number) FROM gone GROUP BY 1, 2, 3 HAVING sum(number) <> 0
        """;

    // A case that comes in meanwhile and is not seen here is seen the next time.
    private const string Raise = """
        UPDATE fieldwork.pool p SET due_at = d.due_at
        FROM fieldwork.pool q
        CROSS JOIN LATERAL (SELECT coalesce(min(c.due_at), 'infinity') AS due_at FROM (
          SELECT due_at FROM fieldwork.cases WHERE pool_id = q.id AND state = 1 ORDER BY due_at LIMIT 1) c) d
        WHERE p.id = q.id AND p.due_at <> d.due_at AND q.wave_id = ANY ($1)
        """;

    private const string Forget = "DELETE FROM fieldwork.command WHERE at < $1";

    private const string ForgetPresence = "DELETE FROM fieldwork.presence WHERE until < $1";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CareEvery, clock);
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
            // The database may be away for a moment: the next look catches up.
            FieldworkLog.CareFailed(log, e);
        }
    }

    internal async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
        await SettleDialled.SweepAsync(db, clock.GetUtcNow(), cancel);
        var released = await ReleaseLost.HandleAsync(db, clock, cancel);
        if (released > 0)
            FieldworkLog.Released(log, released);
        if (scope.ServiceProvider.GetService<Switchboard>() is { } calls)
            await EndLeftCaseCalls.HandleAsync(db, calls, options.Value, clock.GetUtcNow(), cancel);
        var running = await db.Waves.AsNoTracking().Where(w => w.State == WaveState.Running).ToListAsync(cancel);
        await MissAppointments.HandleAsync(db, running, clock, cancel);
        await db.InTurnAsync(() => db.ExecuteAsync(Raise, [running.Select(w => w.Id).ToArray()], cancel), cancel);
        await db.InTurnAsync(() => db.ExecuteAsync(Fold, [], cancel), cancel);
        await db.InTurnAsync(() => db.ExecuteAsync(Forget, [clock.GetUtcNow() - options.Value.KeepCommands], cancel), cancel);
        await db.InTurnAsync(() => db.ExecuteAsync(ForgetPresence, [clock.GetUtcNow() - options.Value.KeepPresence], cancel), cancel);
    }
}
