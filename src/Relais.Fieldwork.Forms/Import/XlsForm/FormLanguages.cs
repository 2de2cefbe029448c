using Relais.Fieldwork.Forms.Checks;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Which languages a workbook has.</summary>
internal sealed class FormLanguages
{
    private FormLanguages(string byDefault, IReadOnlyList<string> all) => (Default, All) = (byDefault, all);

    public string Default { get; }

    /// <summary>In the order of their columns.</summary>
    public IReadOnlyList<string> All { get; }

    /// <summary>The language of a column; one that names none is in the default language.</summary>
    public string Of(string? column) => column ?? Default;

    public static FormLanguages Read(FormSettings settings, FormSheet survey, IEnumerable<FormSheet> choices, FindingList findings)
    {
        var sheets = choices.Prepend(survey).ToList();
        // A language that only pictures or hints are in is none that the form can be asked in.
        var labels = sheets.SelectMany(sheet => sheet.Headers).Where(header => header.Use == ColumnUse.Read && header.Field == Columns.Label).ToList();
        var named = labels.Select(header => header.Language).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var plain = survey.Headers.Any(header => header.Use == ColumnUse.Read && header.Field == Columns.Label && header.Language is null);
        var byDefault = settings.DefaultLanguage ?? (plain || named.Count == 0 ? "default" : named[0]);
        var all = labels.Select(header => header.Language ?? byDefault).Distinct(StringComparer.Ordinal).ToList();
        if (all.Count > 0 && !all.Contains(byDefault, StringComparer.Ordinal))
            findings.Add(Say.DefaultLanguageUnused(byDefault, all));
        return all.Contains(byDefault, StringComparer.Ordinal) ? new(byDefault, all) : new(byDefault, [byDefault, .. all]);
    }
}
