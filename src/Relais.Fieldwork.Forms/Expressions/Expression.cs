using System.Diagnostics.CodeAnalysis;
using Relais.Fieldwork.Forms.Expressions.Tree;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Expressions;

/// <summary>
/// An expression of the ODK XForms XPath subset, compiled once. Immutable and safe to share. Never throws: what cannot be compiled or
/// evaluated is an <see cref="ExpressionError"/>.
/// </summary>
/// <remarks>Source: https://getodk.github.io/xforms-spec/#xpath-functions. What differs is in docs/expressions.md.</remarks>
public sealed class Expression
{
    /// <summary>Longest text that is compiled, in characters.</summary>
    public const int LongestText = 65_536;

    private readonly Node _root;

    private Expression(string text, Node root) => (Text, _root) = (text, root);

    public string Text { get; }

    /// <summary>Compiles a text.</summary>
    /// <param name="error">Why there is none; null when there is one.</param>
    public static Expression? Compile(string text, out ExpressionError? error)
    {
        var root = Parser.Parse(text, out error);
        return root is null ? null : new Expression(text, root);
    }

    /// <inheritdoc cref="Compile(string, out ExpressionError?)"/>
    public static bool TryCompile(string text, [NotNullWhen(true)] out Expression? expression, [NotNullWhen(false)] out ExpressionError? error)
    {
        expression = Compile(text, out error);
        return expression is not null;
    }

    /// <summary>The paths that it reads when it belongs to the node at a path.</summary>
    /// <param name="contextPath">Path without positions, such as <c>/data/child/name</c>.</param>
    public ExpressionReferences References(string contextPath)
    {
        var collector = new ReferenceCollector(contextPath);
        _root.Collect(collector, collector.Context);
        return collector.Result();
    }

    /// <summary>Its value when it belongs to a node.</summary>
    /// <param name="node">Null when it belongs to none, and then relative paths are empty.</param>
    public Value Evaluate(EvaluationContext context, FormNode? node = null) =>
        _root.Evaluate(new Scope(context, node, node, 0, 0, new Draws(context.Seed, node)));

    /// <summary>Its value with one node to stand on and another whose question it is: a choice filter looks at an item for a question.</summary>
    public Value Evaluate(EvaluationContext context, FormNode item, FormNode? current, int position, int size) =>
        _root.Evaluate(new Scope(context, item, current, position, size, new Draws(context.Seed, current)));

    /// <summary>
    /// The value that a filter wants a column to have, when it is of the shape <c>column = value</c> and the value is the same for every
    /// item: such a filter is looked up, where others go through the list. Null for any other filter.
    /// </summary>
    internal (string Column, Value Wanted)? Lookup(EvaluationContext context, FormNode question)
    {
        if (_root is not Chain { Equality: { } sides })
            return null;
        var (column, other) = sides.Left is PathNode { OnlyChild: { } left } ? (left, sides.Right) : sides.Right is PathNode { OnlyChild: { } right } ? (right, sides.Left) : (null, null);
        if (column is null || other is not (Literal or PathNode { IsApart: true }))
            return null;
        var wanted = other.Evaluate(new Scope(context, question, question, 0, 0, new Draws(context.Seed, question)));
        return wanted.Kind == ValueKind.Text || (wanted.Kind == ValueKind.Nodes && wanted.Nodes.Count <= 1) ? (column, wanted) : null;
    }

    public override string ToString() => Text;
}
