using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import.Workbooks;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Makes a questionnaire of an XLSForm workbook.</summary>
internal static class XlsFormImporter
{
    private static readonly string[] Known = ["survey", "choices", "external_choices", "settings"];
    private static readonly string[] ChoiceSheets = ["choices", "external_choices"];

    public static FormImport Import(string fileName, byte[] file, Func<string, byte[]?> attached, ImportLimits limits)
    {
        var workbook = Workbook.Read(file, limits, name => Known.Contains(Plain(name), StringComparer.Ordinal));
        if (workbook.Refusal is { } refusal)
            return new FormImport(null, [Say.Refused(refusal)]);

        var findings = new FindingList();
        var names = workbook.Sheets.Select(sheet => sheet.Name).ToList();
        foreach (var other in names.Where(name => !Known.Contains(Plain(name), StringComparer.Ordinal)))
            findings.Add(Say.SheetNotRead(other));
        if (Find(workbook, "survey") is not { } survey)
        {
            findings.Add(Say.NoSurvey(names));
            return new FormImport(null, findings.Sorted(names));
        }

        var form = Form(fileName, workbook, survey, attached, limits, findings);
        if (form is not null)
            findings.AddRange(FormChecks.Check(form));
        return new FormImport(form, findings.Sorted(names));
    }

    private static FormDefinition? Form(string fileName, Workbook workbook, Sheet surveySheet, Func<string, byte[]?> attached, ImportLimits limits, FindingList findings)
    {
        var settings = FormSettings.Read(Find(workbook, "settings") is { } sheet ? FormSheet.Read(sheet, SheetKind.Settings, findings) : null, fileName, findings);
        var survey = FormSheet.Read(surveySheet, SheetKind.Survey, findings);
        var choiceSheets = ChoiceSheets.Select(name => Find(workbook, name)).OfType<Sheet>()
            .Select(found => FormSheet.Read(found, SheetKind.Choices, findings)).ToList();
        var reader = new SurveyReader(settings, limits, findings);
        var root = reader.Read(survey);
        if (root.Children.Count == 0)
        {
            findings.Add(Say.EmptySurvey(root.Origin));
            return null;
        }

        var names = new Names(root, findings);
        var languages = FormLanguages.Read(settings, survey, choiceSheets, findings);
        var texts = new Texts(languages, names, findings);
        var choices = new ChoicesReader(settings, texts, root, findings);
        foreach (var choiceSheet in choiceSheets)
            choices.Read(choiceSheet);

        var sources = new ChoiceBuilder(names, choices.Names, findings);
        var items = new ItemBuilder(names, texts, sources, findings).Items(root);
        var lists = choices.Lists(sources.WithOther);
        foreach (var list in lists.Where(list => !sources.Used.Contains(list.Name)))
            findings.Add(Say.UnusedList(list.Origin, list.Name));

        var form = new FormDefinition
        {
            Id = settings.Id, Title = settings.Title, Version = settings.Version, Root = settings.Root,
            DefaultLanguage = languages.Default, Languages = languages.All, Items = items, Lists = lists,
            InstanceName = settings.InstanceName.Text.Length > 0 ? names.Expression(settings.InstanceName, root) : null,
        };
        var files = new ExternalFiles(attached, limits, findings);
        foreach (var (id, (file, origin)) in sources.Files)
            files.Add(id, file, origin);
        foreach (var draft in reader.Files)
            files.Add(draft.Name, draft.Name + (draft.Type.Word == "csv-external" ? ".csv" : ".xml"), draft.Origin);
        return files.Into(form);
    }

    private static Sheet? Find(Workbook workbook, string name) => workbook.Sheets.FirstOrDefault(sheet => Plain(sheet.Name) == name);

    private static string Plain(string name) => name.Trim().ToLowerInvariant().Replace(' ', '_');
}
