namespace Relais.Telephony.Contracts;

/// <summary>Where a call stands. It only ever goes forward.</summary>
public enum CallStage
{
    /// <summary>Nothing was heard of the operator yet.</summary>
    Placed,

    /// <summary>The operator looks for the callee.</summary>
    Trying,
    Ringing,

    /// <summary>Something can be heard before the answer: a ringing tone, or an announcement of the operator's.</summary>
    Announced,
    Answered,
    Ended,
}

/// <summary>A call as it stands, or as it ended.</summary>
/// <param name="Outcome">Null until it ended.</param>
/// <param name="ByCallee">Whether the other side hung up.</param>
/// <param name="Restarted">Whether it ended because the server did.</param>
/// <param name="SipStatus">The SIP code that says how it ended.</param>
/// <param name="Cause">ITU-T Q.850; null where there is none.</param>
public sealed record CallNow(
    Guid Id, Guid Person, string Study, string Subject, CallStage Stage, DateTimeOffset AskedAt, DateTimeOffset? RingingAt, DateTimeOffset? AnsweredAt, DateTimeOffset? EndedAt,
    CallOutcome? Outcome, bool ByCallee, bool Restarted, int? SipStatus, int? Cause)
{
    /// <summary>From the answer to the end; zero for a call that was not answered, null for one that goes on.</summary>
    public TimeSpan? Spoken => EndedAt is { } ended ? (AnsweredAt is { } answered ? ended - answered : TimeSpan.Zero) : null;
}

/// <summary>Whether somebody's voice is there to call with.</summary>
public enum VoiceState
{
    /// <summary>This server carries no voices of browsers.</summary>
    Impossible,

    /// <summary>The headset is connected nowhere.</summary>
    Unplugged,

    /// <summary>It is, in some tab of the person's.</summary>
    Plugged,
}

/// <summary>Whether calls can go out.</summary>
public enum LineState
{
    /// <summary>This institute has no lines here.</summary>
    Missing,

    /// <summary>None answers, or none has a number of the class that is to be shown.</summary>
    Closed,
    Open,
}
