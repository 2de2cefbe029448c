using Relais.Fieldwork.Forms.Expressions.Tree;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

internal static class NodeFunctions
{
    public static IReadOnlyList<Function> All { get; } =
    [
        new("count", 1, 1, static (Call call, IReadOnlyList<Value> values, in Scope _) => Count(call, values[0], static _ => true)),
        new("count-non-empty", 1, 1, static (Call call, IReadOnlyList<Value> values, in Scope _) => Count(call, values[0], static node => node.Seen.Length > 0)),
        new("position", 0, 1, Position),
        new("last", 0, 0, static (Call call, IReadOnlyList<Value> _, in Scope scope) =>
            scope.Size > 0 ? Value.Of((double)scope.Size) : call.Error(ExpressionErrorKind.NoContext, "only means something within a predicate.")),
        new("instance", 1, 1, Instance),
        new("current", 0, 0, static (Call _, IReadOnlyList<Value> _, in Scope scope) => Value.Of(scope.Current is { } node ? [node] : (FormNode[])[])),
        new("pulldata", 4, 4, PullData),
        new("version", 0, 0, static (Call _, IReadOnlyList<Value> _, in Scope scope) => Value.Of(scope.Context.Version)),
        new("property", 1, 1, static (Call _, IReadOnlyList<Value> values, in Scope scope) => Value.Of(scope.Context.Property(values[0].ToText()) ?? "")) { IsVolatile = true },
        new("jr:itext", 1, 1, static (Call _, IReadOnlyList<Value> values, in Scope scope) => Value.Of(scope.Context.Translation(values[0].ToText()) ?? "")) { ReadsTexts = true },
    ];

    private static Value Count(Call call, Value value, Func<FormNode, bool> counts) => value.Kind == ValueKind.Nodes
        ? Value.Of((double)value.Nodes.Count(counts))
        : call.Error(ExpressionErrorKind.TypeMismatch, "only nodes can be counted.");

    private static Value Position(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        if (values.Count == 0)
        {
            if (scope.Position > 0)
                return Value.Of((double)scope.Position);
            return scope.Node is { } here ? Value.Of((double)here.Position()) : call.Error(ExpressionErrorKind.NoContext, "needs an argument: there is no question that it stands on.");
        }

        if (values[0].Kind != ValueKind.Nodes)
            return call.Error(ExpressionErrorKind.TypeMismatch, "only a node has a position.");
        return Value.Of(values[0].Nodes is [var node, ..] ? (double)node.Position() : 0);
    }

    // Its path begins above the root element: instance('x')/root/item.
    private static Value Instance(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        var id = values[0].ToText();
        return scope.Context.Instance(id) is { } above
            ? Value.Of([above])
            : call.Error(ExpressionErrorKind.NoContext, $"there is no list or table \"{id}\".");
    }

    private static Value PullData(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        var id = values[0].ToText();
        if (scope.Context.Instance(id)?.Child("root") is not { } root)
            return call.Error(ExpressionErrorKind.NoContext, $"there is no table \"{id}\".");
        var (wanted, key, sought) = (values[1].ToText(), values[2].ToText(), values[3].ToText());
        foreach (var item in root.Named("item"))
        {
            if (item.Child(key)?.Text == sought)
                return Value.Of(item.Child(wanted)?.Text ?? "");
        }

        return Value.Of("");
    }
}
