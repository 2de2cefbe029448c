namespace Relais.Audience.Runs;

internal enum RunState
{
    Queued,
    Running,

    /// <summary>It has results, which never change.</summary>
    Done,

    /// <summary>It has a diagnosis and no results.</summary>
    Failed,

    Cancelled,

    /// <summary>Its results were removed, because nobody published them. What it was made of is kept, so that it can be computed again.</summary>
    Removed,
}

/// <summary>What a run is doing, in the order of its work.</summary>
internal enum RunStep
{
    Waiting,
    Reading,
    Weighting,
    Figures,
    Curves,
    Saving,
}

/// <summary>One computation of a wave's weights and figures: from which bytes, by which settings and program, with which result.</summary>
internal sealed class Run
{
    public required Guid Id { get; init; }

    public required Guid WaveId { get; init; }

    /// <summary>From 1, for each wave.</summary>
    public required int Number { get; init; }

    public RunState State { get; init; } = RunState.Queued;

    public RunStep Step { get; init; }

    /// <summary>Which try this is: a try whose server died is followed by another, and can't write any more.</summary>
    public int Attempt { get; init; }

    public bool CancelAsked { get; init; }

    public required Guid RespondentsId { get; init; }

    public required Guid ListeningId { get; init; }

    public required string RespondentsSha256 { get; init; }

    public required string ListeningSha256 { get; init; }

    /// <summary><see cref="RunSettings"/> as JSON.</summary>
    public required string Settings { get; init; }

    public required string SettingsSha256 { get; init; }

    /// <summary>The program that computed it.</summary>
    public required string Software { get; init; }

    public required Guid RequestedById { get; init; }

    public required string RequestedByName { get; init; }

    public required DateTimeOffset RequestedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? FinishedAt { get; init; }

    /// <summary>When its results were removed; null: they were not.</summary>
    public DateTimeOffset? RemovedAt { get; init; }

    /// <summary><see cref="RunReport"/> as JSON, once done.</summary>
    public string? Report { get; init; }

    /// <summary>A list of <see cref="RunFault"/> as JSON, when it failed.</summary>
    public string? Faults { get; init; }

    /// <summary>Of the results as the CSV file that is exported, once done.</summary>
    public string? ResultSha256 { get; init; }

    public bool IsOver => State is RunState.Done or RunState.Failed or RunState.Cancelled or RunState.Removed;
}

/// <summary>A run's weights: eight bytes a respondent, little-endian, in the order of the respondents' file.</summary>
internal sealed class RunWeights
{
    public required Guid RunId { get; init; }

    public required byte[] Bytes { get; init; }
}
