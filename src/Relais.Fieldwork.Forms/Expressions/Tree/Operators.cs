namespace Relais.Fieldwork.Forms.Expressions.Tree;

internal enum Operator
{
    Or,
    And,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

/// <summary>Operators of one precedence in a row, from left to right. One node for all of them, so that a long sum does not nest.</summary>
internal sealed class Chain(int position, Node first, IReadOnlyList<(Operator Operator, Node Operand)> rest) : Node(position)
{
    /// <summary>The only two operands, when they are compared for equality; null otherwise.</summary>
    public (Node Left, Node Right)? Equality => rest is [(Operator.Equal, var operand)] ? (first, operand) : null;

    public override Value Evaluate(in Scope scope)
    {
        var left = first.Evaluate(scope);
        foreach (var (op, operand) in rest)
        {
            if (left.IsError)
                return left;
            // The right side of "and" and "or" is not looked at when the left decides: it may have no value.
            if (op is Operator.Or or Operator.And && left.ToBoolean() == (op == Operator.Or))
            {
                left = Value.Of(op == Operator.Or);
                continue;
            }

            var right = operand.Evaluate(scope);
            if (right.IsError)
                return right;
            left = Apply(op, left, right);
        }

        return left;
    }

    public override void Collect(ReferenceCollector collector, IReadOnlyList<string>? at)
    {
        first.Collect(collector, at);
        foreach (var (_, operand) in rest)
            operand.Collect(collector, at);
    }

    private static Value Apply(Operator op, Value left, Value right) => op switch
    {
        Operator.Or or Operator.And => Value.Of(right.ToBoolean()),
        Operator.Equal or Operator.NotEqual or Operator.Less or Operator.LessOrEqual or Operator.Greater or Operator.GreaterOrEqual =>
            Value.Of(Comparison.Holds(op, left, right)),
        Operator.Add => Value.Of(left.ToNumber() + right.ToNumber()),
        Operator.Subtract => Value.Of(left.ToNumber() - right.ToNumber()),
        Operator.Multiply => Value.Of(left.ToNumber() * right.ToNumber()),
        Operator.Divide => Value.Of(left.ToNumber() / right.ToNumber()),
        Operator.Modulo => Value.Of(left.ToNumber() % right.ToNumber()),
    };
}

/// <summary>Comparisons of XPath 1.0: with several nodes, whether any of them compares so.</summary>
internal static class Comparison
{
    public static bool Holds(Operator op, Value left, Value right)
    {
        if (left.Nodes.Count > 1 && right.Kind != ValueKind.Boolean)
        {
            foreach (var node in left.Nodes)
            {
                if (Holds(op, Value.Of(node.Seen), right))
                    return true;
            }

            return false;
        }

        if (right.Nodes.Count > 1 && left.Kind != ValueKind.Boolean)
        {
            foreach (var node in right.Nodes)
            {
                if (One(op, left, Value.Of(node.Seen)))
                    return true;
            }

            return false;
        }

        return One(op, left, right);
    }

    private static bool One(Operator op, Value left, Value right) => op switch
    {
        Operator.Equal => Same(left, right),
        Operator.NotEqual => !Same(left, right),
        Operator.Less => left.ToNumber() < right.ToNumber(),
        Operator.LessOrEqual => left.ToNumber() <= right.ToNumber(),
        Operator.Greater => left.ToNumber() > right.ToNumber(),
        _ => left.ToNumber() >= right.ToNumber(),
    };

    private static bool Same(Value left, Value right)
    {
        if (left.Kind == ValueKind.Boolean || right.Kind == ValueKind.Boolean)
            return left.ToBoolean() == right.ToBoolean();
        if (left.Kind != ValueKind.Number && right.Kind != ValueKind.Number)
            return left.ToText() == right.ToText();
        var (a, b) = (left.ToNumber(), right.ToNumber());
        return a.Equals(b) ? !double.IsNaN(a) : Math.Abs(a - b) < Value.Close;
    }
}
