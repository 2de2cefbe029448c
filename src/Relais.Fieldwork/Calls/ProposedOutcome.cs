using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Calls;

/// <summary>What the end of a call says of the case by itself. The interviewer confirms it, or knows better.</summary>
internal static class ProposedOutcome
{
    /// <summary>Who gives up earlier has not let it ring long enough to say that nobody is there.</summary>
    public static readonly TimeSpan LeastRinging = TimeSpan.FromSeconds(15);

    /// <returns>The code of an outcome; null where the call says nothing of the number: it was answered, failed for technical reasons, or was given up at once.</returns>
    public static string? Of(CallNow call) => call.Outcome is { } outcome ? Of(outcome, call) : null;

    private static string? Of(CallOutcome outcome, CallNow call) => outcome switch
    {
        CallOutcome.Busy => "busy",
        CallOutcome.NoAnswer or CallOutcome.Unavailable => "no-answer",
        CallOutcome.UnknownNumber => "disconnected",
        CallOutcome.Declined => "blocked",
        CallOutcome.Cancelled => call.RingingAt is { } rang && call.EndedAt - rang >= LeastRinging ? "no-answer" : null,
        CallOutcome.Answered or CallOutcome.Congestion or CallOutcome.Barred or CallOutcome.Failed => null,
    };
}
