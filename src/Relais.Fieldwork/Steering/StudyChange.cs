namespace Relais.Fieldwork.Steering;

/// <summary>
/// Something that happened in a study and that other systems may want to know. Written by triggers, in the transaction of the change itself; it holds no
/// number, no name and no answer. Its place in the feed is dealt once its transaction is over (<see cref="ChangeFeed"/>), so that a reader who is at a place
/// has seen all before it.
/// </summary>
internal sealed class StudyChange
{
    public long Id { get; init; }

    /// <summary>As other systems know it; never another's.</summary>
    public required Guid EventId { get; init; }

    public required Guid StudyId { get; init; }

    public required int WaveId { get; init; }

    public long? CaseId { get; init; }

    /// <summary>One of <see cref="ChangeKinds"/>.</summary>
    public required string Kind { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>What is to be said of it, as a JSON object of ids and numbers.</summary>
    public required string Facts { get; init; }

    /// <summary>1, 2, 3, ... without a gap; null until it is dealt.</summary>
    public long? Position { get; set; }
}

/// <summary>The last place of the feed that was dealt: one row, whose lock makes the dealers take turns.</summary>
internal sealed class FeedHead
{
    public required short Id { get; init; }

    public required long Position { get; set; }

    /// <summary>The last place that is not kept any more.</summary>
    public required long Forgotten { get; set; }
}

/// <summary>What can happen.</summary>
internal static class ChangeKinds
{
    public const string CaseOutcome = "case.outcome";
    public const string AppointmentMade = "appointment.made";
    public const string CellClosed = "quota-cell.closed";
    public const string CellReopened = "quota-cell.reopened";
    public const string InterviewCompleted = "interview.completed";
    public const string InterviewRejected = "interview.rejected";
    public const string InterviewErased = "interview.erased";
    public const string CaseErased = "case.erased";

    /// <summary>What the test button sends; it is in no feed.</summary>
    public const string Test = "test";

    public static readonly IReadOnlyList<string> All = [CaseOutcome, AppointmentMade, CellClosed, CellReopened, InterviewCompleted, InterviewRejected, InterviewErased, CaseErased];
}
