namespace Relais.Fieldwork.Forms.Expressions.Tree;

/// <summary>A part of a compiled expression.</summary>
internal abstract class Node(int position)
{
    /// <summary>Where it begins in the text, from 0.</summary>
    public int Position { get; } = position;

    public abstract Value Evaluate(in Scope scope);

    /// <summary>Tells what it reads, standing on the node at these steps (null: somewhere that is not the main instance).</summary>
    public abstract void Collect(ReferenceCollector collector, IReadOnlyList<string>? at);

    protected Value Fail(ExpressionErrorKind kind, string message) => Value.Of(new ExpressionError(kind, Position, message));
}

internal sealed class Literal(int position, Value value) : Node(position)
{
    public Value Value { get; } = value;

    public override Value Evaluate(in Scope scope) => Value;

    public override void Collect(ReferenceCollector collector, IReadOnlyList<string>? at)
    {
    }
}

internal sealed class Negation(int position, Node operand) : Node(position)
{
    public override Value Evaluate(in Scope scope)
    {
        var value = operand.Evaluate(scope);
        return value.IsError ? value : Value.Of(-value.ToNumber());
    }

    public override void Collect(ReferenceCollector collector, IReadOnlyList<string>? at) => operand.Collect(collector, at);
}
