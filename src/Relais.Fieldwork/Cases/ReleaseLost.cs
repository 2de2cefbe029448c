using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Rules;

namespace Relais.Fieldwork.Cases;

/// <summary>Cases whose interviewers gave no sign any more come back; a begun interview is kept for its interviewer first. Any node, any number of times.</summary>
internal static class ReleaseLost
{
    private const string Next = "SELECT * FROM fieldwork.hold WHERE until < {0} ORDER BY until LIMIT 1 FOR UPDATE SKIP LOCKED";

    private const string LockCase = "SELECT * FROM fieldwork.cases WHERE id = {0} FOR UPDATE SKIP LOCKED";

    /// <returns>How many came back.</returns>
    public static async Task<int> HandleAsync(FieldworkDb db, TimeProvider clock, CancellationToken cancel)
    {
        var count = 0;
        while (await db.InTurnAsync(() => OneAsync(db, clock.GetUtcNow(), cancel), cancel))
            count++;
        return count;
    }

    private static async Task<bool> OneAsync(FieldworkDb db, DateTimeOffset now, CancellationToken cancel)
    {
        var hold = await db.Holds.FromSqlRaw(Next, now).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (hold is null)
            return false;
        // Somebody is just closing it: then it is not lost.
        var row = await db.Cases.FromSqlRaw(LockCase, hold.CaseId).AsNoTracking().SingleOrDefaultAsync(cancel);
        if (row is null)
            return false;
        var begun = hold.Stage == HoldStage.Interviewing;
        await EndAsync(db, row, hold, Outcome.Lost, begun ? hold.PersonId : null, now, cancel);
        return true;
    }

    /// <summary>Takes a case out of somebody's hands.</summary>
    /// <param name="keepFor">Whose turn it is next, soon; null: whoever the rules give it to.</param>
    internal static async Task EndAsync(FieldworkDb db, Case row, Hold hold, Outcome outcome, Guid? keepFor, DateTimeOffset now, CancellationToken cancel)
    {
        await QuotaSlots.ReleaseAsync(db, row.Id, cancel);
        var pool = await db.Pools.AsNoTracking().SingleAsync(p => p.Id == row.PoolId, cancel);
        var wave = await db.Waves.AsNoTracking().SingleAsync(w => w.Id == row.WaveId, cancel);
        var calendar = WaveRules.Calendar(wave.Rules, pool.Zone);
        // The respondent expects the rest: whoever asked the first questions goes on as soon as may be called.
        var soon = calendar.TakesAppointments(now) ? now : calendar.NextOpen(now, spent: 0) ?? now.AddDays(1);
        var appointment = keepFor is { } person
            ? new Appointment { Id = Guid.CreateVersion7(now), CaseId = row.Id, WaveId = row.WaveId, At = soon, Hard = false, PersonId = person, MadeAt = now }
            : null;
        var ended = new EndedCall(row, pool, WaveRules.Parse(wave.Rules), calendar, outcome, now)
        {
            Person = hold.PersonId, From = hold.TakenAt, Slot = hold.Slot, ByAppointment = hold.AppointmentId is not null, Appointment = appointment,
            Number = hold.CallNumber, Call = hold.CallId,
        };
        await ended.RecordAsync(db, cancel);
    }
}
