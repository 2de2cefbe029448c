using Relais.Fieldwork.Forms.Expressions.Tree;
using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

/// <summary>indexed-repeat(node, repeat, index, ...): a question of another time round, up to three repeats deep.</summary>
internal static class RepeatFunctions
{
    public static IReadOnlyList<Function> All { get; } = [new("indexed-repeat", 3, 7, null, Indexed) { CountModulo2 = 1 }];

    private static Value Indexed(Call call, in Scope scope)
    {
        if (scope.Context.Main is not { } main)
            return call.Error(ExpressionErrorKind.NoContext, "there is no interview.");
        if (Steps(call.Arguments[0], scope) is not { Count: > 0 } target)
            return call.Error(ExpressionErrorKind.TypeMismatch, "the first argument must be the path of a question.");
        var places = new Dictionary<int, int>();
        for (var i = 1; i + 1 < call.Arguments.Count; i += 2)
        {
            if (Steps(call.Arguments[i], scope) is not { Count: > 0 } repeat || repeat.Count >= target.Count || !repeat.SequenceEqual(target.Take(repeat.Count), StringComparer.Ordinal))
                return call.Error(ExpressionErrorKind.TypeMismatch, FormattableString.Invariant($"argument {i + 1} must be the path of a repeat around the question."));
            var index = call.Arguments[i + 1].Evaluate(scope);
            if (index.IsError)
                return index;
            // An index that has no answer yet means the first, as in JavaRosa.
            places[repeat.Count - 1] = index.ToNumber() is >= 1 and < int.MaxValue and var number ? (int)number : 1;
        }

        return Value.Of(Walk(main, target, places, scope) is { } node ? [node] : (FormNode[])[]);
    }

    private static FormNode? Walk(FormNode main, IReadOnlyList<string> target, Dictionary<int, int> places, in Scope scope)
    {
        if (target[0] != main.Name)
            return null;
        var node = main;
        for (var depth = 1; depth < target.Count && node is not null; depth++)
        {
            var same = node.Named(target[depth]);
            if (places.TryGetValue(depth, out var place))
                node = place <= same.Count ? same[place - 1] : null;
            else if (scope.Current?.AncestorAt(depth) is { } beside && beside.Parent == node && beside.Name == target[depth])
                node = beside;
            else
                node = same.Count > 0 ? same[0] : null;
        }

        return node;
    }

    private static IReadOnlyList<string>? Steps(Node argument, in Scope scope) => argument is PathNode path
        ? path.Target(new ReferenceCollector(PlainPath(scope.Current)), PlainPath(scope.Node).Split('/', StringSplitOptions.RemoveEmptyEntries))
        : null;

    private static string PlainPath(FormNode? node) => node is null ? "" : $"{PlainPath(node.Parent)}/{node.Name}";
}
