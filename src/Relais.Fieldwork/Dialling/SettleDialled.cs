using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Calls;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Rules;
using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Dialling;

/// <summary>How a call that Relais placed by itself is decided. Each end takes the row away and, where somebody answered, writes the ledger, in one transaction: the same call is never decided twice.</summary>
internal static class SettleDialled
{
    private const string LockCase = "SELECT * FROM fieldwork.cases WHERE id = {0} FOR UPDATE";

    private const string Take = "DELETE FROM fieldwork.dialled_call WHERE id = $1";

    private const string Count = """
        INSERT INTO fieldwork.dial_minute AS m (wave_id, minute, answered, abandoned) VALUES ($1, $2, 1, $3)
        ON CONFLICT (wave_id, minute) DO UPDATE SET answered = m.answered + 1, abandoned = m.abandoned + $3
        """;

    // The seat goes with the case: nobody is given two. In the order case, hold, as whoever ends a call locks them.
    private const string Connect = """
        WITH seat AS (
          DELETE FROM fieldwork.dial_seat WHERE person_id = $2 AND NOT EXISTS (SELECT 1 FROM fieldwork.hold WHERE person_id = $2) RETURNING person_id),
        locked AS (SELECT c.id FROM fieldwork.cases c WHERE c.id = $1 AND EXISTS (SELECT 1 FROM seat) FOR UPDATE),
        mine AS (
          UPDATE fieldwork.hold h SET person_id = $2, fence = h.fence + 1, taken_at = $3, seen_at = $3, until = $4 FROM locked l WHERE h.case_id = l.id AND h.person_id = $5
          RETURNING h.case_id, h.fence)
        UPDATE fieldwork.cases c SET fence = m.fence FROM mine m WHERE c.id = m.case_id
        """;

    // As if it had never been chosen.
    private const string PutBack = "UPDATE fieldwork.cases SET state = 1 WHERE id = $1";

    /// <summary>Puts the case into the hands of somebody who waits.</summary>
    /// <returns>False where they wait no more, or the case is not held for this call any more.</returns>
    public static async Task<bool> ConnectAsync(FieldworkDb db, DialledCall call, Guid person, DateTimeOffset now, FieldworkOptions options, CancellationToken cancel)
    {
        await using var turn = await db.Database.BeginTransactionAsync(cancel);
        if (await db.ExecuteAsync(Connect, [call.CaseId, person, now, now + options.HoldFor, call.Id], cancel) == 0 || await db.ExecuteAsync(Take, [call.Id], cancel) == 0)
            return false;
        await db.ExecuteAsync(Count, [call.WaveId, WaveDialler.MinuteOf(now), 0], cancel);
        await turn.CommitAsync(cancel);
        return true;
    }

    /// <summary>Somebody answered, and nobody was free in time.</summary>
    public static Task<bool> AbandonAsync(FieldworkDb db, DialledCall call, DateTimeOffset now, CancellationToken cancel) => EndAsync(db, call, Outcome.Abandoned, answered: true, now, cancel);

    /// <summary>Nobody answered.</summary>
    /// <param name="ended">The call; null: nothing is known of it.</param>
    public static Task<bool> UnansweredAsync(FieldworkDb db, DialledCall call, CallNow? ended, DateTimeOffset now, CancellationToken cancel) =>
        // What says nothing of the number is tried again after a while, not at once.
        EndAsync(db, call, Outcome.Find(ended is null ? null : ProposedOutcome.Of(ended)) ?? Outcome.LineFault, answered: false, now, cancel);

    /// <summary>Calls whose node is gone: what was chosen for them comes back.</summary>
    /// <returns>How many there were.</returns>
    public static async Task<int> SweepAsync(FieldworkDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var left = await db.DialledCalls.AsNoTracking().Where(c => c.Until < now).ToListAsync(cancel);
        foreach (var call in left)
            await (call.AnsweredAt is null ? UnansweredAsync(db, call, null, now, cancel) : AbandonAsync(db, call, now, cancel));
        return left.Count;
    }

    /// <summary>Nothing was sent: there was no room on the lines.</summary>
    public static Task PutBackAsync(FieldworkDb db, DialledCall call, CancellationToken cancel) => db.InTurnAsync(async () =>
    {
        await db.Cases.FromSqlRaw(LockCase, call.CaseId).AsNoTracking().LoadAsync(cancel);
        if (await db.ExecuteAsync(Take, [call.Id], cancel) > 0 && await db.Holds.Where(h => h.CaseId == call.CaseId && h.PersonId == call.Id).ExecuteDeleteAsync(cancel) > 0)
        {
            await db.ExecuteAsync(PutBack, [call.CaseId], cancel);
            await db.ExecuteAsync(EndedCall.Unclaim, [call.CaseId], cancel);
        }

        return true;
    }, cancel);

    private static Task<bool> EndAsync(FieldworkDb db, DialledCall call, Outcome outcome, bool answered, DateTimeOffset now, CancellationToken cancel) => db.InTurnAsync(async () =>
    {
        var row = await db.Cases.FromSqlRaw(LockCase, call.CaseId).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (await db.ExecuteAsync(Take, [call.Id], cancel) == 0)
            return false;
        if (answered)
            await db.ExecuteAsync(Count, [call.WaveId, WaveDialler.MinuteOf(now), 1], cancel);
        if (row is null || await db.Holds.AsNoTracking().SingleOrDefaultAsync(h => h.CaseId == call.CaseId && h.PersonId == call.Id, cancel) is not { } hold)
            return true;
        var pool = await db.Pools.AsNoTracking().SingleAsync(p => p.Id == row.PoolId, cancel);
        var rules = await db.Waves.AsNoTracking().Where(w => w.Id == row.WaveId).Select(w => w.Rules).SingleAsync(cancel);
        var ended = new EndedCall(row, pool, WaveRules.Parse(rules), WaveRules.Calendar(rules, pool.Zone), outcome, now)
        {
            Person = Attempt.Nobody, From = hold.TakenAt, Slot = hold.Slot, Number = hold.CallNumber, Call = call.CallId ?? hold.CallId,
        };
        await ended.RecordAsync(db, cancel);
        return true;
    }, cancel);
}
