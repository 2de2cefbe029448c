namespace Relais.Telephony.Protocols.Sip;

/// <summary>The timers of transactions, by the letters of RFC 3261, table 4, and RFC 6026.</summary>
public enum SipTimer
{
    /// <summary>Sends a request or a final response of an INVITE again: A, E and G.</summary>
    Again,

    /// <summary>Gives up waiting for an answer, or for an ACK: B, F and H.</summary>
    GiveUp,

    /// <summary>Ends a transaction that stays only to absorb repetitions: D, I, J, K, L and M.</summary>
    Linger,
}

/// <summary>What a transaction wants done.</summary>
public abstract record SipAction
{
    private SipAction()
    {
    }

    /// <summary>Send it to where the transaction's messages go.</summary>
    public sealed record Send(SipMessage Message) : SipAction;

    /// <summary>Start this timer, or start it anew.</summary>
    public sealed record Start(SipTimer Timer, TimeSpan After) : SipAction;

    /// <summary>Stop it, if it runs.</summary>
    public sealed record Stop(SipTimer Timer) : SipAction;

    /// <summary>Give it to whoever uses the transaction: once, repetitions are absorbed.</summary>
    public sealed record Deliver(SipMessage Message) : SipAction;

    /// <summary>Tell whoever uses it that nobody answered, or that the way is broken.</summary>
    public sealed record Fail(SipFailure Why) : SipAction;

    /// <summary>It is over and can be forgotten.</summary>
    public sealed record End : SipAction;
}

public enum SipFailure
{
    /// <summary>No answer in 32 s: as if a 408 had come.</summary>
    TimedOut,

    /// <summary>It could not be sent: as if a 503 had come.</summary>
    Transport,

    /// <summary>Our final response to an INVITE was never acknowledged.</summary>
    NoAck,
}

/// <summary>The times that transactions count with (RFC 3261, table 4).</summary>
public static class SipTimes
{
    /// <summary>The round trip that is guessed.</summary>
    public static readonly TimeSpan T1 = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest pause between repetitions.</summary>
    public static readonly TimeSpan T2 = TimeSpan.FromSeconds(4);

    /// <summary>How long a message may wander.</summary>
    public static readonly TimeSpan T4 = TimeSpan.FromSeconds(5);

    /// <summary>How long a transaction waits, and absorbs what comes after it: 64 times T1.</summary>
    public static readonly TimeSpan Whole = 64 * T1;
}
