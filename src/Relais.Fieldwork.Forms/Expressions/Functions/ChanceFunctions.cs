using System.Globalization;
using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

internal static class ChanceFunctions
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    private const int LongestName = 1000;

    public static IReadOnlyList<Function> All { get; } =
    [
        new("random", 0, 0, static (Call _, IReadOnlyList<Value> _, in Scope scope) => Value.Of(scope.Draws.NextDouble())) { IsVolatile = true },
        new("uuid", 0, 1, Uuid) { IsVolatile = true },
        new("randomize", 1, 2, Randomize),
    ];

    // Version 4 of RFC 9562; with a number, so many letters and digits.
    private static Value Uuid(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        if (values.Count == 0)
        {
            var (high, low) = (scope.Draws.Next(), scope.Draws.Next());
            high = (high & ~0xF000UL) | 0x4000UL;
            low = (low & ~(3UL << 62)) | (2UL << 62);
            return Value.Of(string.Create(CultureInfo.InvariantCulture, $"{high >> 32:x8}-{(high >> 16) & 0xFFFF:x4}-{high & 0xFFFF:x4}-{low >> 48:x4}-{low & 0xFFFFFFFFFFFF:x12}"));
        }

        var length = values[0].ToNumber();
        if (length is not (>= 0 and <= LongestName))
            return call.Error(ExpressionErrorKind.TypeMismatch, FormattableString.Invariant($"the length must be from 0 to {LongestName}."));
        var name = new char[(int)length];
        for (var i = 0; i < name.Length; i++)
            name[i] = Letters[(int)(scope.Draws.NextDouble() * Letters.Length)];
        return Value.Of(new string(name));
    }

    private static Value Randomize(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        if (values[0].Kind != ValueKind.Nodes)
            return call.Error(ExpressionErrorKind.TypeMismatch, "only nodes can be shuffled.");
        return Value.Of(ParkMiller.Shuffle(values[0].Nodes, values.Count > 1 ? Seed(values[1].ToNumber()) : (long)(scope.Draws.Next() >> 33)));
    }

    /// <summary>A number as a whole seed; what is no number counts as 0, as in JavaRosa.</summary>
    public static long Seed(double number) => number is > long.MinValue and < long.MaxValue ? (long)number : 0;
}
