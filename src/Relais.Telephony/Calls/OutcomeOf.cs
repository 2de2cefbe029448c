using Relais.Telephony.Contracts;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Calls;

/// <summary>From SIP codes and Q.850 causes to outcomes.</summary>
internal static class OutcomeOf
{
    /// <param name="answered">Whether the call was answered before it ended.</param>
    public static CallOutcome Ending(CallEnding ending, bool answered) => (ending.By, answered) switch
    {
        (_, true) => CallOutcome.Answered,
        (CallEndedBy.Cancel or CallEndedBy.Here, _) => CallOutcome.Cancelled,
        (CallEndedBy.Refusal, _) => Refusal(ending.Status, ending.Cause),
        _ => CallOutcome.Failed,
    };

    /// <summary>Whether another trunk may have more luck with the same number: the trunk itself failed, and the callee was never reached.</summary>
    public static bool IsTrunksOwn(CallEnding ending) =>
        ending.By is CallEndedBy.Silence or CallEndedBy.Transport
        || (ending.By is CallEndedBy.Refusal && (ending.Status is 401 or 403 or 407 or 503 || (ending.Status is >= 500 and < 600 && Refusal(ending.Status, ending.Cause) is CallOutcome.Failed or CallOutcome.Congestion)));

    // The network's cause is the finer word: many gateways put 480 or 503 for all sorts of things.
    private static CallOutcome Refusal(int status, int? cause) => OfCause(cause) ?? status switch
    {
        486 or 600 => CallOutcome.Busy,
        408 or 480 or 487 => CallOutcome.NoAnswer,
        404 or 410 or 484 or 485 or 604 => CallOutcome.UnknownNumber,
        603 => CallOutcome.Declined,
        401 or 402 or 403 or 407 => CallOutcome.Barred,
        503 => CallOutcome.Congestion,
        _ => CallOutcome.Failed,
    };

    private static CallOutcome? OfCause(int? cause) => cause switch
    {
        1 or 2 or 3 or 22 or 28 => CallOutcome.UnknownNumber,
        17 => CallOutcome.Busy,
        18 or 19 => CallOutcome.NoAnswer,
        20 or 27 => CallOutcome.Unavailable,
        34 or 38 or 41 or 42 or 44 or 47 => CallOutcome.Congestion,
        52 or 54 or 57 or 58 => CallOutcome.Barred,
        _ => null,
    };
}
