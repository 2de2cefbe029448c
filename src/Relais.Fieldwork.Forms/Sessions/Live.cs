using Relais.Fieldwork.Forms.Definitions;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Sessions;

/// <summary>An item within one interview: a question, a group, a repeat, or one time round a repeat.</summary>
internal sealed class Live(ProgramItem item, Live? parent, FormNode node, bool isPass)
{
    public ProgramItem Item { get; } = item;

    public Live? Parent { get; } = parent;

    /// <summary>What its expressions stand on.</summary>
    public FormNode Node { get; } = node;

    /// <summary>One time round; its parent is the repeat, whose children are the times round.</summary>
    public bool IsPass { get; } = isPass;

    public bool IsRepeat => Item.IsRepeat && !IsPass;

    public List<Live> Children { get; } = [];

    /// <summary>What its own condition says; of a time round, whether it counts.</summary>
    public bool Wanted { get; set; } = true;

    /// <summary>It and all around it are wanted.</summary>
    public bool Relevant { get; set; } = true;

    /// <summary>The times round that count.</summary>
    public int Passes => Children.Count(pass => pass.Wanted);

    public bool OwnsNode => IsPass || (Item.HasNode && !Item.IsRepeat);

    /// <summary>The choice that the answer takes and that ends the interview; null when there is none.</summary>
    public Choice? Ending()
    {
        if (Node.Text.Length == 0 || Item.Endings.Count == 0)
            return null;
        foreach (var name in Node.Text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (Item.Endings.TryGetValue(name, out var choice))
                return choice;
        }

        return null;
    }

    /// <summary>It and all around it, innermost first.</summary>
    public IEnumerable<Live> Around()
    {
        for (var around = this; around is not null; around = around.Parent)
            yield return around;
    }

    public IEnumerable<Live> Below()
    {
        yield return this;
        foreach (var child in Children)
        {
            foreach (var below in child.Below())
                yield return below;
        }
    }
}
