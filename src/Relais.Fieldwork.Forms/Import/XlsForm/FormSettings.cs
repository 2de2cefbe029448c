using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>The row of the settings sheet.</summary>
internal sealed record FormSettings(string Id, string Title, string Version, string Root, string? DefaultLanguage, FormCell InstanceName, bool DoubleChoices, bool Flat)
{
    /// <summary>Reads the sheet; what it does not say comes from the file's name.</summary>
    /// <param name="sheet">Null when there is none.</param>
    /// <param name="fileName">Without its folder.</param>
    /// <param name="findings">Takes what is wrong.</param>
    public static FormSettings Read(FormSheet? sheet, string fileName, FindingList findings)
    {
        var stem = Path.GetFileNameWithoutExtension(fileName);
        var rows = sheet?.Rows.Where(row => !row.IsEmpty).ToList() ?? [];
        if (rows.Count > 1)
            findings.Add(Say.SecondSettingsRow(rows[1].Origin));
        if (rows.Count == 0)
            return new FormSettings(FormName.From(stem), stem, "", "data", null, new FormCell("", Origin.File), false, false);

        var row = rows[0];
        var id = row.Cell("form_id").Text;
        var title = row.Cell("form_title").Text;
        var root = row.Cell("name");
        if (root.Text.Length > 0 && !FormName.IsValid(root.Text))
            findings.Add(Say.BadName(root.Origin, root.Text, FormName.From(root.Text)));
        return new FormSettings(
            id.Length > 0 ? id : FormName.From(stem),
            title.Length > 0 ? title : id.Length > 0 ? id : stem,
            row.Cell("version").Text,
            FormName.IsValid(root.Text) ? root.Text : "data",
            row.Cell("default_language").Text is { Length: > 0 } language ? language : null,
            row.Cell("instance_name"),
            Flag.Read(row.Cell("allow_choice_duplicates").Text) == true,
            Flag.Read(row.Cell("flat").Text) == true);
    }
}

/// <summary>Yes and no as people write them.</summary>
internal static class Flag
{
    /// <summary>True, false, or null when it is neither.</summary>
    public static bool? Read(string text) => text.ToLowerInvariant() switch
    {
        "yes" or "true" or "true()" or "1" or "oui" => true,
        "no" or "false" or "false()" or "0" or "non" => false,
        _ => null,
    };
}
