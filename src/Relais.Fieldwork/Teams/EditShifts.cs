using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;

namespace Relais.Fieldwork.Teams;

/// <summary>Shifts as somebody plans them: the same hours on certain days of the week, from a day to another.</summary>
/// <param name="Days">Empty: every day.</param>
/// <param name="From">In the institute's zone.</param>
internal sealed record ShiftPlan(DateOnly? First, DateOnly? Last, IReadOnlyCollection<DayOfWeek> Days, TimeOnly? From, TimeOnly? Until);

/// <summary>Plans and takes away shifts. Each is kept as a span of its own, so that a day can be taken out of a week.</summary>
internal sealed class EditShifts(FieldworkDb db, TimeProvider clock)
{
    private const int MostDays = 366;
    private const int MostRows = 20_000;

    /// <summary>Adds the shifts of a plan for these interviewers. A shift that would meet one of the same person is left out.</summary>
    public async Task<EditResult> PlanAsync(IReadOnlyCollection<Guid> people, ShiftPlan plan, TimeZoneInfo zone, Actor actor, CancellationToken cancel)
    {
        if (plan.First is not { } first)
            return new EditResult.Refused("First", "shift-day");
        if ((plan.Last ?? first) is var last && (last < first || last.DayNumber - first.DayNumber > MostDays))
            return new EditResult.Refused("Last", "shift-days");
        if (plan.From is not { } from || plan.Until is not { } until || until <= from)
            return new EditResult.Refused("Until", "shift-hours");
        var known = await db.Interviewers.AsNoTracking().Where(i => people.Contains(i.PersonId)).Select(i => i.PersonId).ToListAsync(cancel);
        if (known.Count == 0)
            return new EditResult.Missing();
        var days = Enumerable.Range(0, last.DayNumber - first.DayNumber + 1).Select(first.AddDays).Where(d => plan.Days.Count == 0 || plan.Days.Contains(d.DayOfWeek)).ToList();
        if (days.Count == 0 || (long)days.Count * known.Count > MostRows)
            return new EditResult.Refused("Last", days.Count == 0 ? "shift-none" : "shift-many");
        var spans = days.ConvertAll(d => (From: Instant(d, from, zone), Until: Instant(d, until, zone)));
        var (begin, end) = (spans[0].From, spans[^1].Until);
        var there = (await db.Shifts.AsNoTracking().Where(s => known.Contains(s.PersonId) && s.Until > begin && s.From < end).ToListAsync(cancel)).ToLookup(s => s.PersonId);
        var added = known.SelectMany(p => spans.Where(s => !there[p].Any(t => t.From < s.Until && t.Until > s.From))
            .Select(s => new Shift { Id = Guid.CreateVersion7(clock.GetUtcNow()), PersonId = p, From = s.From, Until = s.Until })).ToList();
        if (added.Count == 0)
            return new EditResult.Refused("First", "shift-taken");
        db.Shifts.AddRange(added);
        db.Audit(clock, actor, "shift.added", known.Count == 1 ? $"person:{known[0]}" : "", "", new { people = known, first, last, days = plan.Days.Select(d => d.ToString()), from, until, shifts = added.Count });
        await db.SaveChangesAsync(cancel);
        return new EditResult.SavedWave(added.Count);
    }

    /// <returns>How many there were.</returns>
    public async Task<int> RemoveAsync(Guid person, IReadOnlyCollection<Guid> shifts, Actor actor, CancellationToken cancel)
    {
        var rows = await db.Shifts.Where(s => s.PersonId == person && shifts.Contains(s.Id)).ToListAsync(cancel);
        if (rows.Count == 0)
            return 0;
        db.Shifts.RemoveRange(rows);
        db.Audit(clock, actor, "shift.removed", $"person:{person}", "", new { shifts = rows.Select(s => new { s.From, s.Until }) });
        await db.SaveChangesAsync(cancel);
        return rows.Count;
    }

    // A time that summer time leaps over is taken after the leap.
    private static DateTimeOffset Instant(DateOnly day, TimeOnly time, TimeZoneInfo zone)
    {
        var local = day.ToDateTime(time);
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
