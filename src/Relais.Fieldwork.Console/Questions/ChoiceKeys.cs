using System.Globalization;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Console.Questions;

/// <summary>Which key means which choice: numbers for what is read aloud, letters for what the respondent says unasked ("ne sait pas": N).</summary>
internal static class ChoiceKeys
{
    /// <summary>More choices than that are searched and not listed.</summary>
    public const int MostShown = 24;

    public static IReadOnlyList<string> Of(IReadOnlyList<ScreenChoice> choices)
    {
        var keys = new string[choices.Count];
        var taken = new HashSet<string>(StringComparer.Ordinal);
        var number = 0;
        for (var i = 0; i < choices.Count; i++)
            keys[i] = choices[i].DoNotRead && Letter(choices[i].Label, taken) is { } letter ? letter : (++number).ToString(CultureInfo.InvariantCulture);
        return keys;
    }

    private static string? Letter(string label, HashSet<string> taken)
    {
        foreach (var c in label)
        {
            var letter = char.ToUpperInvariant(c).ToString();
            if (letter[0] is >= 'A' and <= 'Z' && taken.Add(letter))
                return letter;
        }

        return null;
    }
}
