namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>
/// A questionnaire, as imported from a workbook or an XForm. It never changes; a new version is a new definition. Two definitions are
/// the same when their <see cref="FormJson">canonical JSON</see> has the same bytes.
/// </summary>
public sealed record FormDefinition
{
    /// <summary>Its id, from the settings or the file's name.</summary>
    public required string Id { get; init; }

    /// <summary>The version its author wrote; empty when there is none.</summary>
    public string Version { get; init; } = "";

    /// <summary>What people call it.</summary>
    public required string Title { get; init; }

    /// <summary>Name of the root element: every path starts with <c>/</c> and this.</summary>
    public required string Root { get; init; }

    /// <summary>The language that is shown first and stands in for missing translations; one of <see cref="Languages"/>.</summary>
    public required string DefaultLanguage { get; init; }

    /// <summary>Every language, in the order of its columns; <c>default</c> for texts whose language was not named.</summary>
    public required IReadOnlyList<string> Languages { get; init; }

    /// <summary>A name for each interview; null when its author wants none.</summary>
    public FormExpression? InstanceName { get; init; }

    /// <summary>The tree of all items, in the order in which they are asked.</summary>
    public required IReadOnlyList<FormItem> Items { get; init; }

    /// <summary>Lists of choices, in the order of their first choice.</summary>
    public IReadOnlyList<ChoiceList> Lists { get; init; } = [];

    /// <summary>Other secondary instances.</summary>
    public IReadOnlyList<FormInstance> Instances { get; init; } = [];

    /// <summary>Every item, depth first: a group before what it contains.</summary>
    public IEnumerable<FormItem> All() => Walk(Items);

    /// <summary>Every item with a value, depth first.</summary>
    public IEnumerable<FormQuestion> Questions() => All().OfType<FormQuestion>();

    /// <summary>The items directly inside an item; none for a question.</summary>
    public static IReadOnlyList<FormItem> ItemsOf(FormItem item) => item switch
    {
        FormGroup group => group.Items,
        FormRepeat repeat => repeat.Items,
        _ => [],
    };

    private static IEnumerable<FormItem> Walk(IReadOnlyList<FormItem> items)
    {
        foreach (var item in items)
        {
            yield return item;
            foreach (var inner in Walk(ItemsOf(item)))
                yield return inner;
        }
    }
}
