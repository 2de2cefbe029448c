namespace Relais.Traffic.Explore;

/// <summary>What somebody looked at, to look at it again: the explorer's address under a name.</summary>
internal sealed class SavedView
{
    public const int LongestName = 80;
    public const int LongestQuery = 500;

    public Guid Id { get; set; }

    public Guid PersonId { get; set; }

    public required string Name { get; set; }

    /// <summary>Begins with "?".</summary>
    public required string Query { get; set; }

    /// <summary>Whether all who read figures see it.</summary>
    public bool Shared { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}
