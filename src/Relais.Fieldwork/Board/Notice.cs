namespace Relais.Fieldwork.Board;

/// <summary>A few words from a supervisor to one interviewer or to all, or what a supervisor did that concerns one of them.</summary>
internal sealed class Notice
{
    public const int TextLength = 500;

    /// <summary>Written by the supervisor.</summary>
    public const string Words = "words";

    /// <summary>The case that its reader had in hand is somebody else's now; the text is the case's name in the sample.</summary>
    public const string CaseTaken = "case-taken";

    /// <summary>The case comes to its reader next; the text is the case's name in the sample.</summary>
    public const string CaseGiven = "case-given";

    /// <summary>An interview of its reader does not count; the text is the case's name and the reason.</summary>
    public const string InterviewRejected = "interview-rejected";

    public long Id { get; init; }

    /// <summary>Null: to everybody.</summary>
    public Guid? PersonId { get; init; }

    public string Kind { get; init; } = Words;

    public required string Text { get; init; }

    public required string ByName { get; init; }

    public required DateTimeOffset At { get; init; }
}

/// <summary>Somebody said that they read a message.</summary>
internal sealed class NoticeRead
{
    public required long NoticeId { get; init; }

    public required Guid PersonId { get; init; }

    public required DateTimeOffset At { get; init; }
}
