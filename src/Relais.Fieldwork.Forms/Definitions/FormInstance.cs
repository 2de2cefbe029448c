namespace Relais.Fieldwork.Forms.Definitions;

/// <summary>A node of a secondary instance that is no table.</summary>
/// <param name="Name">Its element's name.</param>
/// <param name="Value">Its text; null when it has children.</param>
/// <param name="Children">In document order.</param>
public sealed record InstanceNode(string Name, string? Value, IReadOnlyList<InstanceNode> Children);

/// <summary>
/// Data that expressions read through <c>instance('ID')</c>, besides the lists of choices: a table read from a file
/// (<c>instance('ID')/root/item</c>, a child a column), or the XML that an XForm holds.
/// </summary>
/// <param name="Id">Unique in the form, and different from every list's name.</param>
/// <param name="Origin">What asked for it.</param>
public sealed record FormInstance(string Id, Origin Origin)
{
    /// <summary>The file it was read from, such as <c>communes.csv</c>; null when it stood in the form.</summary>
    public string? File { get; init; }

    /// <summary>Names of the table's columns; empty when it is no table or the file was not given.</summary>
    public IReadOnlyList<string> Columns { get; init; } = [];

    /// <summary>The table's rows, as many values each as there are columns.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Rows { get; init; } = [];

    /// <summary>The root element, when it is no table.</summary>
    public InstanceNode? Content { get; init; }
}
