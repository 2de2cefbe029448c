namespace Relais.Audience.Studies;

/// <summary>What a series of waves has in common.</summary>
internal sealed class Study
{
    public const int NameLength = 120;

    public required Guid Id { get; init; }

    public required string Name { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The version that the next run takes.</summary>
    public int LatestVersion { get; set; }

    public List<StudyVersion> Versions { get; } = [];
}

/// <summary>The settings of a study as they were from a moment on. Never changed: another version follows.</summary>
internal sealed class StudyVersion
{
    public required Guid StudyId { get; init; }

    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string ByName { get; init; }

    /// <summary><see cref="StudySettings"/> as JSON.</summary>
    public required string Settings { get; init; }
}
