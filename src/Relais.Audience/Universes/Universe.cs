namespace Relais.Audience.Universes;

/// <summary>Totals of a population that weights are to meet, as a source gives them. A version is never changed: the next one gets another row.</summary>
internal sealed class Universe
{
    public const int NameLength = 120;
    public const int SourceLength = 400;

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>From 1, for each name.</summary>
    public required int Version { get; init; }

    /// <summary>Who published it, where, and under which licence.</summary>
    public required string Source { get; init; }

    /// <summary>The day that the population is that of.</summary>
    public required DateOnly Date { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public required string AddedByName { get; init; }

    /// <summary>A list of <see cref="MarginTotal"/> as JSON.</summary>
    public required string Margins { get; init; }
}

/// <summary>A total of a margin.</summary>
/// <param name="Variable">A column, or columns joined by * for interlocked cells.</param>
/// <param name="Level">One of its levels, joined by * likewise; empty for the total of a numeric variable.</param>
internal sealed record MarginTotal(string Variable, string Level, double Total);
