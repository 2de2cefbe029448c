using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>The parameters column: <c>name=value</c>, separated by blanks, commas or semicolons. A value may hold <c>${x}</c>.</summary>
internal static class Parameters
{
    /// <summary>The pairs in the order written; null when a piece is no pair.</summary>
    public static IReadOnlyList<NamedValue>? Parse(string cell)
    {
        var pairs = new List<NamedValue>();
        // "randomize = true" is one pair, as people write it.
        foreach (var piece in cell.Replace(" =", "=", StringComparison.Ordinal).Replace("= ", "=", StringComparison.Ordinal).Split((char[])[' ', ',', ';', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries))
        {
            var at = piece.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || at == piece.Length - 1)
                return null;
            pairs.Add(new NamedValue(piece[..at].ToLowerInvariant(), piece[(at + 1)..]));
        }

        return pairs;
    }

    /// <summary>Which parameters a type has.</summary>
    public static IReadOnlyList<string> KnownFor(QuestionType type) => type switch
    {
        QuestionType.Range => ["start", "end", "step"],
        QuestionType.SelectOne or QuestionType.SelectMultiple or QuestionType.Rank => ["randomize", "seed", "value", "label"],
        QuestionType.ListeningDay => ["stations", "first", "last", "slot", "places", "devices", "moments"],
        QuestionType.Text => ["rows"],
        QuestionType.NotAsked or QuestionType.Metadata => ["max-pixels", "quality", "app", "capture-accuracy", "warning-accuracy", "allow-mock-accuracy", "location-priority", "location-min-interval", "location-max-age", "track-changes", "identify-user", "track-changes-reasons"],
        _ => [],
    };
}
