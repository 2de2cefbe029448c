namespace Relais.Fieldwork.Samples;

/// <summary>A number that is not to be called, whatever the study.</summary>
internal sealed class Suppression
{
    public required long Number { get; init; }

    /// <summary>Where it comes from: the name of a list, or that the respondent asked for it.</summary>
    public required string Source { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Cases by wave, state and outcome, kept by a trigger as differences: nothing waits for anything, and the board need not count a million rows.</summary>
internal sealed class CaseCount
{
    public long Id { get; init; }

    public required int WaveId { get; init; }

    public required short State { get; init; }

    public required short Outcome { get; init; }

    public required long Number { get; init; }
}

/// <summary>A file of cases that was imported, or refused: then its faults are kept, line by line.</summary>
internal sealed class SampleBatch
{
    public required Guid Id { get; init; }

    public required int WaveId { get; init; }

    public required string FileName { get; init; }

    public required DateTimeOffset At { get; init; }

    public required string ByName { get; init; }

    public long Lines { get; set; }

    public long Cases { get; set; }

    public long Suppressed { get; set; }

    public long FaultCount { get; set; }

    /// <summary>Null: under way.</summary>
    public bool? Kept { get; set; }
}

/// <summary>What is wrong with a line of a file.</summary>
internal sealed class SampleFault
{
    public required Guid BatchId { get; init; }

    public required int Position { get; init; }

    /// <summary>From 1, the header's; null when the file as a whole is meant.</summary>
    public long? Line { get; init; }

    public string? Column { get; init; }

    public required string Code { get; init; }

    /// <summary>What stood there.</summary>
    public string? Named { get; init; }
}
