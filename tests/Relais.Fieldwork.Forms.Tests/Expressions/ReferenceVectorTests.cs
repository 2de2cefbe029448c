using System.Globalization;
using System.Text.Json;
using Relais.Fieldwork.Forms.Expressions;

namespace Relais.Fieldwork.Forms.Tests.Expressions;

/// <summary>Every vector of JavaRosa's own tests. None is left out.</summary>
public sealed class ReferenceVectorTests
{
    private static readonly Dictionary<string, ExpressionErrorKind> Kinds = new(StringComparer.Ordinal)
    {
        ["XPathUnsupportedException"] = ExpressionErrorKind.Unsupported,
        ["XPathUnhandledException"] = ExpressionErrorKind.Unhandled,
        ["XPathTypeMismatchException"] = ExpressionErrorKind.TypeMismatch,
        ["XPathException"] = ExpressionErrorKind.NoContext,
    };

    public static TheoryData<int, string, string, string> Vectors()
    {
        var data = new TheoryData<int, string, string, string>();
        using var json = JsonDocument.Parse(Reference.Bytes("xpath/xpath_eval.json"));
        foreach (var (vector, i) in json.RootElement.GetProperty("cases").EnumerateArray().Select((vector, i) => (vector, i)))
            data.Add(i, vector.GetProperty("expr").GetString()!, vector.GetProperty("kind").GetString()!, vector.GetProperty("expected").GetString()!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Vectors))]
    public void An_expression_of_the_reference_gives_its_value_or_its_error(int number, string text, string kind, string expected)
    {
        Assert.InRange(number, 0, 331);
        var value = Expression.TryCompile(text, out var expression, out var error)
            ? expression.Evaluate(new EvaluationContext())
            : Value.Of(error);
        switch (kind)
        {
            case "error":
                Assert.Equal(Kinds[expected], value.Error?.Kind);
                break;
            case "number":
                Assert.Equal(ValueKind.Number, value.Kind);
                Same(double.Parse(expected, CultureInfo.InvariantCulture), value.ToNumber());
                break;
            case "boolean":
                Assert.Equal(ValueKind.Boolean, value.Kind);
                Assert.Equal(expected, value.ToText());
                break;
            default:
                Assert.Equal(ValueKind.Text, value.Kind);
                // The extraction kept the backslash of the Java source before a quote.
                Assert.Equal(expected.Replace("\\\"", "\"", StringComparison.Ordinal), value.ToText());
                break;
        }
    }

    private static void Same(double expected, double actual)
    {
        if (!double.IsFinite(expected))
        {
            Assert.Equal(expected, actual);
            return;
        }

        Assert.InRange(actual, expected - 1e-12, expected + 1e-12);
        Assert.Equal(double.IsNegative(expected), double.IsNegative(actual));
    }
}
