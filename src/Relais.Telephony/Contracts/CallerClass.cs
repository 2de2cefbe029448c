namespace Relais.Telephony.Contracts;

/// <summary>Which of a line's numbers the callee is shown.</summary>
public enum CallerClass
{
    /// <summary>The line's own number: for calls that a person places one by one.</summary>
    Ordinary,

    /// <summary>
    /// A number of the ranges that automated systems must show in France, surveys included (ARCEP, decision 2022-1583, "numéros polyvalents vérifiés"). A line that
    /// has none places no such call.
    /// </summary>
    Verified,
}
