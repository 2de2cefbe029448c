namespace Relais.Fieldwork.Studies;

/// <summary>Who dials the numbers of a wave.</summary>
internal enum DialMode
{
    /// <summary>The interviewer, on a telephone of their own.</summary>
    Manual,

    /// <summary>Relais, once the interviewer has seen the case and wishes it. Where no line is open, as manual.</summary>
    Preview,

    /// <summary>Relais, by itself: a call for each interviewer who waits. Where this server carries no voices, as preview.</summary>
    Progressive,

    /// <summary>Relais, by itself and ahead of interviewers who are about to be free, within the limit on abandoned calls.</summary>
    Predictive,
}

internal static class DialModes
{
    /// <summary>Whether cases are called without an interviewer's having seen them.</summary>
    public static bool IsAutomatic(this DialMode mode) => mode is DialMode.Progressive or DialMode.Predictive;
}
