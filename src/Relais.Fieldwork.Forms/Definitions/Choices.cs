namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>One answer that a list offers.</summary>
/// <param name="Name">What is stored: no blanks; unique in its list unless the author allowed doubles.</param>
/// <param name="Label">What is shown; null when there is none.</param>
/// <param name="Origin">Where it was written.</param>
public sealed record Choice(string Name, FormText? Label, Origin Origin)
{
    /// <summary>The other columns of its row, read by filters and searches (<c>frequency</c>, <c>nickname</c>); only those with a value.</summary>
    public IReadOnlyList<NamedValue> Columns { get; init; } = [];

    /// <summary>Not read aloud: offered only when the respondent says so.</summary>
    public bool DoNotRead { get; init; }

    /// <summary>Which place it keeps when the list is put in another order.</summary>
    public Anchor Anchor { get; init; }

    /// <summary>The outcome that the interview ends with when it is chosen; null goes on.</summary>
    public string? Disposition { get; init; }

    /// <summary>The value of a column; empty when it has none.</summary>
    public string Column(string name) =>
        Columns.FirstOrDefault(column => string.Equals(column.Name, name, StringComparison.Ordinal))?.Value ?? "";
}

/// <summary>
/// A list of choices. It is also the secondary instance of the same name: <c>instance('NAME')/root/item</c>, whose children are
/// <c>name</c>, <c>label</c> (in the default language) and every further column.
/// </summary>
/// <param name="Name">Unique in the form.</param>
/// <param name="Choices">In the order written.</param>
/// <param name="Columns">Names of the further columns that any of its choices fills, in the order of the sheet.</param>
/// <param name="Origin">Its first choice.</param>
public sealed record ChoiceList(string Name, IReadOnlyList<Choice> Choices, IReadOnlyList<string> Columns, Origin Origin);

/// <summary>Where a question's choices come from: a list of the form, a table read from a file, or instances of a repeat.</summary>
public sealed record ChoiceSource
{
    /// <summary>The list (<see cref="FormDefinition.Lists"/>) or instance (<see cref="FormDefinition.Instances"/>); empty when <see cref="Nodeset"/> is set.</summary>
    public string List { get; init; } = "";

    /// <summary>The items, when they come from the interview itself (choices are the instances of a repeat); null otherwise.</summary>
    public FormExpression? Nodeset { get; init; }

    /// <summary>Child of an item that is stored.</summary>
    public string ValueRef { get; init; } = "name";

    /// <summary>Child of an item that is shown, where the item has no label in the form's languages.</summary>
    public string LabelRef { get; init; } = "label";

    /// <summary>Only items for which this is true; the context is the item, <c>current()</c> is the question. Null keeps all.</summary>
    public FormExpression? Filter { get; init; }

    /// <summary>Shuffled by <c>randomize()</c> of the ODK XForms specification.</summary>
    public bool Randomize { get; init; }

    /// <summary>The seed of the shuffle; null draws one and keeps it with the interview.</summary>
    public FormExpression? Seed { get; init; }

    /// <summary>Another order with anchors, which is recorded; null when the order is that of the list or of <see cref="Randomize"/>.</summary>
    public ItemOrder? Order { get; init; }

    /// <summary>"Other" was added to the choices, with a question that asks which.</summary>
    public bool OrOther { get; init; }
}
