using System.Text.RegularExpressions;
using System.Xml.Linq;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Tests.Import;

/// <summary>What two tellings of the same form must agree in, a line each: its nodes with their rules, its controls in order, its choices.</summary>
internal static partial class FormFacts
{
    private static readonly string[] Rules = ["relevant", "constraint", "calculate", "required"];

    /// <summary>Read from an XForm's XML by this test itself, without the importer.</summary>
    public static IReadOnlyList<string> OfXml(byte[] xml)
    {
        using var stream = new MemoryStream(xml);
        var html = XDocument.Load(stream).Root!;
        var model = html.Descendants().First(e => e.Name.LocalName == "model");
        var root = Locals(model, "instance")[0].Elements().First().Name.LocalName;
        var facts = new List<string>();
        var binds = Locals(model, "bind").ToDictionary(bind => bind.Attribute("nodeset")!.Value, StringComparer.Ordinal);
        foreach (var node in Locals(model, "instance")[0].Elements().First().Descendants().DistinctBy(PathOf, StringComparer.Ordinal).Where(n => IsCompared(PathOf(n))))
        {
            var rules = Rules.Select(rule => (rule, binds.GetValueOrDefault(PathOf(node))?.Attribute(rule)))
                .Where(rule => rule.Item2 is not null).Select(rule => $" {rule.rule}={Plain(rule.Item2!.Value, root)}").ToList();
            if (!node.HasElements || rules.Count > 0)
                facts.Add($"node {Plain(PathOf(node), root)}{string.Concat(rules)}");
        }

        foreach (var control in html.Descendants().Where(e => e.Name.LocalName is "input" or "select" or "select1" or "trigger" or "upload" && IsCompared(e.Attribute("ref")!.Value)))
        {
            var itemset = control.Elements().FirstOrDefault(e => e.Name.LocalName == "itemset")?.Attribute("nodeset")?.Value;
            facts.Add($"asked {control.Name.LocalName} {Plain(control.Attribute("ref")!.Value, root)}{(itemset is null ? "" : " of " + Plain(itemset, root))}");
        }

        // Lists that no question uses are left out by neither side.
        foreach (var instance in Locals(model, "instance").Skip(1))
        {
            var names = instance.Descendants().Where(e => e.Name.LocalName == "item").Select(e => e.Elements().First(c => c.Name.LocalName == "name").Value);
            facts.Add($"list {instance.Attribute("id")!.Value}: {string.Join(' ', names)}");
        }

        return [.. facts.Where(f => !f.StartsWith("asked", StringComparison.Ordinal)).Order(StringComparer.Ordinal), .. facts.Where(f => f.StartsWith("asked", StringComparison.Ordinal))];
    }

    public static IReadOnlyList<string> Of(FormDefinition form)
    {
        var facts = new List<string>();
        foreach (var item in form.All().Where(item => item.Path is not null && IsCompared(item.Path)))
        {
            var question = item as FormQuestion;
            var rules = new[] { ("relevant", item.Relevant), ("constraint", question?.Constraint), ("calculate", question?.Calculation), ("required", question?.Required) }
                .Where(rule => rule.Item2 is not null).Select(rule => $" {rule.Item1}={Plain(rule.Item2!.XPath, form.Root)}").ToList();
            // A group without rules has no bind of its own.
            if (question is not null || rules.Count > 0)
                facts.Add($"node {Plain(item.Path!, form.Root)}{string.Concat(rules)}");
        }

        var asked = new List<string>();
        foreach (var question in form.Questions().Where(q => IsCompared(q.Path!)))
        {
            var control = question.Type switch
            {
                QuestionType.SelectOne => "select1",
                QuestionType.SelectMultiple => "select",
                QuestionType.Acknowledge => "trigger",
                QuestionType.NotAsked when question.TypeName is "image" or "audio" or "video" => "upload",
                QuestionType.Calculate or QuestionType.Hidden or QuestionType.Metadata => null,
                _ => "input",
            };
            var itemset = question.Choices is { } c ? $" of instance('{c.List}')/root/item{(c.Filter is null ? "" : $"[{Plain(c.Filter.XPath, form.Root)}]")}" : "";
            if (control is not null)
                asked.Add($"asked {control} {Plain(question.Path!, form.Root)}{itemset}");
        }

        facts.AddRange(form.Lists.Select(list => $"list {list.Name}: {string.Join(' ', list.Choices.Select(choice => choice.Name))}"));
        return [.. facts.Order(StringComparer.Ordinal), .. asked];
    }

    /// <summary>Labels, hints and messages, each language a line. pyxform turns typographic quotation marks straight; ours stay as they are written.</summary>
    public static IReadOnlyList<string> TextsOf(FormDefinition form, IReadOnlyCollection<string> languages) => [..
        from item in form.All()
        where item.Path is not null && IsCompared(item.Path)
        let question = item as FormQuestion
        from text in new[] { ("label", item.Label), ("hint", question?.Hint), ("required", question?.RequiredMessage), ("constraint", question?.ConstraintMessage) }
        from translation in text.Item2?.Translations ?? []
        where languages.Contains(translation.Language)
        orderby item.Path
        select $"{Plain(item.Path!, form.Root)} {text.Item1} {translation.Language}: " +
            Blanks().Replace(string.Concat(translation.Parts.Select(part => part.Literal?.Replace('“', '"').Replace('”', '"') ?? $"{{{Plain(part.Expression!, form.Root)}}}")), " ")];

    // pyxform adds rows of its own to table-lists, to show the choices once; our grid does that itself.
    private static bool IsCompared(string path) =>
        !path.Contains("/meta", StringComparison.Ordinal) && !path.Contains("reserved_name_for_field_list_labels", StringComparison.Ordinal) && !path.Contains("generated_table_list_label", StringComparison.Ordinal);

    private static string PathOf(XElement node) => "/" + string.Join('/', node.AncestorsAndSelf().TakeWhile(e => e.Name.LocalName != "instance").Reverse().Select(e => e.Name.LocalName));

    private static List<XElement> Locals(XElement element, string name) => [.. element.Elements().Where(e => e.Name.LocalName == name)];

    private static string Plain(string text, string root) =>
        Blanks().Replace(text.Replace($"/{root}/", "/data/", StringComparison.Ordinal), " ").Replace(" )", ")", StringComparison.Ordinal).Replace("( ", "(", StringComparison.Ordinal).Trim();

    [GeneratedRegex(@"\s+", RegexOptions.None, 1000)]
    private static partial Regex Blanks();
}
