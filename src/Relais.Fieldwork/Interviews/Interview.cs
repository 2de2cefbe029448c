using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Reviews;

namespace Relais.Fieldwork.Interviews;

internal enum InterviewState : short
{
    /// <summary>Somebody asks and answers come in, or will again.</summary>
    Running = 0,

    /// <summary>All was asked; the answers count.</summary>
    Completed = 1,

    /// <summary>It ended before its end: refused, broken off, or nobody of the cell is wanted any more. What was answered is kept.</summary>
    Ended = 2,

    /// <summary>Completed, and rejected at its review: it counts nowhere, and is kept as it was.</summary>
    Rejected = 3,
}

/// <summary>
/// A conversation with the respondent of a case, over one call or several, always with the version of the questionnaire that it began with. It
/// knows no phone number.
/// </summary>
internal sealed class Interview
{
    public required Guid Id { get; init; }

    public required long CaseId { get; init; }

    public required int WaveId { get; init; }

    public required Guid QuestionnaireId { get; init; }

    /// <summary>Where all chance of this interview begins.</summary>
    public required long Seed { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    /// <summary>Of the interviewer's zone from UTC when it began: times without a zone are meant in it.</summary>
    public required short OffsetMinutes { get; init; }

    public required string Language { get; init; }

    /// <summary>The interviewer's name when it began, as the questionnaire may record it.</summary>
    public required string UserName { get; init; }

    /// <summary>What the sample said when it began, as a JSON object of texts.</summary>
    public required string Known { get; init; }

    /// <summary>Who writes it now.</summary>
    public Guid PersonId { get; set; }

    /// <summary>The case's fence when its writer took it: what comes with another is refused.</summary>
    public long Fence { get; set; }

    /// <summary>How many steps are stored: the number of the last one, because none is missing.</summary>
    public long LastSequence { get; set; }

    public InterviewState State { get; set; }

    /// <summary>The quota variables that a slot was last asked for, as JSON; null: not yet.</summary>
    public string? Screened { get; set; }

    /// <summary>A cell of these values takes nobody any more.</summary>
    public bool QuotaFull { get; set; }

    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>The outcome that the case was closed with.</summary>
    public string? Outcome { get; set; }

    /// <summary>Once completed: the record, as <see cref="FormSession.Record"/> with times writes it. Kept so that exports need not walk the steps again.</summary>
    public string? Record { get; set; }

    /// <summary>When a supervisor accepted it; null: not, or not yet.</summary>
    public DateTimeOffset? AcceptedAt { get; set; }

    /// <summary>Of conversation; <see cref="InterviewPace"/>.</summary>
    public int Seconds { get; private set; }

    public int Answers { get; private set; }

    /// <summary>Soft checks that were overridden.</summary>
    public int Confirmed { get; private set; }

    /// <summary>Answers that came faster than a question is read.</summary>
    public int Quick { get; private set; }

    public void Paced(InterviewPace pace) => (Seconds, Answers, Confirmed, Quick) = (pace.Seconds, pace.Answers, pace.Confirmed, pace.Quick);

    public SessionStart Start() => new(Seed, BegunAt.ToOffset(TimeSpan.FromMinutes(OffsetMinutes)))
    {
        Language = Language,
        Username = UserName,
        Known = FieldworkJson.Read<Dictionary<string, string>>(Known),
    };
}

/// <summary>One step of an interview. Written once, in order, without a gap.</summary>
internal sealed class InterviewEvent
{
    public required Guid InterviewId { get; init; }

    /// <summary>1, 2, 3, ...</summary>
    public required long Sequence { get; init; }

    public required FormEventKind Kind { get; init; }

    public required string Path { get; init; }

    public required string Value { get; init; }

    public required string Language { get; init; }

    /// <summary>By the interviewer's clock.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Of the interviewer's zone from UTC.</summary>
    public required short OffsetMinutes { get; init; }

    public required DateTimeOffset ReceivedAt { get; init; }

    public required Guid PersonId { get; init; }

    public required long Fence { get; init; }

    public FormEvent ToForm() => new(Sequence, Kind, Path, Value, Language, At.ToOffset(TimeSpan.FromMinutes(OffsetMinutes)));
}
