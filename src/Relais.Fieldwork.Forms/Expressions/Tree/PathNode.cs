using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Expressions.Tree;

internal enum Axis
{
    Child,
    Parent,
    Self,
    Attribute,
}

/// <summary>One step of a path; a name of <c>*</c> is every child or attribute.</summary>
internal sealed record Step(Axis Axis, string Name, IReadOnlyList<Node> Predicates);

/// <summary>Where a path begins.</summary>
internal enum PathStart
{
    /// <summary>The node that the expression stands on.</summary>
    Here,

    /// <summary>Above the root of the main instance.</summary>
    Root,

    /// <summary>What an expression before the first step gives: <c>instance('x')</c>, <c>current()</c>.</summary>
    Given,
}

/// <summary>A path. An absolute one means, inside a repeat, the nodes of the same time round, as the ODK XForms specification has it.</summary>
internal sealed class PathNode(int position, PathStart start, Node? given, IReadOnlyList<Node> filters, IReadOnlyList<Step> steps) : Node(position)
{
    public PathStart Start { get; } = start;

    public Node? Given { get; } = given;

    public IReadOnlyList<Step> Steps { get; } = steps;

    /// <summary>The name, when this is a child of the node stood on and nothing else; null otherwise.</summary>
    public string? OnlyChild => Start == PathStart.Here && Steps is [{ Axis: Axis.Child, Name: not "*", Predicates.Count: 0 } step] ? step.Name : null;

    /// <summary>It leads to the same nodes whatever node it stands on: it begins at the root or at current(), and has no predicates.</summary>
    public bool IsApart => (Start == PathStart.Root || Given is Call { Name: "current" }) && filters.Count == 0 && Steps.All(step => step.Predicates.Count == 0);

    public override Value Evaluate(in Scope scope)
    {
        List<FormNode> nodes = [];
        var from = 0;
        switch (Start)
        {
            case PathStart.Here when scope.Node is { } here:
                nodes.Add(here);
                break;
            case PathStart.Root when scope.Context.Main is { } main:
                // instance('x')/root is not below the main instance: from an item of a list the question's own node counts.
                from = Enter(main, scope, nodes);
                break;
            case PathStart.Given:
                var value = Given!.Evaluate(scope);
                if (value.IsError)
                    return value;
                if (value.Kind != ValueKind.Nodes)
                    return Fail(ExpressionErrorKind.TypeMismatch, "Only nodes can be followed by a path or a predicate.");
                nodes.AddRange(value.Nodes);
                break;
        }

        if (Filter(ref nodes, filters, scope) is { } refused)
            return refused;
        for (var i = from; i < Steps.Count && nodes.Count > 0; i++)
        {
            if (Take(ref nodes, Steps[i], scope) is { } error)
                return error;
        }

        return Value.Of(nodes);
    }

    public override void Collect(ReferenceCollector collector, IReadOnlyList<string>? at)
    {
        var path = Origin(collector, at);
        CollectPredicates(collector, filters, path);
        foreach (var step in Steps)
        {
            path = Next(path, step);
            CollectPredicates(collector, step.Predicates, path);
        }

        // Its own value is no reference: a constraint looks at it, and a calculation may keep it.
        if (path is not null && !(Start == PathStart.Here && Steps is [{ Axis: Axis.Self }]))
            collector.AddPath(path);
    }

    /// <summary>The steps that it leads to from here, without positions; null when that is not in the main instance.</summary>
    public IReadOnlyList<string>? Target(ReferenceCollector collector, IReadOnlyList<string>? at)
    {
        var path = Origin(collector, at);
        foreach (var step in Steps)
            path = Next(path, step);
        return path;
    }

    private IReadOnlyList<string>? Origin(ReferenceCollector collector, IReadOnlyList<string>? at)
    {
        switch (Start)
        {
            case PathStart.Here:
                return at;
            case PathStart.Root:
                return [];
        }

        Given!.Collect(collector, at);
        return Given switch
        {
            Call { Name: "current" } => collector.Context,
            Call { Name: "randomize", Arguments: [PathNode path, ..] } => path.Target(collector, at),
            PathNode path => path.Target(collector, at),
            _ => null,
        };
    }

    private static void CollectPredicates(ReferenceCollector collector, IReadOnlyList<Node> predicates, IReadOnlyList<string>? at)
    {
        foreach (var predicate in predicates)
            predicate.Collect(collector, at);
    }

    private static IReadOnlyList<string>? Next(IReadOnlyList<string>? path, Step step) => path is null ? null : step.Axis switch
    {
        Axis.Child => [.. path, step.Name],
        Axis.Parent => path.Count == 0 ? path : [.. path.Take(path.Count - 1)],
        _ => path,
    };

    /// <summary>Follows an absolute path as long as it runs beside the current node; gives how many steps were taken.</summary>
    private int Enter(FormNode main, in Scope scope, List<FormNode> nodes)
    {
        if (Steps is not [{ Axis: Axis.Child } first, ..] || (first.Name != "*" && first.Name != main.Name) || first.Predicates.Count > 0)
        {
            if (Steps.Count == 0)
                nodes.Add(main);
            return Steps.Count == 0 ? 0 : Steps.Count;
        }

        var node = main;
        var taken = 1;
        while (taken < Steps.Count)
        {
            var step = Steps[taken];
            if (step.Axis != Axis.Child || step.Predicates.Count > 0 || scope.Current?.AncestorAt(taken) is not { } beside || beside.Name != step.Name || beside.Parent != node)
                break;
            // count(/data/child) counts all children, also when asked by one of them.
            if (beside.IsRepeat && taken == Steps.Count - 1)
                break;
            node = beside;
            taken++;
        }

        nodes.Add(node);
        return taken;
    }

    private static Value? Take(ref List<FormNode> nodes, Step step, in Scope scope)
    {
        List<FormNode> next = [];
        foreach (var node in nodes)
        {
            var found = new List<FormNode>();
            Add(found, node, step);
            if (Filter(ref found, step.Predicates, scope) is { } error)
                return error;
            next.AddRange(found);
        }

        nodes = next;
        return null;
    }

    private static void Add(List<FormNode> found, FormNode node, Step step)
    {
        switch (step.Axis)
        {
            case Axis.Self:
                found.Add(node);
                break;
            case Axis.Parent when node.Parent is { } parent:
                found.Add(parent);
                break;
            case Axis.Attribute when node.Attribute(step.Name) is { } text:
                found.Add(new FormNode(step.Name, text));
                break;
            case Axis.Child:
                foreach (var child in step.Name == "*" ? node.Children : node.Named(step.Name))
                {
                    // A time round a repeat that is irrelevant does not count.
                    if (!(child.IsRepeat && child.IsHidden))
                        found.Add(child);
                }

                break;
        }
    }

    private static Value? Filter(ref List<FormNode> nodes, IReadOnlyList<Node> predicates, in Scope scope)
    {
        foreach (var predicate in predicates)
        {
            var kept = new List<FormNode>();
            for (var i = 0; i < nodes.Count; i++)
            {
                var value = predicate.Evaluate(scope.At(nodes[i], i + 1, nodes.Count));
                if (value.IsError)
                    return value;
                if (value.Kind == ValueKind.Number ? Math.Abs(value.ToNumber() - (i + 1)) < Value.Close : value.ToBoolean())
                    kept.Add(nodes[i]);
            }

            nodes = kept;
        }

        return null;
    }
}
