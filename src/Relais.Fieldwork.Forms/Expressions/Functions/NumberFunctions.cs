using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

internal static class NumberFunctions
{
    public static IReadOnlyList<Function> All { get; } =
    [
        One("number", static x => x),
        One("int", Math.Truncate),
        One("abs", Math.Abs),
        One("floor", Math.Floor),
        One("ceiling", Math.Ceiling),
        One("log", Math.Log),
        One("log10", Math.Log10),
        One("exp", Math.Exp),
        One("exp10", static x => Math.Pow(10, x)),
        One("sqrt", Math.Sqrt),
        One("sin", Math.Sin),
        One("cos", Math.Cos),
        One("tan", Math.Tan),
        One("asin", Math.Asin),
        One("acos", Math.Acos),
        One("atan", Math.Atan),
        new("atan2", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(Math.Atan2(values[0].ToNumber(), values[1].ToNumber()))),
        new("pow", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(Math.Pow(values[0].ToNumber(), values[1].ToNumber()))),
        new("pi", 0, 0, static (Call _, IReadOnlyList<Value> _, in Scope _) => Value.Of(Math.PI)),
        new("round", 1, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(Numbers.Round(values[0].ToNumber(), values.Count > 1 ? values[1].ToNumber() : 0))),
        new("sum", 1, 1, Sum),
        new("min", 1, int.MaxValue, static (Call _, IReadOnlyList<Value> values, in Scope _) => Extreme(values, Math.Min)),
        new("max", 1, int.MaxValue, static (Call _, IReadOnlyList<Value> values, in Scope _) => Extreme(values, Math.Max)),
    ];

    private static Function One(string name, Func<double, double> of) =>
        new(name, 1, 1, (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(of(values[0].ToNumber())));

    // Unanswered questions count as nothing, where XPath 1.0 would lose the sum.
    private static Value Sum(Call call, IReadOnlyList<Value> values, in Scope scope) => values[0].Kind == ValueKind.Nodes
        ? Value.Of(Answered(values).Sum())
        : call.Error(ExpressionErrorKind.TypeMismatch, "only nodes can be summed.");

    private static Value Extreme(IReadOnlyList<Value> values, Func<double, double, double> better)
    {
        var best = double.NaN;
        foreach (var number in Answered(values))
            best = double.IsNaN(best) ? number : better(best, number);
        return Value.Of(best);
    }

    private static IEnumerable<double> Answered(IReadOnlyList<Value> values)
    {
        foreach (var value in values)
        {
            if (value.Kind != ValueKind.Nodes)
            {
                if (!double.IsNaN(value.ToNumber()))
                    yield return value.ToNumber();
                continue;
            }

            foreach (var node in value.Nodes)
            {
                if (Numbers.Parse(node.Seen) is var number && !double.IsNaN(number))
                    yield return number;
            }
        }
    }
}
