using System.Xml.Linq;
using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XForm;

/// <summary>Makes the tree of items: what the body shows, and between it the nodes that nobody sees, where the instance has them.</summary>
internal sealed class XFormBody(XFormModel model, XFormTexts texts, XFormChoices choices, FindingList findings)
{
    private readonly HashSet<string> _placed = new(StringComparer.Ordinal);

    public IReadOnlyList<FormItem> Items(XElement body)
    {
        var root = "/" + model.Root;
        var items = Items(body.Elements(), root).ToList();
        return WithUnseen(items, root);
    }

    private IEnumerable<FormItem> Items(IEnumerable<XElement> elements, string around)
    {
        foreach (var element in elements)
        {
            switch (element.Name.LocalName)
            {
                case "group" when RepeatOf(element) is { } repeat:
                    if (Repeat(repeat, element, around) is { } labelled)
                        yield return labelled;
                    break;
                case "repeat":
                    if (Repeat(element, element, around) is { } plain)
                        yield return plain;
                    break;
                case "group":
                    yield return Group(element, around);
                    break;
                case "label" or "hint" or "value" or "item" or "itemset":
                    break;
                case "setvalue":
                    model.SetValue(element);
                    break;
                case var name when XFormControls.IsControl(name):
                    if (Question(element, around) is { } question)
                        yield return question;
                    break;
                default:
                    findings.Add(Say.ElementNotRead(element.Origin(), element.Name.LocalName));
                    break;
            }
        }
    }

    /// <summary>A repeat is usually wrapped in a group that carries its label and nothing else.</summary>
    private static XElement? RepeatOf(XElement group)
    {
        var repeats = group.Locals("repeat").ToList();
        return repeats.Count == 1 && group.Elements().All(child => child.Name.LocalName is "repeat" or "label" or "hint") &&
            (group.Get("ref") is null || group.Get("ref") == repeats[0].Get("nodeset")) ? repeats[0] : null;
    }

    private FormRepeat? Repeat(XElement repeat, XElement labelled, string around)
    {
        if (Node(repeat, around) is not { } node)
            return null;
        foreach (var action in repeat.Descendants().Where(d => d.Name.LocalName == "setvalue"))
            model.SetValue(action);
        var items = Items(repeat.Elements().Where(e => e.Name.LocalName != "setvalue"), node.Path).ToList();
        var appearance = repeat.Get("appearance") ?? labelled.Get("appearance") ?? "";
        var count = repeat.Jr("count");
        return new FormRepeat
        {
            Name = node.Name, Path = node.Path, Origin = repeat.Origin(), Label = texts.Of(labelled.Local("label")), Appearance = appearance,
            Relevant = Bound(node.Path, "relevant"), FieldList = IsFieldList(appearance),
            Count = count is null ? null : new FormExpression(count, repeat.Origin()),
            Initial = count is null ? node.Instances : 0,
            Items = WithUnseen(items, node.Path),
        };
    }

    private FormGroup Group(XElement group, string around)
    {
        var node = group.Get("ref") is null && group.Get("nodeset") is null ? null : Node(group, around);
        var path = node?.Path ?? around;
        var items = Items(group.Elements(), path).ToList();
        var appearance = group.Get("appearance") ?? "";
        return new FormGroup
        {
            Name = node?.Name ?? "", Path = node?.Path, Origin = group.Origin(), Label = texts.Of(group.Local("label")), Appearance = appearance,
            Relevant = node is null ? null : Bound(node.Path, "relevant"), FieldList = IsFieldList(appearance),
            Items = node is null ? items : WithUnseen(items, path),
        };
    }

    private FormQuestion? Question(XElement control, string around)
    {
        foreach (var action in control.Locals("setvalue"))
            model.SetValue(action);
        if (Node(control, around) is not { } node)
            return null;
        var bind = model.BindOf(node.Path);
        var (word, type) = XFormControls.Of(control, bind);
        var label = texts.Of(control.Local("label"));
        var hint = texts.Of(control.Local("hint"));
        if (type == QuestionType.NotAsked)
            findings.Add(Say.NotOnTheTelephone(control.Origin(), word));
        else if (label is null && hint is null && bind?.Get("calculate") is null)
            findings.Add(Say.WithoutLabel(control.Origin(), node.Name, onlyPicture: true));
        return Bound(node, new FormQuestion
        {
            Name = node.Name, Path = node.Path, Origin = control.Origin(), Type = type, TypeName = word, Label = label, Hint = hint,
            Guidance = texts.GuidanceOf(control.Local("hint")), Appearance = control.Get("appearance") ?? "",
            Choices = type is QuestionType.SelectOne or QuestionType.SelectMultiple or QuestionType.Rank ? choices.Source(control, node) : null,
            Parameters = type == QuestionType.Range ? [.. ((string[])["start", "end", "step"]).Where(name => control.Get(name) is not null).Select(name => new NamedValue(name, control.Get(name) ?? ""))] : [],
        });
    }

    /// <summary>A question with what its bind and its node say.</summary>
    private FormQuestion Bound(ModelNode node, FormQuestion question)
    {
        var bind = model.BindOf(node.Path);
        var setter = model.SetterOf(node.Path);
        return question with
        {
            AnswerType = XFormControls.AnswerOf(bind),
            Relevant = Bound(node.Path, "relevant"), Required = Bound(node.Path, "required"), Constraint = Bound(node.Path, "constraint"),
            Calculation = Bound(node.Path, "calculate"), ReadOnly = Bound(node.Path, "readonly"),
            RequiredMessage = texts.Of(bind?.Jr("requiredMsg"), bind?.Origin() ?? node.Origin),
            ConstraintMessage = texts.Of(bind?.Jr("constraintMsg"), bind?.Origin() ?? node.Origin),
            Default = setter is { } literal && setter.Get("value") is null ? literal.Value.Trim() : node.Value.Length > 0 ? node.Value : null,
            DefaultExpression = setter?.Get("value") is { } value ? new FormExpression(value, setter.Origin()) : null,
        };
    }

    private FormExpression? Bound(string path, string attribute) =>
        model.BindOf(path)?.Attribute(attribute) is { } found && found.Value.Trim() is { Length: > 0 } text ? new FormExpression(text, found.Origin()) : null;

    /// <summary>The node that an element refers to; a node is asked at one place.</summary>
    private ModelNode? Node(XElement element, string around)
    {
        var reference = element.Get("ref") ?? element.Get("nodeset") ?? element.Get("bind") ?? "";
        var path = model.Absolute(reference, around);
        if (model.Nodes.TryGetValue(path, out var node) && reference.Length > 0 && _placed.Add(path))
        {
            if (node.Parent != around)
                findings.Add(Say.Misplaced(element.Origin(), reference, node.Parent));
            return node;
        }

        findings.Add(node is null ? Say.RefToNothing(element.Origin(), reference) : Say.DoubleName(element.Origin(), node.Name, node.Origin));
        return null;
    }

    /// <summary>The items with the unseen nodes of the same parent in between, each behind the node that stands before it in the instance.</summary>
    private List<FormItem> WithUnseen(List<FormItem> items, string parent)
    {
        var shown = Shown(items).ToHashSet(StringComparer.Ordinal);
        var behind = new Dictionary<string, List<FormItem>>(StringComparer.Ordinal);
        var before = "";
        foreach (var node in model.ChildrenOf(parent))
        {
            if (shown.Contains(node.Path))
            {
                before = node.Path;
            }
            else if (!IsMeta(node) && Unseen(node) is { } unseen)
            {
                if (!behind.TryGetValue(before, out var list))
                    behind[before] = list = [];
                list.Add(unseen);
            }
        }

        return behind.Count == 0 ? items : [.. behind.GetValueOrDefault("", []), .. items.SelectMany(item => Followed(item, behind))];
    }

    private static IEnumerable<FormItem> Followed(FormItem item, Dictionary<string, List<FormItem>> behind) => item switch
    {
        FormGroup { Path: null } group => [group with { Items = [.. group.Items.SelectMany(inner => Followed(inner, behind))] }],
        { Path: { } path } => [item, .. behind.GetValueOrDefault(path, [])],
        _ => [item],
    };

    /// <summary>The nodes of items, and of those inside groups that have no node themselves.</summary>
    private static IEnumerable<string> Shown(IReadOnlyList<FormItem> items) =>
        items.SelectMany(item => item.Path is { } path ? [path] : Shown(FormDefinition.ItemsOf(item)));

    private FormItem? Unseen(ModelNode node)
    {
        if (!_placed.Add(node.Path))
            return null;
        if (!node.IsLeaf)
        {
            return new FormGroup
            {
                Name = node.Name, Path = node.Path, Origin = node.Origin, Relevant = Bound(node.Path, "relevant"), Items = WithUnseen([], node.Path),
            };
        }

        var (word, type, metadata) = XFormControls.Unasked(model.BindOf(node.Path));
        if (type == QuestionType.Metadata && metadata == MetadataKind.None)
            findings.Add(Say.MetadataEmpty(node.Origin, word));
        return Bound(node, new FormQuestion { Name = node.Name, Path = node.Path, Origin = node.Origin, Type = type, TypeName = word, Metadata = metadata });
    }

    // The interview's own number is the platform's affair, its name is taken over as such.
    private bool IsMeta(ModelNode node) => node.Path == $"/{model.Root}/meta";

    private static bool IsFieldList(string appearance) => appearance.Split(' ').Any(word => word is "field-list" or "table-list");
}
