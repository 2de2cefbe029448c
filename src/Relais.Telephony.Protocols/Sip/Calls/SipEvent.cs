namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>What happened, told to whoever asked for a call, a registration or a probe.</summary>
public abstract record SipEvent
{
    private SipEvent()
    {
    }

    /// <summary>The peer has the call and looks for the callee.</summary>
    public sealed record Trying : SipEvent;

    /// <summary>The callee's telephone rings, or the call waits: 180 to 189.</summary>
    public sealed record Ringing(int Status) : SipEvent;

    /// <summary>Something can be heard before the answer: a ringing tone or an announcement.</summary>
    /// <param name="Description">The peer's session description.</param>
    public sealed record EarlyMedia(byte[] Description) : SipEvent;

    /// <summary>The call is answered, once.</summary>
    /// <param name="Description">The peer's session description; empty where it sent none in the answer.</param>
    public sealed record Answered(byte[] Description) : SipEvent;

    /// <summary>Whoever called us has our answer: from here on they can be who they say they are.</summary>
    public sealed record Begun : SipEvent;

    /// <summary>The peer wants the media otherwise (hold, another address) and waits for <see cref="SipCall.Answer"/> or <see cref="SipCall.RefuseOffer"/>.</summary>
    /// <param name="Description">Empty where it wants to hear our offer.</param>
    public sealed record Offered(byte[] Description) : SipEvent;

    /// <summary>Our offer was taken, or the peer answered the one that it had asked for.</summary>
    public sealed record Agreed(byte[] Description) : SipEvent;

    /// <summary>Our offer was refused; the call goes on as it was.</summary>
    public sealed record OfferRefused(int Status) : SipEvent;

    /// <summary>The call is over, once.</summary>
    public sealed record Ended(CallEnding Ending) : SipEvent;

    /// <summary>The registrar knows where we are, for this long.</summary>
    public sealed record Registered(TimeSpan For) : SipEvent;

    /// <summary>It refused or kept silent; it is asked again after this time, or never where that is null.</summary>
    public sealed record NotRegistered(int Status, string Reason, TimeSpan? AgainAfter) : SipEvent;

    /// <summary>The peer answered a probe.</summary>
    public sealed record Reachable(int Status) : SipEvent;

    /// <summary>It did not, or said that it takes no calls: 408 for silence, 503.</summary>
    public sealed record Unreachable(int Status) : SipEvent;
}

/// <summary>Who or what ended a call.</summary>
public enum CallEndedBy
{
    /// <summary>The peer refused it with a final response.</summary>
    Refusal,

    /// <summary>The caller gave up before the answer.</summary>
    Cancel,

    /// <summary>This side hung up.</summary>
    Here,

    /// <summary>The other side hung up.</summary>
    There,

    /// <summary>Nobody answered a request: the peer or the way to it is gone.</summary>
    Silence,

    /// <summary>The message could not be sent at all.</summary>
    Transport,

    /// <summary>The session was not refreshed in time (RFC 4028).</summary>
    Expiry,
}

/// <summary>How a call ended.</summary>
/// <param name="Status">The SIP code that says it: that of the refusal, 200 for a call that was answered and hung up, 487 for one that was cancelled, 408 for silence.</param>
/// <param name="Cause">The peer's Q.850 cause where it gave one (RFC 3326), else the code's usual one (RFC 3398); null where there is none.</param>
public sealed record CallEnding(CallEndedBy By, int Status, string Reason, int? Cause);
