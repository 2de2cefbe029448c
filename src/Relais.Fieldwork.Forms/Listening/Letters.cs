namespace Relais.Fieldwork.Forms.Listening;

/// <summary>Latin letters without their accents: a table of its own, because a browser has none for every language.</summary>
internal static class Letters
{
    private const string Accented = "àáâãäåāăąçćčďđèéêëēėęěìíîïīįłñńňòóôõöøōőŕřśšşťţùúûüūůűųýÿźżž";
    private const string Without = "aaaaaaaaacccddeeeeeeeeiiiiiilnnnoooooooorrsssttuuuuuuuuyyzzz";

    private static readonly Dictionary<char, string> Table = Build();

    /// <summary>What to search a lower-case character by; null when it is neither letter nor digit.</summary>
    public static string? Plain(char c)
    {
        if (c is >= 'a' and <= 'z' or >= '0' and <= '9')
            return Single(c);
        if (Table.TryGetValue(c, out var plain))
            return plain;
        // An accent on its own belongs to the letter before.
        if (c is >= '\u0300' and <= '\u036F' or '\'' or '’')
            return "";
        return char.IsLetterOrDigit(c) ? c.ToString() : null;
    }

    private static string Single(char c) => Ascii[c];

    private static readonly string[] Ascii = [.. Enumerable.Range(0, 128).Select(c => ((char)c).ToString())];

    private static Dictionary<char, string> Build()
    {
        var table = new Dictionary<char, string> { ['œ'] = "oe", ['æ'] = "ae", ['ß'] = "ss" };
        for (var i = 0; i < Accented.Length; i++)
            table[Accented[i]] = Without[i].ToString();
        return table;
    }
}
