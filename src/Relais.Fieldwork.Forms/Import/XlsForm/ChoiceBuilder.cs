using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Says where a question's choices come from, and in which order.</summary>
internal sealed class ChoiceBuilder(Names names, IReadOnlySet<string> lists, FindingList findings)
{
    /// <summary>Files that selects read, by the name of their instance, with the row that asked first.</summary>
    public Dictionary<string, (string File, Origin Origin)> Files { get; } = new(StringComparer.Ordinal);

    /// <summary>Lists that "other" is added to.</summary>
    public Dictionary<string, Origin> WithOther { get; } = new(StringComparer.Ordinal);

    /// <summary>Lists that a question uses.</summary>
    public HashSet<string> Used { get; } = new(StringComparer.Ordinal);

    public ChoiceSource Source(Draft draft, IReadOnlyList<NamedValue> parameters)
    {
        var row = draft.Row!;
        var filter = row.Cell(Columns.ChoiceFilter);
        var randomize = Parameter(parameters, "randomize") is { } yes && Flag.Read(yes) == true;
        var seed = Parameter(parameters, "seed");
        var place = row.Cell(Columns.Parameters).Origin;
        if (seed is not null && !randomize)
            findings.Add(Say.SeedWithoutRandomize(place));
        var order = Order(draft);
        if (order is not null && randomize)
            findings.Add(Say.TwoOrders(row.Cell(Columns.Order).Origin));
        if (draft.Type.OrOther && filter.Text.Length > 0)
            findings.Add(Say.OtherWithFilter(filter.Origin));

        var source = new ChoiceSource
        {
            Filter = filter.Text.Length > 0 ? names.Expression(filter, draft, inChoices: true) : null,
            Randomize = randomize,
            Seed = seed is null ? null : names.Expression(new FormCell(seed, place), draft),
            Order = order,
            OrOther = draft.Type.OrOther,
        };
        return draft.Type.Word.EndsWith("_from_file", StringComparison.Ordinal) ? FromFile(draft, source, parameters)
            : SurveyReader.IsName(draft.Type.List) ? FromRepeat(draft, source)
            : FromList(draft, source);
    }

    /// <summary>The order column of a group or select; null when the order is fixed.</summary>
    public ItemOrder? Order(Draft draft)
    {
        var row = draft.Row!;
        var seed = row.Cell(Columns.OrderSeed);
        if (Cells.Order(row.Cell(Columns.Order), findings) is not { } kind)
        {
            if (seed.Text.Length > 0)
                findings.Add(Say.SeedWithoutOrder(seed.Origin));
            return null;
        }

        return new ItemOrder(kind, seed.Text.Length > 0 ? names.Expression(seed, draft) : null, $"{draft.Parent!.Path}/{draft.Name}_order");
    }

    /// <summary>Notes that a list is used; false (and reported) when there is no such list.</summary>
    public bool Use(string list, Origin origin)
    {
        Used.Add(list);
        if (lists.Contains(list))
            return true;
        findings.Add(Say.UnknownList(origin, list, findings.Nearest(list, lists)));
        return false;
    }

    private ChoiceSource FromList(Draft draft, ChoiceSource source)
    {
        if (draft.Type.List.Length == 0)
            findings.Add(Say.SelectWithoutList(draft.Origin, draft.Type.Word));
        else if (Use(draft.Type.List, draft.Origin) && draft.Type.OrOther)
            WithOther.TryAdd(draft.Type.List, draft.Origin);
        return source with { List = draft.Type.List };
    }

    private ChoiceSource FromFile(Draft draft, ChoiceSource source, IReadOnlyList<NamedValue> parameters)
    {
        var file = draft.Type.List;
        var id = FormName.From(Path.GetFileNameWithoutExtension(file));
        if (!file.EndsWith(".csv", StringComparison.OrdinalIgnoreCase) && !file.EndsWith(".xml", StringComparison.OrdinalIgnoreCase))
            findings.Add(Say.FileKind(draft.Origin, file));
        else if (Files.TryGetValue(id, out var other) && other.File != file)
            findings.Add(Say.SameFileId(draft.Origin, file, other.File));
        else
            Files[id] = (file, draft.Origin);
        return source with { List = id, ValueRef = Parameter(parameters, "value") ?? "name", LabelRef = Parameter(parameters, "label") ?? "label" };
    }

    /// <summary><c>select_one ${name}</c>: the choices are what was answered to a question in each pass of a repeat.</summary>
    private ChoiceSource FromRepeat(Draft draft, ChoiceSource source)
    {
        var name = draft.Type.List[2..^1].Trim();
        var target = names.Find(name);
        var repeat = target?.Nodes().LastOrDefault(node => node.IsRepeat);
        if (target is null || repeat is null)
        {
            findings.Add(target is null ? Say.UnknownReference(draft.Origin, name, findings.Nearest(name, names.All)) : Say.NotInRepeat(draft.Origin, name));
            return source;
        }

        var steps = string.Join('/', target.Nodes().SkipWhile(node => node != repeat).Skip(1).Select(node => node.Name));
        var nodes = $"{Names.PathTo(repeat, draft)}[./{steps} != '']";
        return source with { Nodeset = new FormExpression(nodes, draft.Origin, draft.Type.List), ValueRef = steps, LabelRef = steps };
    }

    public static string? Parameter(IReadOnlyList<NamedValue> parameters, string name) => parameters.FirstOrDefault(p => p.Name == name)?.Value;
}
