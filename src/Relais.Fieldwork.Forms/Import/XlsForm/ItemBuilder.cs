using Relais.Fieldwork.Forms.Checks;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>Makes items of the tree of rows.</summary>
internal sealed class ItemBuilder(Names names, Texts texts, ChoiceBuilder choices, FindingList findings)
{
    private static readonly string[] OfQuestionsOnly =
    [
        Columns.Required, Columns.RequiredMessage, Columns.Constraint, Columns.ConstraintMessage, Columns.Calculation, Columns.Default, Columns.ChoiceFilter,
        Columns.Check, Columns.Quota, Columns.Disposition, Columns.Parameters,
    ];

    private readonly QuestionBuilder _questions = new(names, texts, choices, findings);

    public IReadOnlyList<FormItem> Items(Draft parent, string? relevant = null) => [.. parent.Children.Select(child => Item(child, relevant))];

    private FormItem Item(Draft draft, string? around)
    {
        var (label, relevant) = (texts.Read(draft.Row, Columns.Label, draft) ?? draft.Label, Relevant(draft, around));
        if (draft.Type.Kind == RowKind.Question)
            return _questions.Question(draft, label, relevant);

        var row = draft.Row!;
        foreach (var field in OfQuestionsOnly)
        {
            if (row.Cell(field) is { Text.Length: > 0 } cell)
                findings.Add(Say.NotForType(cell.Origin, field, draft.Type.Word));
        }

        var appearance = row.Cell(Columns.Appearance).Text;
        var fieldList = appearance.Split(' ').Any(word => word is "field-list" or "table-list");
        var time = Flag.Read(row.Cell(Columns.Timestamp).Text) == true ? PathOf(draft, "_time") : null;
        var anchor = Cells.Anchor(row.Cell(Columns.Anchor), findings);
        if (draft.IsRepeat)
        {
            if (row.Cell(Columns.Order) is { Text.Length: > 0 } ordered)
                findings.Add(Say.NotForType(ordered.Origin, Columns.Order, draft.Type.Word));
            return new FormRepeat
            {
                Name = draft.Name, Path = draft.Path, Origin = draft.Origin, Label = label, Relevant = relevant, Appearance = appearance,
                TimestampPath = time, Anchor = anchor, FieldList = fieldList, Count = Count(draft), Initial = row.Cell(Columns.RepeatCount).Text.Length > 0 ? 0 : 1,
                Items = Items(draft),
            };
        }

        var order = choices.Order(draft);
        // Without a node of its own a group has no bind either: its relevance is that of each item in it.
        return new FormGroup
        {
            Name = draft.Name, Path = draft.HasNode ? draft.Path : null, Origin = draft.Origin, Label = label, Relevant = draft.HasNode ? relevant : null,
            Appearance = appearance, TimestampPath = time, Anchor = anchor, FieldList = fieldList, Order = order,
            Items = Settled(Items(draft, draft.HasNode ? null : relevant?.XPath), order),
        };
    }

    // What nobody sees does not change places: it would be drawn to begin a rotation, and whatever follows it would begin too often.
    private static IReadOnlyList<FormItem> Settled(IReadOnlyList<FormItem> items, ItemOrder? order) => order is null ? items : [.. items.Select(item =>
        item is FormQuestion { Anchor: Anchor.None, Type: QuestionType.Calculate or QuestionType.Hidden or QuestionType.Metadata or QuestionType.NotAsked } unseen ? unseen with { Anchor = Anchor.First } : item)];

    private FormExpression? Relevant(Draft draft, string? around)
    {
        var own = draft.Relevant is { } added ? new FormCell(added.Text, added.Origin) : draft.Row?.Cell(Columns.Relevant) ?? new FormCell("", draft.Origin);
        if (own.Text.Length == 0)
            return around is null ? null : new FormExpression(around, draft.Origin);
        var resolved = names.Expression(own, draft);
        return around is null ? resolved : resolved with { XPath = $"({around}) and ({resolved.XPath})" };
    }

    private FormExpression? Count(Draft draft)
    {
        var cell = draft.Row!.Cell(Columns.RepeatCount);
        return cell.Text.Length == 0 ? null
            : SurveyReader.IsName(cell.Text) ? names.Expression(cell, draft)
            : new FormExpression(names.Resolve("${" + draft.Name + "_count}", draft, cell.Origin), cell.Origin, cell.Text);
    }

    private static string PathOf(Draft draft, string suffix) => $"{draft.Parent!.Path}/{draft.Name}{suffix}";
}
