namespace Relais.Desktops.Pools;

/// <summary>Desktops that are nobody's until somebody of its groups opens one, and that nobody else gets afterwards.</summary>
internal sealed class Pool
{
    public const int NameLength = 80;

    /// <summary>More would not fit into a desktops' network.</summary>
    public const int LargestMost = 4000;

    public Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>The name without capitals, which is unique.</summary>
    public required string NormalizedName { get; set; }

    public required string Bundle { get; set; }

    /// <summary>Who may use it: people of any of these.</summary>
    public Guid[] Groups { get; set; } = [];

    /// <summary>Whether each person's home is kept from one session to the next; otherwise it goes with the desktop.</summary>
    public bool KeepsHome { get; set; }

    /// <summary>Desktops that it may have at once, in use or ready.</summary>
    public int Most { get; set; }

    /// <summary>Desktops that are kept ready beyond those in use, at any hour.</summary>
    public int Ready { get; set; }

    /// <summary>Hours in which more are started than are asked for.</summary>
    public PoolSchedule Schedule { get; set; } = PoolSchedule.Empty;

    public DateTimeOffset CreatedAt { get; init; }

    public static string Normalize(string name) => name.Trim().ToUpperInvariant();
}

/// <summary>The hours of a pool, kept as one value.</summary>
internal sealed record PoolSchedule(IReadOnlyList<PoolHours> Hours)
{
    public static readonly PoolSchedule Empty = new([]);
}

/// <summary>Hours of the week in which so many desktops are started, in use or ready.</summary>
/// <param name="Days">A bit for each day, Monday the lowest.</param>
/// <param name="From">Minutes after midnight at which they begin, where the institute is.</param>
/// <param name="To">Minutes after midnight at which they end; not later than they begin when midnight lies between.</param>
internal sealed record PoolHours(int Days, int From, int To, int Started)
{
    public const int DayCount = 7;
    public const int EveryDay = (1 << DayCount) - 1;
    public const int MinutesPerDay = 24 * 60;

    public static int Bit(DayOfWeek day) => 1 << (((int)day + DayCount - 1) % DayCount);

    /// <param name="local">The time where the institute is.</param>
    public bool Hold(DateTimeOffset local)
    {
        var minute = (local.Hour * 60) + local.Minute;
        if (From < To)
            return Has(local.DayOfWeek) && minute >= From && minute < To;
        // What goes over midnight belongs to the day on which it began.
        return minute >= From ? Has(local.DayOfWeek) : minute < To && Has(local.AddDays(-1).DayOfWeek);
    }

    private bool Has(DayOfWeek day) => (Days & Bit(day)) != 0;
}

/// <summary>The home of a person in a pool that keeps homes; its volume is named after its id.</summary>
internal sealed class PoolHome
{
    public Guid Id { get; init; }

    public Guid PoolId { get; init; }

    public Guid PersonId { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
