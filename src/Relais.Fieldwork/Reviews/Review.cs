namespace Relais.Fieldwork.Reviews;

internal enum Verdict
{
    Accepted,
    Rejected,

    /// <summary>The rejection before it is undone: the interview counts again, and is to be reviewed.</summary>
    Restored,
}

/// <summary>What a supervisor found of a completed interview. Written once; the last one holds.</summary>
internal sealed class Review
{
    public const int ReasonLength = 1000;

    /// <summary>Instead of an outcome: the respondent is called again.</summary>
    public const string CallAgain = "call-again";

    public long Id { get; init; }

    public required Guid InterviewId { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>Of a rejection.</summary>
    public string? Reason { get; init; }

    /// <summary>What became of the case at a rejection: <see cref="CallAgain"/>, or the outcome that it ended with.</summary>
    public string? After { get; init; }

    /// <summary>The cells whose slot was given back or taken again.</summary>
    public int[] Cells { get; init; } = [];

    public required string ByName { get; init; }

    public required DateTimeOffset At { get; init; }
}
