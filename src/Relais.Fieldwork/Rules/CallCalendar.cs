namespace Relais.Fieldwork.Rules;

/// <summary>The rules of a wave in one time zone: whether now is a moment to call, and when the next one is.</summary>
internal sealed class CallCalendar(CallRules rules, TimeZoneInfo zone)
{
    private const int HorizonDays = 90;

    /// <summary>An IANA zone by its name; null when there is none.</summary>
    public static TimeZoneInfo? Zone(string name) => name.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var zone) && zone.HasIanaId ? zone : null;

    public DateTime LocalAt(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, zone).DateTime;

    /// <summary>Whether a call may begin at this moment without an appointment.</summary>
    public bool IsOpen(DateTimeOffset at) => IsOpen(LocalAt(at));

    /// <summary>Whether an appointment may lie at this moment.</summary>
    public bool TakesAppointments(DateTimeOffset at) =>
        TimeOnly.FromDateTime(LocalAt(at)) is var time && time >= rules.AppointmentsFrom && time < rules.AppointmentsUntil;

    /// <summary>The slot of the day at this moment; -1: none.</summary>
    public int SlotAt(DateTimeOffset at) => SlotAt(LocalAt(at));

    /// <summary>The first moment from <paramref name="from"/> on that lies in the legal hours and in no slot of <paramref name="spent"/>.</summary>
    /// <param name="spent">A bit for each slot that is used up.</param>
    /// <returns>Null: none within ninety days.</returns>
    public DateTimeOffset? NextOpen(DateTimeOffset from, int spent)
    {
        var today = DateOnly.FromDateTime(LocalAt(from));
        for (var day = 0; day <= HorizonDays; day++)
        {
            foreach (var edge in Edges(today.AddDays(day)))
            {
                var at = Instant(edge);
                // The piece that is under way begins before: from itself is then its first moment.
                if (day == 0 && at < from)
                    at = from;
                if (at >= from && Takes(at, spent))
                    return at;
            }
        }

        return null;
    }

    /// <summary>How long calls may be begun between two moments.</summary>
    public TimeSpan OpenTime(DateTimeOffset from, DateTimeOffset until)
    {
        var open = TimeSpan.Zero;
        for (var day = DateOnly.FromDateTime(LocalAt(from)); day <= DateOnly.FromDateTime(LocalAt(until)); day = day.AddDays(1))
        {
            // Between two neighbouring edges it is open throughout or not at all.
            var edges = rules.Hours.SelectMany(h => new[] { h.From, h.Until }).Append(TimeOnly.MinValue).Distinct().Order().Select(t => Instant(day.ToDateTime(t))).Append(Instant(day.AddDays(1).ToDateTime(TimeOnly.MinValue))).ToList();
            for (var i = 0; i + 1 < edges.Count; i++)
            {
                var (begin, end) = (edges[i] > from ? edges[i] : from, edges[i + 1] < until ? edges[i + 1] : until);
                if (end > begin && IsOpen(begin))
                    open += end - begin;
            }
        }

        return open;
    }

    /// <summary>A local time as an instant. One that summer time leaps over is taken after the leap, one that comes twice is taken the first time.</summary>
    public DateTimeOffset Instant(DateTime local)
    {
        while (zone.IsInvalidTime(local))
            local = local.AddMinutes(15);
        var offset = zone.IsAmbiguousTime(local) ? zone.GetAmbiguousTimeOffsets(local).Max() : zone.GetUtcOffset(local);
        return new DateTimeOffset(local, offset).ToUniversalTime();
    }

    private bool Takes(DateTimeOffset at, int spent) => LocalAt(at) is var local && IsOpen(local) && (SlotAt(local) is var slot && (slot < 0 || (spent >> slot & 1) == 0));

    private bool IsOpen(DateTime local) => !IsHoliday(DateOnly.FromDateTime(local)) && rules.Hours.Any(h => h.Holds(local));

    private bool IsHoliday(DateOnly day) => rules.OtherHolidays.Contains(day) || (rules.Holidays == "fr" && FrenchHolidays.Includes(day));

    private int SlotAt(DateTime local)
    {
        for (var slot = 0; slot < rules.Slots.Count; slot++)
        {
            if (rules.Slots[slot].Holds(local))
                return slot;
        }

        return -1;
    }

    // Where anything can begin: hours and slots begin, and what comes after a slot begins at its end.
    private IEnumerable<DateTime> Edges(DateOnly day) =>
        rules.Hours.Select(h => h.From).Concat(rules.Slots.SelectMany(s => new[] { s.From, s.Until })).Append(TimeOnly.MinValue).Distinct().Order().Select(day.ToDateTime);
}
