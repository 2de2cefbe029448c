using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

internal static class BooleanFunctions
{
    public static IReadOnlyList<Function> All { get; } =
    [
        new("true", 0, 0, static (Call _, IReadOnlyList<Value> _, in Scope _) => Value.Of(true)),
        new("false", 0, 0, static (Call _, IReadOnlyList<Value> _, in Scope _) => Value.Of(false)),
        new("boolean", 1, 1, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(values[0].ToBoolean())),
        new("not", 1, 1, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(!values[0].ToBoolean())),
        new("boolean-from-string", 1, 1, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(FromText(values[0].ToText()))),
        new("if", 3, 3, null, If),
        new("coalesce", 1, int.MaxValue, null, Coalesce),
        new("once", 1, 1, null, Once),
        new("checklist", 2, int.MaxValue, static (Call _, IReadOnlyList<Value> values, in Scope _) => Checklist(values)),
        new("weighted-checklist", 2, int.MaxValue, Weighted) { CountModulo2 = 0 },
        // Names what a value depends on, and is that value.
        new("depend", 1, int.MaxValue, static (Call _, IReadOnlyList<Value> values, in Scope _) => values[0]),
    ];

    private static bool FromText(string text) => string.Equals(text, "true", StringComparison.OrdinalIgnoreCase) || text == "1";

    private static Value If(Call call, in Scope scope)
    {
        var condition = call.Arguments[0].Evaluate(scope);
        return condition.IsError ? condition : call.Arguments[condition.ToBoolean() ? 1 : 2].Evaluate(scope);
    }

    private static Value Coalesce(Call call, in Scope scope)
    {
        var last = Value.Of("");
        foreach (var argument in call.Arguments)
        {
            last = argument.Evaluate(scope);
            if (last.IsError || last.ToText() is not ("" or "NaN"))
                return last;
        }

        return last;
    }

    // What is there stays; otherwise the argument.
    private static Value Once(Call call, in Scope scope) =>
        scope.Current is { Text.Length: > 0 } node ? Value.Of(node.Text) : call.Arguments[0].Evaluate(scope);

    private static Value Checklist(IReadOnlyList<Value> values)
    {
        var (least, most) = (Math.Truncate(values[0].ToNumber()), Math.Truncate(values[1].ToNumber()));
        var count = Flags(values, 2, 1).Count(flag => flag.ToBoolean());
        return Value.Of(!(least >= 0 && count < least) && !(most >= 0 && count > most));
    }

    private static Value Weighted(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        var (least, most) = (values[0].ToNumber(), values[1].ToNumber());
        IReadOnlyList<Value> flags, weights;
        if (values is [_, _, { Kind: ValueKind.Nodes }, { Kind: ValueKind.Nodes }])
            (flags, weights) = ([.. Each(values[2])], [.. Each(values[3])]);
        else
            (flags, weights) = ([.. Flags(values, 2, 2)], [.. Flags(values, 3, 2)]);
        if (flags.Count != weights.Count)
            return call.Error(ExpressionErrorKind.TypeMismatch, "there are not as many weights as answers.");
        var sum = 0.0;
        for (var i = 0; i < flags.Count; i++)
            sum += flags[i].ToBoolean() ? weights[i].ToNumber() : 0;
        return Value.Of(sum >= least && sum <= most);
    }

    private static IEnumerable<Value> Flags(IReadOnlyList<Value> values, int from, int step)
    {
        if (step == 1 && values.Count == from + 1 && values[from].Kind == ValueKind.Nodes)
            return Each(values[from]);
        return Enumerable.Range(0, (values.Count - from + step - 1) / step).Select(i => values[from + i * step]);
    }

    private static IEnumerable<Value> Each(Value nodes) => nodes.Nodes.Select(node => Value.Of(node.Seen));
}
