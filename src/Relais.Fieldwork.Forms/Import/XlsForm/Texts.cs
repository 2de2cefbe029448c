using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Builds the translated texts of a row.</summary>
internal sealed class Texts(FormLanguages languages, Names names, FindingList findings)
{
    /// <summary>A field in all its languages; null when it is empty in every one.</summary>
    public FormText? Read(FormRow? row, string field, Draft context)
    {
        if (row is null)
            return null;
        var translations = new List<Translation>();
        foreach (var (column, cell) in row.Translations(field))
        {
            var language = languages.Of(column);
            if (translations.All(t => t.Language != language) && languages.All.Contains(language, StringComparer.Ordinal))
                translations.Add(new Translation(language, names.Template(cell.Text, context, cell.Origin), cell.Origin));
        }

        if (translations.Count == 0)
            return null;
        foreach (var language in languages.All)
        {
            if (translations.All(t => t.Language != language))
                findings.Add(Say.TranslationMissing(Place(row, field, language), field, language));
        }

        return new FormText([.. translations.OrderBy(t => languages.All.IndexOf(t.Language))]);
    }

    /// <summary>A text that the importer adds by itself, in French where a language is French and in English elsewhere.</summary>
    public FormText Own(string french, string english, Origin origin) =>
        new([.. languages.All.Select(language => new Translation(language, [TextPart.Words(IsFrench(language) ? french : english)], origin))]);

    private static bool IsFrench(string language) =>
        language.StartsWith("fr", StringComparison.OrdinalIgnoreCase) || language.Contains("(fr", StringComparison.OrdinalIgnoreCase);

    private Origin Place(FormRow row, string field, string language)
    {
        var header = row.Sheet.Headers.FirstOrDefault(h => h.Use == ColumnUse.Read && h.Field == field && languages.Of(h.Language) == language);
        return header is null ? row.Origin : row.Origin.At(header.Column);
    }
}

internal static class Lists
{
    public static int IndexOf(this IReadOnlyList<string> list, string value)
    {
        for (var at = 0; at < list.Count; at++)
        {
            if (string.Equals(list[at], value, StringComparison.Ordinal))
                return at;
        }

        return -1;
    }
}
