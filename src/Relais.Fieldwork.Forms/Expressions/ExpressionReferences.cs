namespace Relais.Fieldwork.Forms.Expressions;

/// <summary>What an expression reads.</summary>
/// <param name="Paths">Absolute paths of the main instance, without positions and predicates; a last step <c>*</c> is every child. Sorted, without its own value (<c>.</c>).</param>
/// <param name="Instances">Ids of secondary instances.</param>
/// <param name="ChoiceNames">Paths whose choices jr:choice-name() looks up, as absolute paths.</param>
/// <param name="IsVolatile">It reads the clock, chance or a property.</param>
/// <param name="ReadsTexts">It depends on the language.</param>
public sealed record ExpressionReferences(
    IReadOnlyList<string> Paths, IReadOnlyList<string> Instances, IReadOnlyList<string> ChoiceNames, bool IsVolatile, bool ReadsTexts);

/// <summary>Gathers references while walking a tree. Paths are lists of steps; null where they cannot be told (inside a secondary instance).</summary>
internal sealed class ReferenceCollector(string contextPath)
{
    private readonly SortedSet<string> _paths = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _instances = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _choiceNames = new(StringComparer.Ordinal);

    public IReadOnlyList<string>? Context { get; } = contextPath.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public bool IsVolatile { get; set; }

    public bool ReadsTexts { get; set; }

    public void AddPath(IReadOnlyList<string> steps) => _paths.Add(Join(steps));

    public void AddInstance(string id) => _instances.Add(id);

    public void AddChoiceName(IReadOnlyList<string> steps) => _choiceNames.Add(Join(steps));

    public ExpressionReferences Result() => new([.. _paths], [.. _instances], [.. _choiceNames], IsVolatile, ReadsTexts);

    private static string Join(IReadOnlyList<string> steps) => "/" + string.Join('/', steps);
}
