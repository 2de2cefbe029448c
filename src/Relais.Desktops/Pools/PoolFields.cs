using System.Globalization;
using Relais.Access.Contracts;
using Relais.Desktops.Workstations;

namespace Relais.Desktops.Pools;

/// <summary>Hours of a pool as they were typed.</summary>
/// <param name="Days">Such as "monday"; capitals do not count.</param>
/// <param name="From">Such as "08:00".</param>
/// <param name="To">Such as "12:00"; not later than they begin when midnight lies between.</param>
internal sealed record TypedHours(IReadOnlyList<string>? Days, string? From, string? To, string? Started);

/// <summary>What is typed about a pool, as it was typed: in the form, a command or a request.</summary>
/// <param name="Groups">Names or ids of groups.</param>
internal sealed record PoolFields(
    string? Name, string? Bundle, IReadOnlyList<string>? Groups, bool KeepsHome, string? Most, string? Ready, IReadOnlyList<TypedHours>? Hours)
{
    public const int MostHours = 20;

    public static readonly PoolFields New = new(null, null, null, false, "20", "2", null);

    public static PoolFields Of(Pool pool) => new(
        pool.Name, pool.Bundle, [.. pool.Groups.Select(g => g.ToString())], pool.KeepsHome, Write(pool.Most), Write(pool.Ready),
        [.. pool.Schedule.Hours.Select(Write)]);

    /// <summary>Makes the pool like this, unless something is wrong; then nothing of it changes.</summary>
    /// <param name="bundleKnown">Whether a bundle is one.</param>
    public IReadOnlyList<FieldFault> ApplyTo(Pool pool, IReadOnlyList<GroupCard> known, Func<string, bool> bundleKnown)
    {
        List<FieldFault> faults = [];
        var name = Name?.Trim() ?? "";
        if (name.Length is 0 or > Pool.NameLength)
            faults.Add(new FieldFault(nameof(Name), name.Length == 0 ? "missing" : "long", Pool.NameLength));
        if (Bundle is not { Length: > 0 } bundle || !bundleKnown(bundle))
            faults.Add(new FieldFault(nameof(Bundle), "unknown", Bundle));
        var groups = ReadGroups(known, faults);
        var most = ReadNumber(Most, nameof(Most), 1, Pool.LargestMost, faults);
        var ready = ReadNumber(Ready, nameof(Ready), 0, most > 0 ? most : Pool.LargestMost, faults);
        var hours = (Hours ?? []).Where(h => !IsEmpty(h)).Select(h => ReadHours(h, most > 0 ? most : Pool.LargestMost, faults)).OfType<PoolHours>().ToList();
        if (Hours?.Count > MostHours)
            faults.Add(new FieldFault(nameof(Hours), "many", MostHours));
        if (KeepsHome && faults.Count == 0 && (ready > 0 || hours.Count > 0))
            faults.Add(new FieldFault(ready > 0 ? nameof(Ready) : nameof(Hours), "homes"));
        if (faults.Count > 0)
            return faults;

        (pool.Name, pool.NormalizedName, pool.Bundle, pool.Groups) = (name, Pool.Normalize(name), Bundle ?? "", groups);
        (pool.KeepsHome, pool.Most, pool.Ready, pool.Schedule) = (KeepsHome, most, ready, new PoolSchedule(hours));
        return [];
    }

    private Guid[] ReadGroups(IReadOnlyList<GroupCard> known, List<FieldFault> faults)
    {
        var names = new KnownNames(new Dictionary<string, PersonId>(StringComparer.Ordinal), known);
        List<Guid> groups = [];
        foreach (var typed in Groups ?? [])
        {
            if (names.Group(typed) is { } group)
                groups.Add(group);
            else
                faults.Add(new FieldFault(nameof(Groups), "unknown", typed));
        }

        if (groups.Count == 0 && faults.TrueForAll(f => f.Field != nameof(Groups)))
            faults.Add(new FieldFault(nameof(Groups), "missing"));
        return [.. groups.Distinct()];
    }

    private static PoolHours? ReadHours(TypedHours typed, int most, List<FieldFault> faults)
    {
        var days = 0;
        foreach (var day in typed.Days ?? [])
        {
            if (!Enum.TryParse<DayOfWeek>(day, ignoreCase: true, out var known) || !Enum.IsDefined(known))
            {
                faults.Add(new FieldFault(nameof(Hours), "day", day));
                return null;
            }

            days |= PoolHours.Bit(known);
        }

        if (days == 0)
            faults.Add(new FieldFault(nameof(Hours), "no-day"));
        else if (!TryTime(typed.From, out var from) || !TryTime(typed.To, out var to))
            faults.Add(new FieldFault(nameof(Hours), "time", $"{typed.From}–{typed.To}"));
        else if (!int.TryParse(typed.Started, NumberStyles.None, CultureInfo.InvariantCulture, out var started) || started < 1 || started > most)
            faults.Add(new FieldFault(nameof(Hours), "started", most));
        else
            return new PoolHours(days, from, to, started);
        return null;
    }

    private static int ReadNumber(string? typed, string field, int least, int most, List<FieldFault> faults)
    {
        if (int.TryParse(typed, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
            return number;
        faults.Add(new FieldFault(field, "number", most));
        return -1;
    }

    private static bool TryTime(string? typed, out int minutes)
    {
        var read = TimeOnly.TryParseExact(typed, ["H:mm", "HH:mm"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time);
        minutes = (time.Hour * 60) + time.Minute;
        return read;
    }

    private static TypedHours Write(PoolHours hours) => new(
        [.. Enumerable.Range(1, PoolHours.DayCount).Select(n => (DayOfWeek)(n % PoolHours.DayCount)).Where(d => (hours.Days & PoolHours.Bit(d)) != 0)
            .Select(d => d.ToString().ToLowerInvariant())],
        Time(hours.From), Time(hours.To), Write(hours.Started));

    private static string Time(int minutes) => new TimeOnly(minutes / 60, minutes % 60).ToString("HH:mm", CultureInfo.InvariantCulture);

    private static string Write(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool IsEmpty(TypedHours typed) =>
        (typed.Days?.Count ?? 0) == 0 && string.IsNullOrWhiteSpace(typed.From) && string.IsNullOrWhiteSpace(typed.To) && string.IsNullOrWhiteSpace(typed.Started);
}
