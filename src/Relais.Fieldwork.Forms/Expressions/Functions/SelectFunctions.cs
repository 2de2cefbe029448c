using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

internal static class SelectFunctions
{
    private static readonly char[] Blanks = [' ', '\t', '\n', '\r'];

    public static IReadOnlyList<Function> All { get; } =
    [
        new("selected", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(Selected(values[0].ToText(), values[1].ToText().Trim()))),
        new("is-selected", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(Selected(values[0].ToText(), values[1].ToText().Trim()))),
        new("count-selected", 1, 1, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of((double)Split(values[0].ToText()).Length)),
        new("selected-at", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => At(Split(values[0].ToText()), values[1].ToNumber())),
        new("jr:choice-name", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope scope) =>
            Value.Of(scope.Context.ChoiceName(scope.Node, values[1].ToText().Trim(), values[0].ToText()) ?? "")) { ReadsTexts = true },
    ];

    private static string[] Split(string list) => list.Split(Blanks, StringSplitOptions.RemoveEmptyEntries);

    private static bool Selected(string list, string value) => Array.IndexOf(Split(list), value) >= 0;

    private static Value At(string[] items, double index) => Value.Of(index >= 0 && index < items.Length ? items[(int)index] : "");
}
