using System.Globalization;
using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

/// <summary>A function whose arguments are evaluated first; none of them is an error.</summary>
internal delegate Value EagerFunction(Call call, IReadOnlyList<Value> values, in Scope scope);

/// <summary>A function that evaluates what it needs itself.</summary>
internal delegate Value LazyFunction(Call call, in Scope scope);

/// <summary>A function of the table: how many arguments it takes, and what it does.</summary>
/// <param name="Most">Most arguments; <see cref="int.MaxValue"/> for any number.</param>
internal sealed record Function(string Name, int Least, int Most, EagerFunction? Eager, LazyFunction? Lazy = null)
{
    /// <summary>Its value may change although nothing it reads does.</summary>
    public bool IsVolatile { get; init; }

    /// <summary>Its value depends on the language.</summary>
    public bool ReadsTexts { get; init; }

    /// <summary>Arguments come in pairs after the first: an odd or even count only. Null takes any.</summary>
    public int? CountModulo2 { get; init; }

    /// <summary>Why it cannot be called with these arguments; null when it can.</summary>
    public string? WhyNot(IReadOnlyList<Node> arguments)
    {
        var given = arguments.Count.ToString(CultureInfo.InvariantCulture);
        if (arguments.Count >= Least && arguments.Count <= Most)
            return CountModulo2 is { } rest && arguments.Count % 2 != rest ? $"takes its arguments in pairs, and {given} are given." : null;
        var wanted = Most == Least ? FormattableString.Invariant($"{Least}")
            : Most == int.MaxValue ? FormattableString.Invariant($"at least {Least}")
            : FormattableString.Invariant($"{Least} to {Most}");
        return $"takes {wanted} arguments, and {given} are given.";
    }
}

/// <summary>All functions by name.</summary>
internal static class FunctionTable
{
    private static readonly Dictionary<string, Function> ByName = Build();

    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    public static Function? Find(string name) => ByName.GetValueOrDefault(name);

    private static Dictionary<string, Function> Build()
    {
        var table = new Dictionary<string, Function>(StringComparer.Ordinal);
        IReadOnlyList<Function>[] all =
            [TextFunctions.All, BooleanFunctions.All, NumberFunctions.All, NodeFunctions.All, RepeatFunctions.All, DateFunctions.All, SelectFunctions.All, ChanceFunctions.All, GeoFunctions.All];
        foreach (var function in all.SelectMany(functions => functions))
            table.Add(function.Name, function);
        return table;
    }
}
