using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>A compiled soft check.</summary>
internal sealed record CompiledCheck(Expression Expression, FormText? Message);

/// <summary>An item of the questionnaire with its expressions compiled. Shared by all interviews.</summary>
internal sealed class ProgramItem(int index, FormItem item, ProgramItem? parent, string path)
{
    /// <summary>Place among all items, depth first.</summary>
    public int Index { get; } = index;

    public FormItem Item { get; } = item;

    public FormQuestion? Question { get; } = item as FormQuestion;

    public ProgramItem? Parent { get; } = parent;

    public List<ProgramItem> Children { get; } = [];

    /// <summary>Path of the node that its expressions stand on: its own, or of a group without a node that of what is around it.</summary>
    public string Path { get; } = path;

    public bool HasNode => Item.Path is not null;

    public bool IsRepeat => Item is FormRepeat;

    public Expression? Relevant { get; set; }

    public Expression? Calculation { get; set; }

    public Expression? Default { get; set; }

    public Expression? Required { get; set; }

    public Expression? Constraint { get; set; }

    public Expression? ReadOnly { get; set; }

    public Expression? Count { get; set; }

    public Expression? Filter { get; set; }

    public Expression? Nodeset { get; set; }

    /// <summary>Of a shuffle by randomize().</summary>
    public Expression? ChoiceSeed { get; set; }

    /// <summary>Of a recorded order, of choices or of the items of a group.</summary>
    public Expression? OrderSeed { get; set; }

    public List<CompiledCheck> Checks { get; } = [];

    /// <summary>Choices that end the interview, by name.</summary>
    public Dictionary<string, Choice> Endings { get; } = new(StringComparer.Ordinal);

    /// <summary>The item whose recorded order this one holds; null for any other.</summary>
    public ProgramItem? OrderOf { get; set; }

    /// <summary>It is shown to the interviewer.</summary>
    public bool IsShown => Question is { Type: not (QuestionType.Calculate or QuestionType.Hidden or QuestionType.Metadata or QuestionType.NotAsked) };

    /// <summary>It takes an answer.</summary>
    public bool IsAsked => IsShown && Question is { Type: not QuestionType.Note, Calculation: null };

    public ItemOrder? Order => Item is FormGroup group ? group.Order : Question?.Choices?.Order;

    /// <summary>The nearest repeat around it, or itself; null outside repeats.</summary>
    public ProgramItem? Repeat => IsRepeat ? this : Parent?.Repeat;

    public IEnumerable<ProgramItem> Ancestors()
    {
        for (var above = Parent; above is not null; above = above.Parent)
            yield return above;
    }

    public IEnumerable<ProgramItem> SelfAndBelow()
    {
        yield return this;
        foreach (var child in Children)
        {
            foreach (var below in child.SelfAndBelow())
                yield return below;
        }
    }
}
