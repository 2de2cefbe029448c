using Relais.Telephony.Contracts;
using Relais.Telephony.Protocols.Quality;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Calls;

/// <summary>Where a call stands. It only ever goes forward.</summary>
internal enum CallState
{
    /// <summary>A row; nothing was sent yet, or the last trunk failed and the next one is tried.</summary>
    Asked,
    Trying,
    Ringing,
    EarlyMedia,
    Answered,
    Ended,
}

/// <summary>Why a call ended, for those who read it later.</summary>
internal enum CallEnd
{
    Refused,
    Cancelled,
    HungUpHere,
    HungUpThere,
    Silence,
    Transport,
    Expired,

    /// <summary>The server was restarted while the call was under way: it hung up as soon as it was back.</summary>
    Restarted,

    /// <summary>It was answered without a voice that we can take.</summary>
    NoVoice,

    /// <summary>It rang longer than we wait.</summary>
    NotAnswered,

    /// <summary>It lasted longer than any call may.</summary>
    TooLong,

    /// <summary>The interviewer's voice was away, and did not come back in time.</summary>
    VoiceLost,
}

/// <summary>A call through a trunk: one row from the wish to the end.</summary>
internal sealed class Call
{
    public required Guid Id { get; init; }

    public required Guid PersonId { get; init; }

    /// <summary>The number in the international form, +33123456789.</summary>
    public required string Number { get; init; }

    /// <summary>The node that carries it.</summary>
    public required string Node { get; init; }

    public Guid TrunkId { get; set; }

    public required string TrunkName { get; set; }

    /// <summary>The number that the callee is shown.</summary>
    public string Caller { get; set; } = "";

    /// <summary>Which of the trunk's numbers that is to be, whichever trunk carries it.</summary>
    public CallerClass CallerClass { get; init; }

    /// <summary>The study that is called for, which says whether the call is recorded; empty: none.</summary>
    public string Study { get; init; } = "";

    /// <summary>What is called about, as who ordered it names it: "case:1234"; empty: a number that somebody typed.</summary>
    public string Subject { get; init; } = "";

    public CallState State { get; private set; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When the first sign of the callee's telephone came.</summary>
    public DateTimeOffset? RingingAt { get; private set; }

    public DateTimeOffset? AnsweredAt { get; private set; }

    public DateTimeOffset? EndedAt { get; private set; }

    public CallEnd? End { get; private set; }

    public CallOutcome? Outcome { get; private set; }

    public int? SipStatus { get; private set; }

    public string? SipReason { get; private set; }

    /// <summary>Q.850.</summary>
    public int? Cause { get; private set; }

    /// <summary>Trunks that were tried before, each with the code that it gave: <c>principal 503</c>.</summary>
    public List<string> Tried { get; set; } = [];

    /// <summary>The INVITE as it went out last, and the answer: what a server that comes after this one needs to end the call. Encrypted.</summary>
    public string? Invite { get; set; }

    public string? Answer { get; set; }

    /// <summary>RTP packets of the callee's that came, and that should have come but did not.</summary>
    public long Received { get; set; }

    public long Lost { get; set; }

    /// <summary>Of the callee's packets, in milliseconds (RFC 3550).</summary>
    public double JitterMs { get; set; }

    /// <summary>What the leg from the operator was worth, 1 to 4.5 (E-model); null where nothing was heard.</summary>
    public double? Score { get; set; }

    /// <summary>Nobody was heard for longer than is usual between two people: in all, how often, and up to the last look.</summary>
    public int DeadAirMs { get; set; }

    public int DeadAirs { get; set; }

    public int SilenceMs { get; set; }

    /// <summary>Who was never heard although the other spoke.</summary>
    public VoiceSide? Unheard { get; set; }

    /// <summary>Share of each side's sounding frames that are cut off at the top.</summary>
    public double RespondentClipped { get; set; }

    public double InterviewerClipped { get; set; }

    public bool Wanted { get; private set; } = true;

    /// <summary>The peer's sign of progress; one that comes late changes nothing.</summary>
    public bool Advance(CallState state, DateTimeOffset now)
    {
        if (state <= State || State is CallState.Ended || state is CallState.Ended)
            return false;
        State = state;
        if (state is CallState.Ringing or CallState.EarlyMedia)
            RingingAt ??= now;
        if (state is CallState.Answered)
            AnsweredAt = now;
        return true;
    }

    /// <summary>Its caller does not want it any more: no other trunk is tried.</summary>
    public void GiveUp() => Wanted = false;

    /// <summary>The trunk failed before the callee was reached: from the beginning through another one.</summary>
    public bool TryNext(CallEnding ending, Guid trunk, string name)
    {
        if (State is not (CallState.Asked or CallState.Trying))
            return false;
        Tried = [.. Tried, FormattableString.Invariant($"{TrunkName} {ending.Status}")];
        (TrunkId, TrunkName, State, Invite, Answer) = (trunk, name, CallState.Asked, null, null);
        return true;
    }

    public bool Finish(CallEnding ending, DateTimeOffset now, CallEnd? why = null)
    {
        if (State is CallState.Ended)
            return false;
        Outcome = why switch
        {
            CallEnd.NotAnswered when AnsweredAt is null => CallOutcome.NoAnswer,
            CallEnd.Restarted or CallEnd.NoVoice when AnsweredAt is null => CallOutcome.Failed,
            _ => OutcomeOf.Ending(ending, AnsweredAt is not null),
        };
        (State, EndedAt, SipStatus, SipReason, Cause) = (CallState.Ended, now, ending.Status, ending.Reason, ending.Cause);
        End = why ?? ending.By switch
        {
            CallEndedBy.Refusal => CallEnd.Refused,
            CallEndedBy.Cancel => CallEnd.Cancelled,
            CallEndedBy.Here => CallEnd.HungUpHere,
            CallEndedBy.There => CallEnd.HungUpThere,
            CallEndedBy.Silence => CallEnd.Silence,
            CallEndedBy.Transport => CallEnd.Transport,
            CallEndedBy.Expiry => CallEnd.Expired,
        };
        (Invite, Answer) = (null, null);
        return true;
    }
}
