using System.Text;
using Relais.Fieldwork.Forms.Sessions;

namespace Relais.Fieldwork.Console.Questions;

/// <summary>Finds a choice among hundreds by a part of its name, its frequency or a nickname; accents and capitals do not matter.</summary>
internal static class ChoiceFinder
{
    private const int MostShown = 8;

    private static readonly string[] Columns = ["frequency", "nickname"];

    public static IReadOnlyList<ScreenChoice> Find(IReadOnlyList<ScreenChoice> choices, string sought)
    {
        var wanted = Plain(sought);
        if (wanted.Length == 0)
            return [.. choices.Take(MostShown)];
        return [.. choices.Select((choice, place) => (choice, place, rank: Rank(choice, wanted))).Where(c => c.rank < int.MaxValue)
            .OrderBy(c => c.rank).ThenBy(c => c.place).Take(MostShown).Select(c => c.choice)];
    }

    // 0: a name that is exactly this; 1: begins with it; 2: a word of it begins so; 3: holds it.
    private static int Rank(ScreenChoice choice, string wanted) => Names(choice).Min(name =>
        name == wanted ? 0
        : name.StartsWith(wanted, StringComparison.Ordinal) ? 1
        : name.Contains(' ' + wanted, StringComparison.Ordinal) ? 2
        : name.Contains(wanted, StringComparison.Ordinal) ? 3
        : int.MaxValue);

    private static IEnumerable<string> Names(ScreenChoice choice) =>
        Columns.SelectMany(column => choice.Definition?.Column(column).Split('|') ?? []).Append(choice.Label).Select(Plain).Where(name => name.Length > 0).Append("\n");

    // The program carries no tables of Unicode: the accents of French are taken off here.
    private static string Plain(string text)
    {
        var plain = new StringBuilder(text.Length);
        foreach (var c in text.Trim().ToLowerInvariant())
        {
            plain.Append(c switch
            {
                'à' or 'â' or 'ä' or 'á' => "a",
                'é' or 'è' or 'ê' or 'ë' => "e",
                'î' or 'ï' or 'í' => "i",
                'ô' or 'ö' or 'ó' => "o",
                'ù' or 'û' or 'ü' or 'ú' => "u",
                'ç' => "c",
                'œ' => "oe",
                ',' => ".",
                '-' or '\'' or '’' => " ",
                _ => c.ToString(),
            });
        }

        return plain.ToString();
    }
}
