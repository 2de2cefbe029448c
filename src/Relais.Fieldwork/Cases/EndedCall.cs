using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Rules;

namespace Relais.Fieldwork.Cases;

/// <summary>What a call's end changes: the history, the case's next state and time, its numbers, its pool, its appointment.</summary>
internal sealed class EndedCall(Case row, Pool pool, CallRules rules, CallCalendar calendar, Outcome outcome, DateTimeOffset now)
{
    private const int RecentDays = 30;

    private const string Record = """
        INSERT INTO fieldwork.attempt (case_id, wave_id, person_id, "from", until, outcome, slot, number, by_appointment, fence, comment, call_id)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text, $12::uuid)
        """;

    private const string Save = """
        UPDATE fieldwork.cases SET state = $2, due_at = $3, tries = $4, slot_tries = $5, outcome = $6, pool_id = $7 WHERE id = $1
        """;

    private const string Wake = "UPDATE fieldwork.pool SET due_at = $2 WHERE id = $1 AND due_at > $2";

    private const string Promise = """
        INSERT INTO fieldwork.appointment (id, case_id, wave_id, at, hard, person_id, state, made_at) VALUES ($1, $2, $3, $4, $5, $6::uuid, 'Waiting', $7)
        """;

    // Locked in the order of the numbers, as whoever claims them does.
    internal const string Unclaim = """
        WITH mine AS (
          SELECT s.number FROM fieldwork.number_state s WHERE s.number IN (SELECT n.number FROM fieldwork.case_number n WHERE n.case_id = $1)
          ORDER BY s.number FOR UPDATE)
        UPDATE fieldwork.number_state s SET held_case = NULL FROM mine m WHERE s.number = m.number AND s.held_case = $1
        """;

    private const string Cancel = "UPDATE fieldwork.appointment SET state = 'Cancelled' WHERE case_id = $1 AND state = 'Waiting'";

    private const string Called = """
        UPDATE fieldwork.number_state SET
          recent = (CASE WHEN $6 THEN '{}'::timestamptz[] ELSE ARRAY[$2::timestamptz] END) || (SELECT coalesce(array_agg(r ORDER BY r DESC), '{}') FROM unnest(recent) AS u (r) WHERE r > $3),
          quiet_until = greatest(quiet_until, $4::timestamptz), interviewed_at = coalesce($5::timestamptz, interviewed_at)
        WHERE number = $1 RETURNING recent, quiet_until
        """;

    private const string Bury = "UPDATE fieldwork.case_number SET dead = true WHERE case_id = $1 AND position = $2";

    private const string Suppress = """
        INSERT INTO fieldwork.suppression (number, source, at) SELECT DISTINCT number, 'respondent', $2::timestamptz FROM fieldwork.case_number WHERE case_id = $1
        ON CONFLICT (number) DO NOTHING
        """;

    private const string FindPool = """
        SELECT id FROM fieldwork.pool
        WHERE wave_id = $1 AND stratum_id = $2 AND zone = $3 AND language = $4 AND skill = $5 AND priority = $6 AND tried AND spent = $7
        """;

    private const string EnsurePool = """
        INSERT INTO fieldwork.pool (wave_id, stratum_id, zone, language, skill, priority, tried, spent, weight, due_at) VALUES ($1, $2, $3, $4, $5, $6, true, $7, 1, 'infinity')
        ON CONFLICT (wave_id, stratum_id, zone, language, skill, priority, tried, spent) DO NOTHING
        """;

    public required Guid Person { get; init; }

    public required DateTimeOffset From { get; init; }

    public short Slot { get; init; } = -1;

    public int? Number { get; init; }

    public bool ByAppointment { get; init; }

    /// <summary>Telephony's call; null where the interviewer dialled.</summary>
    public Guid? Call { get; init; }

    /// <summary>Whether this call was counted before, when its interviewer gave no sign any more.</summary>
    public bool Counted { get; init; }

    public Appointment? Appointment { get; init; }

    public string? Comment { get; init; }

    /// <returns>When the case comes again; null: it does not.</returns>
    public async Task<DateTimeOffset?> RecordAsync(FieldworkDb db, CancellationToken cancel)
    {
        var numbers = await db.Numbers.AsNoTracking().Where(n => n.CaseId == row.Id && !n.Dead).OrderBy(n => n.Position).ToListAsync(cancel);
        var called = !outcome.Called || numbers.Count == 0 ? null
            : numbers.Find(n => n.Position == Number) ?? numbers[row.Tries % numbers.Count];
        await db.ExecuteAsync(Record,
            [row.Id, row.WaveId, Person, From, now, outcome.Id, Slot, called?.Position ?? (short)-1, ByAppointment, row.Fence, Comment, Call], cancel);
        await db.ExecuteAsync("DELETE FROM fieldwork.hold WHERE case_id = $1", [row.Id], cancel);

        await db.ExecuteAsync(Unclaim, [row.Id], cancel);
        await db.ExecuteAsync(Cancel, [row.Id], cancel);
        DateTimeOffset? quiet = null;
        if (called is not null)
        {
            if (!Counted)
                row.CountTry(Slot);
            quiet = await CalledAsync(db, called.Number, cancel);
        }

        if (outcome == Outcome.DoNotCall)
            await db.ExecuteAsync(Suppress, [row.Id, now], cancel);
        if (outcome.After == AfterCall.OtherNumber && called is not null)
            await db.ExecuteAsync(Bury, [row.Id, called.Position], cancel);
        var next = Next(numbers.Count - (outcome.After == AfterCall.OtherNumber && called is not null ? 1 : 0), quiet);
        await SaveAsync(db, next, cancel);
        return next;
    }

    private DateTimeOffset? Next(int numbersLeft, DateTimeOffset? quiet)
    {
        var counted = Outcome.Of(row.Outcome);
        row.Outcome = outcome.Over(counted).Id;
        if (Appointment is not null)
            return End(CaseState.Appointment, Appointment.At);
        if (outcome.After == AfterCall.End || (outcome.After == AfterCall.OtherNumber && numbersLeft == 0))
            return End(CaseState.Done, null);
        // A number that is dead says nothing of the respondent while there are others.
        if (outcome.After == AfterCall.OtherNumber)
            row.Outcome = counted?.Id ?? 0;
        if (outcome.After == AfterCall.GiveBack)
            return End(CaseState.Ready, row.DueAt > now ? row.DueAt : now);
        if (row.Tries >= rules.MostTries)
            return End(CaseState.Exhausted, null);
        var earliest = now + rules.After(outcome.Delay);
        return calendar.NextOpen(quiet > earliest ? quiet.Value : earliest, Spent()) is { } at ? End(CaseState.Ready, at) : End(CaseState.Exhausted, null);
    }

    private DateTimeOffset? End(CaseState state, DateTimeOffset? at)
    {
        row.State = state;
        row.DueAt = at ?? row.DueAt;
        return at;
    }

    // The number's own history, in whatever study, says how long it is to be left alone.
    private async Task<DateTimeOffset?> CalledAsync(FieldworkDb db, long number, CancellationToken cancel)
    {
        DateTimeOffset? nuisance = outcome.Nuisance ? now.AddHours(Math.Max(rules.NuisanceHours, outcome.LeastNuisanceHours)) : null;
        DateTimeOffset? interviewed = outcome == Outcome.Complete ? now : null;
        DateTime[] recent;
        DateTimeOffset? quiet;
        await using (var command = db.Command(Called, number, From, now.AddDays(-RecentDays), nuisance, interviewed, Counted))
        await using (var state = await command.ExecuteReaderAsync(cancel))
        {
            if (!await state.ReadAsync(cancel))
                return nuisance;
            recent = state.GetFieldValue<DateTime[]>(0);
            quiet = state.IsDBNull(1) ? null : state.GetFieldValue<DateTimeOffset>(1);
        }

        if (rules.MostCallsIn30Days == 0 || recent.Length < rules.MostCallsIn30Days)
            return quiet;
        var free = new DateTimeOffset(recent[rules.MostCallsIn30Days - 1], TimeSpan.Zero).AddDays(RecentDays);
        if (quiet >= free)
            return quiet;
        await db.ExecuteAsync("UPDATE fieldwork.number_state SET quiet_until = $2 WHERE number = $1", [number, free], cancel);
        return free;
    }

    private async Task SaveAsync(FieldworkDb db, DateTimeOffset? next, CancellationToken cancel)
    {
        if (next is not null && row.Tries > 0)
            row.PoolId = await PoolAsync(db, pool, Spent(), cancel);

        await db.ExecuteAsync(Save, [row.Id, (short)row.State, row.DueAt, row.Tries, row.SlotTries, row.Outcome, row.PoolId], cancel);
        if (row.State == CaseState.Ready)
            await db.ExecuteAsync(Wake, [row.PoolId, row.DueAt], cancel);
        if (Appointment is { } promise)
            await db.ExecuteAsync(Promise, [promise.Id, row.Id, row.WaveId, promise.At, promise.Hard, promise.PersonId, now], cancel);
    }

    /// <summary>The pool of tried cases that are alike in all but the slots of the day that are used up; made when there is none yet.</summary>
    internal static async Task<int> PoolAsync(FieldworkDb db, Pool pool, int spent, CancellationToken cancel)
    {
        if (pool.Tried && pool.Spent == spent)
            return pool.Id;
        object[] alike = [pool.WaveId, pool.StratumId, pool.Zone, pool.Language, pool.Skill, pool.Priority, spent];
        // Looked for first, because an insertion in vain uses up a number.
        if (await db.ScalarAsync<int?>(FindPool, alike, cancel) is null)
            await db.ExecuteAsync(EnsurePool, alike, cancel);
        return await db.ScalarAsync<int?>(FindPool, alike, cancel) ?? throw new InvalidOperationException("A pool that was just made is gone.");
    }

    private int Spent() => Spent(row, rules);

    /// <summary>A bit for each slot of the day in which the case was called as often as the rules allow.</summary>
    internal static int Spent(Case row, CallRules rules)
    {
        var spent = 0;
        for (var slot = 0; slot < rules.Slots.Count; slot++)
        {
            if (row.TriesOf(slot) >= rules.Slots[slot].MostTries)
                spent |= 1 << slot;
        }

        return spent;
    }
}
