using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Calls;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Privacy;

/// <summary>
/// Erases the numbers and the sample's columns of a wave whose time is over, some thousand cases a transaction; done again it finds nothing. The columns that quotas
/// speak of stay, because figures are made of them, and the sample's own ids, unless they are numbers.
/// </summary>
internal static class EraseWave
{
    private const long AtOnce = 5000;

    private const string Range = "SELECT coalesce(min(case_id), 0), coalesce(max(case_id), -1) FROM fieldwork.case_record WHERE wave_id = $1";

    private const string Numbers = """
        DELETE FROM fieldwork.case_number n USING fieldwork.case_record r WHERE r.case_id = n.case_id AND r.wave_id = $1 AND n.case_id BETWEEN $2 AND $3
        """;

    private const string Records = """
        UPDATE fieldwork.case_record r SET
          fields = (SELECT coalesce(jsonb_object_agg(f.key, f.value), '{}') FROM jsonb_each(r.fields) f WHERE f.key = ANY ($4)),
          key = CASE WHEN r.key LIKE '+%' THEN 'erased:' || replace(gen_random_uuid()::text, '-', '') ELSE r.key END
        WHERE r.wave_id = $1 AND r.case_id BETWEEN $2 AND $3
        """;

    private const string Interviews = """
        UPDATE fieldwork.interview i SET known = (SELECT coalesce(jsonb_object_agg(f.key, f.value), '{}') FROM jsonb_each(i.known) f WHERE f.key = ANY ($4))
        WHERE i.wave_id = $1 AND i.case_id BETWEEN $2 AND $3
        """;

    private const string Rest = "UPDATE fieldwork.cases SET state = 6 WHERE wave_id = $1 AND id BETWEEN $2 AND $3 AND state IN (0, 1, 3)";

    private const string Appointments = "UPDATE fieldwork.appointment SET state = 'Cancelled' WHERE wave_id = $1 AND state = 'Waiting'";

    private const string Faults = "DELETE FROM fieldwork.sample_fault f USING fieldwork.sample_batch b WHERE b.id = f.batch_id AND b.wave_id = $1";

    // Of numbers that no case has any more: nothing is kept beyond what the rules of calling and "not interviewed again" need.
    private const string History = """
        DELETE FROM fieldwork.number_state s
        WHERE NOT EXISTS (SELECT FROM fieldwork.case_number n WHERE n.number = s.number) AND (s.quiet_until IS NULL OR s.quiet_until < $1)
          AND (s.interviewed_at IS NULL OR s.interviewed_at < $1 - interval '24 months') AND NOT EXISTS (SELECT FROM unnest(s.recent) r WHERE r > $1 - interval '30 days')
        """;

    /// <returns>Whether it is done; false while somebody has a case of it in hand.</returns>
    public static async Task<bool> HandleAsync(FieldworkDb db, Switchboard calls, int id, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var kept = (await QuotaVariables.OfAsync(db, id, cancel)).ToArray();
        await CloseAsync(db, id, clock, cancel);
        if (await db.Holds.AnyAsync(h => h.WaveId == id, cancel))
            return false;
        var (from, until) = await RangeAsync(db, id, cancel);
        var numbers = 0;
        for (var first = from; first <= until; first += AtOnce)
        {
            object?[] some = [id, first, first + AtOnce - 1];
            numbers += await db.InTurnAsync(async () =>
            {
                var gone = await db.ExecuteAsync(Numbers, some, cancel);
                await db.ExecuteAsync(Records, [.. some, kept], cancel);
                await db.ExecuteAsync(Interviews, [.. some, kept], cancel);
                await db.ExecuteAsync(Rest, some, cancel);
                return gone;
            }, cancel);
            var last = Math.Min(until, first + AtOnce - 1);
            await calls.ForgetNumbersAsync([.. Enumerable.Range(0, (int)(last - first + 1)).Select(i => CaseSubject.Of(first + i))], cancel);
        }

        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        await db.ExecuteAsync(Appointments, [id], cancel);
        await db.ExecuteAsync(Faults, [id], cancel);
        await db.ExecuteAsync(History, [now], cancel);
        var wave = await db.Waves.SingleAsync(w => w.Id == id, cancel);
        wave.ErasedAt = now;
        db.Audit(clock, Actor.System, "fieldwork-wave.erased", EditStudies.Subject(id), wave.Name, new { numbers, kept });
        await db.SaveChangesAsync(cancel);
        await turn.CommitAsync(cancel);
        return true;
    }

    // Without numbers nobody can be called.
    private static async Task CloseAsync(FieldworkDb db, int id, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Waves.SingleAsync(w => w.Id == id, cancel) is not { State: not WaveState.Closed } open)
            return;
        open.State = WaveState.Closed;
        db.Audit(clock, Actor.System, "fieldwork-wave.closed", EditStudies.Subject(id), open.Name);
        await db.SaveChangesAsync(cancel);
    }

    private static async Task<(long From, long Until)> RangeAsync(FieldworkDb db, int id, CancellationToken cancel)
    {
        await db.Database.OpenConnectionAsync(cancel);
        try
        {
            await using var command = db.Command(Range, id);
            await using var row = await command.ExecuteReaderAsync(cancel);
            await row.ReadAsync(cancel);
            return (row.GetInt64(0), row.GetInt64(1));
        }
        finally
        {
            await db.Database.CloseConnectionAsync();
        }
    }
}
