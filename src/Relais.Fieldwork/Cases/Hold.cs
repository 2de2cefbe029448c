namespace Relais.Fieldwork.Cases;

internal enum HoldStage : short
{
    /// <summary>Before anything was asked.</summary>
    Calling = 0,

    /// <summary>Screened: a quota slot is reserved, and there are answers.</summary>
    Interviewing = 1,
}

/// <summary>Somebody has a case. The database holds that a case is held once and that a person holds one.</summary>
internal sealed class Hold
{
    /// <summary>Instead of a slot: the respondent called us, so no rule of hours, tries or rest was asked.</summary>
    public const short CalledBack = -2;

    public required long CaseId { get; init; }

    /// <summary>The interviewer; while Relais calls the case by itself, the id of that call's row (<see cref="Dialling.DialledCall"/>).</summary>
    public required Guid PersonId { get; init; }

    public required int WaveId { get; init; }

    public required long Fence { get; init; }

    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>When the holder last gave a sign.</summary>
    public DateTimeOffset SeenAt { get; set; }

    /// <summary>Without a sign until then, the case comes back.</summary>
    public DateTimeOffset Until { get; set; }

    public HoldStage Stage { get; set; }

    public Guid? AppointmentId { get; init; }

    /// <summary>The slot of the day at the taking; -1: none; -2: <see cref="CalledBack"/>.</summary>
    public short Slot { get; init; }

    /// <summary>The call that Relais placed last; null: none.</summary>
    public Guid? CallId { get; init; }

    /// <summary>The position of the number that it called.</summary>
    public short? CallNumber { get; init; }
}

/// <summary>A call that was made, or a case that was given back or lost. Written once: the history of calls is the proof that the rules were kept.</summary>
internal sealed class Attempt
{
    /// <summary>Instead of a person: Relais called by itself, and no interviewer spoke.</summary>
    public static readonly Guid Nobody = Guid.Empty;

    public long Id { get; init; }

    public required long CaseId { get; init; }

    public required int WaveId { get; init; }

    /// <summary>The interviewer; <see cref="Nobody"/>.</summary>
    public required Guid PersonId { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset Until { get; init; }

    public required short Outcome { get; init; }

    /// <summary>As <see cref="Hold.Slot"/>.</summary>
    public required short Slot { get; init; }

    /// <summary>The position of the number that was called; -1: none was.</summary>
    public required short Number { get; init; }

    public required bool ByAppointment { get; init; }

    public required long Fence { get; init; }

    /// <summary>Telephony's call; null where the interviewer dialled.</summary>
    public Guid? CallId { get; init; }

    public string? Comment { get; init; }
}

/// <summary>What a command that carried an id was answered, so that the same command again is answered the same.</summary>
internal sealed class DoneCommand
{
    public required Guid Id { get; init; }

    public required Guid PersonId { get; init; }

    public required string Answer { get; init; }

    public required DateTimeOffset At { get; init; }
}
