namespace Relais.Fieldwork.Console.Desk;

/// <summary>How calls end, and the key of each: the first nine a number, the others a letter.</summary>
internal static class OutcomeKeys
{
    public const string Appointment = "appointment";

    /// <summary>Before anything was asked.</summary>
    public static readonly IReadOnlyList<string> Calling =
    [
        "no-answer", "busy", "machine", Appointment, "refused", "not-available", "household-refused", "do-not-call", "disconnected",
        "business", "fax", "line-fault", "blocked", "out-of-sample", "other-language", "unable", "deceased", "given-back",
    ];

    /// <summary>While the respondent answers.</summary>
    public static readonly IReadOnlyList<string> Asking =
        ["broke-off", "refused", "refused-for-now", "not-eligible", "other-language", "unable", "do-not-call", "partial"];

    public static string Key(int index) => index < 9 ? ((char)('1' + index)).ToString() : ((char)('A' + index - 9)).ToString();

    /// <summary>The outcome of a key; null when it has none.</summary>
    public static string? Find(IReadOnlyList<string> codes, string key)
    {
        for (var i = 0; i < codes.Count; i++)
        {
            if (string.Equals(Key(i), key, StringComparison.OrdinalIgnoreCase))
                return codes[i];
        }

        return null;
    }
}
