namespace Relais.Fieldwork.Forms.Instances;

/// <summary>An element of an instance: a question's value, a group, one time round a repeat, or an item of a list.</summary>
/// <remarks>
/// Names are without prefix. Not thread-safe while it changes. Children keep the order in which they were added; looking one up by name is constant-time in
/// groups of many.
/// </remarks>
public sealed class FormNode(string name, string text = "")
{
    private const int FewChildren = 8;

    private readonly List<FormNode> _children = [];
    private Dictionary<string, List<FormNode>>? _byName;
    private Dictionary<string, string>? _attributes;

    public string Name { get; } = name;

    /// <summary>The value as the record stores it; empty when there is none.</summary>
    public string Text { get; set; } = text;

    public FormNode? Parent { get; private set; }

    /// <summary>0 for the root of an instance.</summary>
    public int Depth { get; private set; }

    /// <summary>This is one time round a repeat.</summary>
    public bool IsRepeat { get; init; }

    /// <summary>Absent from what expressions see: an irrelevant question reads as empty, an irrelevant repeat is not counted.</summary>
    public bool IsHidden { get; set; }

    public IReadOnlyList<FormNode> Children => _children;

    /// <summary>The value that an expression reads: empty while the node is hidden.</summary>
    public string Seen => IsHidden ? "" : Text;

    public FormNode Add(FormNode child) => Insert(_children.Count, child);

    /// <exception cref="InvalidOperationException">The child has a parent already.</exception>
    public FormNode Insert(int at, FormNode child)
    {
        if (child.Parent is not null)
            throw new InvalidOperationException($"{child.Name} has a parent already.");
        child.Parent = this;
        child.Sink(Depth + 1);
        _children.Insert(at, child);
        _byName = null;
        return child;
    }

    public void Remove(FormNode child)
    {
        if (!_children.Remove(child))
            return;
        child.Parent = null;
        _byName = null;
    }

    /// <summary>The children of this name, in order.</summary>
    public IReadOnlyList<FormNode> Named(string name)
    {
        if (_children.Count <= FewChildren)
            return Few(name);
        // Whole before it is seen: lists that never change are read by many interviews at once.
        return (_byName ??= Index()).TryGetValue(name, out var named) ? named : [];
    }

    /// <summary>The first child of this name, or null.</summary>
    public FormNode? Child(string name)
    {
        if (_children.Count > FewChildren)
            return Named(name) is [var first, ..] ? first : null;
        foreach (var child in _children)
        {
            if (child.Name == name)
                return child;
        }

        return null;
    }

    public string? Attribute(string name) => _attributes?.GetValueOrDefault(name);

    public FormNode SetAttribute(string name, string text)
    {
        (_attributes ??= new Dictionary<string, string>(StringComparer.Ordinal))[name] = text;
        return this;
    }

    /// <summary>This node or the one above it at that depth; null when this is not as deep.</summary>
    public FormNode? AncestorAt(int depth)
    {
        var node = this;
        while (node is not null && node.Depth > depth)
            node = node.Parent;
        return node?.Depth == depth ? node : null;
    }

    /// <summary>How many siblings of the same name come up to this one: 1 for the first.</summary>
    public int Position()
    {
        if (Parent is null)
            return 1;
        var position = 0;
        foreach (var sibling in Parent.Named(Name))
        {
            position++;
            if (ReferenceEquals(sibling, this))
                break;
        }

        return position;
    }

    /// <summary>The path with the number of each time round a repeat: <c>/data/child[2]/name</c>.</summary>
    public string Path()
    {
        var own = IsRepeat ? FormattableString.Invariant($"{Name}[{Position()}]") : Name;
        return Parent is null ? $"/{own}" : $"{Parent.Path()}/{own}";
    }

    /// <summary>A node that stands under a parent without being one of its children: an expression about a repeat that has no time round yet stands on it.</summary>
    internal static FormNode Beside(FormNode parent, string name) => new(name) { Parent = parent, Depth = parent.Depth + 1 };

    private Dictionary<string, List<FormNode>> Index()
    {
        var index = new Dictionary<string, List<FormNode>>(_children.Count, StringComparer.Ordinal);
        foreach (var child in _children)
        {
            if (!index.TryGetValue(child.Name, out var same))
                index[child.Name] = same = new List<FormNode>(1);
            same.Add(child);
        }

        return index;
    }

    private List<FormNode> Few(string name)
    {
        var found = new List<FormNode>(1);
        foreach (var child in _children)
        {
            if (child.Name == name)
                found.Add(child);
        }

        return found;
    }

    private void Sink(int depth)
    {
        Depth = depth;
        foreach (var child in _children)
            child.Sink(depth + 1);
    }
}
