namespace Relais.Telephony.Contracts;

/// <summary>What became of a call, in the words of those who place it. What it means for a case is the caller's to say.</summary>
public enum CallOutcome
{
    /// <summary>Answered, by somebody or something.</summary>
    Answered,
    Busy,

    /// <summary>It rang and nobody answered, or the network gave up.</summary>
    NoAnswer,

    /// <summary>There is no such number, or not any more.</summary>
    UnknownNumber,

    /// <summary>The callee, or what answers for them, does not want the call.</summary>
    Declined,

    /// <summary>The telephone is off or out of reach.</summary>
    Unavailable,

    /// <summary>No line was free on the way: worth another try soon.</summary>
    Congestion,

    /// <summary>The operator does not let us call there, or does not know us.</summary>
    Barred,

    /// <summary>The caller gave up before the answer.</summary>
    Cancelled,

    /// <summary>Anything technical: says nothing about the number.</summary>
    Failed,
}
