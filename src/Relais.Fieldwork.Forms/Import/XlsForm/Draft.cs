using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Import.XlsForm;

/// <summary>A row of the survey on its way to an item: it has its place in the tree, and its expressions still say <c>${x}</c>.</summary>
internal sealed class Draft
{
    public required TypeWords Type { get; init; }

    public required string Name { get; init; }

    public required Origin Origin { get; init; }

    /// <summary>Its row; null for what the importer adds by itself.</summary>
    public FormRow? Row { get; init; }

    public Draft? Parent { get; init; }

    public List<Draft> Children { get; } = [];

    /// <summary>False for a group without a node: its children lie in its parent's.</summary>
    public bool HasNode { get; init; } = true;

    /// <summary>For an added item: what it computes, when it is shown and what it says.</summary>
    public (string Text, Origin Origin)? Calculation { get; init; }

    public (string Text, Origin Origin)? Relevant { get; init; }

    public FormText? Label { get; init; }

    public bool IsRepeat => Type.Kind == RowKind.BeginRepeat;

    public bool IsGroup => Type.Kind == RowKind.BeginGroup;

    /// <summary>The absolute path of its node; for a group without one, that of the node around it.</summary>
    public string Path => HasNode ? Parent is null ? "/" + Name : Parent.Path + "/" + Name : Parent?.Path ?? "";

    /// <summary>Itself if it has a node, and every node around it, outermost first.</summary>
    public List<Draft> Nodes()
    {
        var nodes = new List<Draft>();
        for (var at = this; at is not null; at = at.Parent)
        {
            if (at.HasNode)
                nodes.Add(at);
        }

        nodes.Reverse();
        return nodes;
    }
}
