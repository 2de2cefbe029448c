namespace Relais.Fieldwork.Console.Desk;

/// <summary>Where the interviewer stands.</summary>
internal enum Stage
{
    /// <summary>The console loads.</summary>
    Opening,

    /// <summary>Another tab of this browser has the console.</summary>
    OtherTab,

    /// <summary>Between two calls.</summary>
    Ready,

    /// <summary>Relais calls, and will bring the case with the respondent.</summary>
    Waiting,

    /// <summary>A case is given: the number to dial, and how the call went.</summary>
    Calling,

    /// <summary>The respondent answers.</summary>
    Asking,

    /// <summary>The end is decided and on its way to the server.</summary>
    Ending,

    /// <summary>The call is over.</summary>
    Ended,

    /// <summary>Somebody else has the case, or the same person elsewhere.</summary>
    Lost,
}

/// <summary>What lies over the question.</summary>
internal enum Panel
{
    None,
    Actions,
    Comment,
    Languages,
    Outcomes,
    Appointment,
}
