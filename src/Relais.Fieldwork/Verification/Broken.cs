namespace Relais.Fieldwork.Verification;

/// <summary>The promises that a verification holds the rows against, by the names that it prints.</summary>
internal static class Broken
{
    /// <summary>A case was in two people's hands at once, or one person had two.</summary>
    public const string HeldTwice = "held twice";

    /// <summary>States, holds, appointments and reservations that do not fit together.</summary>
    public const string State = "state";

    /// <summary>A call outside the legal hours of the respondent's zone.</summary>
    public const string Hours = "hours";

    /// <summary>More tries in a slot of the day, or in all, than the rules allow.</summary>
    public const string Tries = "tries";

    /// <summary>A call too soon after the one before.</summary>
    public const string Delay = "delay";

    /// <summary>A number called more often in thirty days than the rules allow.</summary>
    public const string ThirtyDays = "thirty days";

    /// <summary>A number called while it was to rest after a silent call.</summary>
    public const string Rest = "rest";

    /// <summary>A call by appointment before or long after its hour, or by somebody else than promised.</summary>
    public const string Appointment = "appointment";

    /// <summary>A number called that was on a suppression list.</summary>
    public const string Suppressed = "suppressed";

    /// <summary>Completed interviews and committed slots that are not equal.</summary>
    public const string Quota = "quota";

    /// <summary>A hard cell with more than its target.</summary>
    public const string Overshoot = "overshoot";

    /// <summary>An answer that the server said it has and has not, or steps that don't make the stored record.</summary>
    public const string Answers = "answers";

    /// <summary>A completed interview that another module should have and has not.</summary>
    public const string Arrival = "arrival";
}
