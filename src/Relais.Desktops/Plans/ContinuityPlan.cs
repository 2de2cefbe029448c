namespace Relais.Desktops.Plans;

/// <summary>Whose desktops are started, from which bundles, and in which order, on the day when everybody works from elsewhere.</summary>
internal sealed class ContinuityPlan
{
    public const int NameLength = 80;
    public const int MostSteps = 30;

    public Guid Id { get; init; }

    public required string Name { get; set; }

    /// <summary>What makes "Crue" and "CRUE" one plan.</summary>
    public required string NormalizedName { get; set; }

    public IReadOnlyList<PlanStep> Steps { get; set; } = [];

    public DateTimeOffset ChangedAt { get; set; }

    /// <summary>Who changed it last, as they were called then.</summary>
    public required string ChangedBy { get; set; }

    /// <summary>What the last rehearsal found; null before the first one and after each change.</summary>
    public Rehearsal? Rehearsal { get; set; }

    public DateTimeOffset? RehearsedAt { get; set; }

    public string? RehearsedBy { get; set; }

    public static string Normalize(string name) => name.Trim().Normalize(System.Text.NormalizationForm.FormKC).ToUpperInvariant();
}

/// <summary>One step: the people of some groups get desktops of a bundle, started a few at a time; or desktops of a pool are kept ready.</summary>
internal sealed record PlanStep
{
    public const int MostAtOnce = 500;
    public const int UsualAtOnce = 10;

    public IReadOnlyList<Guid> Groups { get; init; } = [];

    /// <summary>Of those whose desktop is not made yet. Who has one keeps it.</summary>
    public string Bundle { get; init; } = "";

    /// <summary>How many desktops are on their way at the same time.</summary>
    public int AtOnce { get; init; } = UsualAtOnce;

    /// <summary>The pool whose desktops are kept ready for as long as the plan runs; null for desktops of people.</summary>
    public Guid? Pool { get; init; }

    /// <summary>As the pool was called when the plan was written.</summary>
    public string PoolName { get; init; } = "";

    /// <summary>How many desktops of the pool are to be started, in use or ready.</summary>
    public int Ready { get; init; }

    /// <summary>Whether it begins only when all before it are over.</summary>
    public bool Waits { get; init; } = true;
}
