using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import.XlsForm;

namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>Makes a questionnaire of an XForm in XML.</summary>
internal static class XFormImporter
{
    public static FormImport Import(string fileName, byte[] file, Func<string, byte[]?> attached, ImportLimits limits)
    {
        var findings = new FindingList();
        var form = XFormDocument.Read(file, limits, findings) is { } document ? Form(fileName, document, attached, limits, findings) : null;
        if (form is not null)
            findings.AddRange(FormChecks.Check(form));
        return new FormImport(form, findings.Sorted([]));
    }

    private static FormDefinition? Form(string fileName, XFormDocument document, Func<string, byte[]?> attached, ImportLimits limits, FindingList findings)
    {
        if (document.Model.Local("instance")?.Elements().FirstOrDefault() is not { } main)
        {
            findings.Add(Say.NoModel(document.Model.Origin()));
            return null;
        }

        var texts = new XFormTexts(document.Model, findings);
        var model = new XFormModel(document.Model, main, findings);
        var choices = new XFormChoices(document.Model, texts, findings);
        var items = new XFormBody(model, texts, choices, findings).Items(document.Body);
        var files = new ExternalFiles(attached, limits, findings);
        var (lists, instances) = choices.All(files);
        var stem = Path.GetFileNameWithoutExtension(fileName);
        var name = model.BindOf($"/{model.Root}/meta/instanceName")?.Attribute("calculate");
        return files.Into(new FormDefinition
        {
            Id = main.Get("id") ?? FormName.From(stem),
            Version = main.Get("version") ?? "",
            Title = document.Head.Local("title")?.Value.Trim() is { Length: > 0 } title ? title : stem,
            Root = model.Root,
            DefaultLanguage = texts.Default,
            Languages = texts.Languages,
            InstanceName = name?.Value.Trim() is { Length: > 0 } xpath ? new FormExpression(xpath, name.Origin()) : null,
            Items = items,
            Lists = lists,
            Instances = instances,
        });
    }
}
