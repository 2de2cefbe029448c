using System.Xml.Linq;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Import.XlsForm;

namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>The choices of an XForm: items inside a question, and secondary instances that itemsets read.</summary>
internal sealed class XFormChoices(XElement model, XFormTexts texts, FindingList findings)
{
    private readonly List<ChoiceList> _lists = [];
    private readonly HashSet<string> _ids = model.Locals("instance").Skip(1).Select(instance => instance.Get("id")).OfType<string>().ToHashSet(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly HashSet<string> _read = new(StringComparer.Ordinal);

    // Instances whose items are stored or shown by other children than those of a list stay plain data.
    private readonly HashSet<string> _plain = new(StringComparer.Ordinal);

    public ChoiceSource? Source(XElement control, ModelNode node)
    {
        if (control.Local("itemset") is { } itemset)
            return OfItemset(itemset, node);
        var items = control.Locals("item").ToList();
        return items.Count == 0 ? null : new ChoiceSource { List = Inline(items, node) };
    }

    /// <summary>The lists and the other secondary instances, once all questions were read.</summary>
    public (IReadOnlyList<ChoiceList> Lists, IReadOnlyList<FormInstance> Instances) All(ExternalFiles files)
    {
        var instances = new List<FormInstance>();
        foreach (var instance in model.Locals("instance").Skip(1))
        {
            if (instance.Get("id") is not { } id || !_read.Add(id))
                continue;
            if (instance.Get("src") is { } source)
                files.Add(id, source[(source.LastIndexOf('/') + 1)..], instance.Origin());
            else if (!_plain.Contains(id) && ListOf(id, instance) is { } list)
                _lists.Add(list);
            else if (instance.Elements().FirstOrDefault() is { } root)
                instances.Add(new FormInstance(id, instance.Origin()) { Content = Content(root) });
        }

        return (_lists, instances);
    }

    private ChoiceSource? OfItemset(XElement itemset, ModelNode node)
    {
        var origin = itemset.Origin();
        var written = itemset.Get("nodeset") ?? "";
        var value = itemset.Local("value")?.Get("ref") ?? "name";
        var label = itemset.Local("label")?.Get("ref") ?? "label";
        if (Itemset.Parse(written) is not { } parsed)
        {
            findings.Add(Say.BadItemset(origin, written));
            return null;
        }

        var source = new ChoiceSource
        {
            ValueRef = value,
            LabelRef = label.StartsWith("jr:itext(", StringComparison.Ordinal) ? "label" : label,
            Filter = parsed.Filter is null ? null : new FormExpression(parsed.Filter, origin),
            Randomize = parsed.Randomize,
            Seed = parsed.Seed is null ? null : new FormExpression(parsed.Seed, origin),
        };
        if (parsed.Instance is not { } id)
            return source with { Nodeset = new FormExpression(parsed.Nodes, origin), Filter = null };
        if (value != "name" || (label != "label" && !label.StartsWith("jr:itext(itextId", StringComparison.Ordinal)))
            _plain.Add(id);
        if (!_ids.Contains(id))
            findings.Add(Say.UnknownInstance(origin, id));
        return source with { List = id };
    }

    private string Inline(List<XElement> items, ModelNode node)
    {
        var name = node.Name;
        if (_ids.Contains(name) || !_names.Add(name))
            name = FormName.From(node.Path[1..].Replace('/', '.'));
        var choices = items.Select(item => new Choice((item.Local("value")?.Value ?? "").Trim(), texts.Of(item.Local("label")), item.Origin())).ToList();
        Check(name, choices);
        _lists.Add(new ChoiceList(name, choices, [], items[0].Origin()));
        return name;
    }

    private ChoiceList? ListOf(string id, XElement instance)
    {
        var root = instance.Elements().FirstOrDefault();
        var items = root?.Elements().ToList() ?? [];
        if (root?.Name.LocalName != "root" || items.Count == 0 || items.Any(item => item.Name.LocalName != "item" || item.Local("name") is null || item.Elements().Any(e => e.HasElements)))
            return null;
        var choices = items.Select(item => new Choice((item.Local("name")?.Value ?? "").Trim(), LabelOf(item), item.Origin())
        {
            Columns = [.. item.Elements().Where(e => e.Name.LocalName is not ("name" or "label" or "itextId") && e.Value.Trim().Length > 0)
                .Select(e => new NamedValue(e.Name.LocalName, e.Value.Trim()))],
        }).ToList();
        Check(id, choices);
        return new ChoiceList(id, choices, [.. choices.SelectMany(choice => choice.Columns).Select(column => column.Name).Distinct(StringComparer.Ordinal)], instance.Origin());
    }

    private FormText? LabelOf(XElement item) =>
        item.Local("itextId") is { } id ? texts.ById(id.Value.Trim(), id.Origin()) : texts.Of(item.Local("label"));

    private void Check(string list, List<Choice> choices)
    {
        var seen = new Dictionary<string, Origin>(StringComparer.Ordinal);
        foreach (var choice in choices)
        {
            if (choice.Name.Length == 0)
                findings.Add(Say.ChoiceWithoutName(choice.Origin, list));
            else if (choice.Name.Any(char.IsWhiteSpace))
                findings.Add(Say.ChoiceNameWithBlank(choice.Origin, choice.Name));
            else if (!seen.TryAdd(choice.Name, choice.Origin))
                findings.Add(Say.DoubleChoice(choice.Origin, list, choice.Name, seen[choice.Name]) with { Level = FindingLevel.Warning });
            if (choice.Label is null)
                findings.Add(Say.ChoiceWithoutLabel(choice.Origin, choice.Name));
        }
    }

    private static InstanceNode Content(XElement element) =>
        new(element.Name.LocalName, element.HasElements ? null : element.Value.Trim(), [.. element.Elements().Select(Content)]);
}
