using System.Text;
using System.Text.RegularExpressions;
using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

internal static class TextFunctions
{
    // A pattern that backtracks for ever must not hold the page or the server.
    private static readonly TimeSpan LongestMatch = TimeSpan.FromMilliseconds(250);

    public static IReadOnlyList<Function> All { get; } =
    [
        new("string", 0, 1, static (Call call, IReadOnlyList<Value> values, in Scope scope) => OneOrHere(call, values, scope, Value.Of)),
        new("string-length", 0, 1, static (Call call, IReadOnlyList<Value> values, in Scope scope) => OneOrHere(call, values, scope, text => Value.Of((double)text.Length))),
        new("normalize-space", 0, 1, static (Call call, IReadOnlyList<Value> values, in Scope scope) => OneOrHere(call, values, scope, NormalizeSpace)),
        new("concat", 1, int.MaxValue, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(string.Concat(Texts(values, 0)))),
        new("join", 1, int.MaxValue, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(string.Join(values[0].ToText(), Texts(values, 1)))),
        new("substr", 2, 3, static (Call _, IReadOnlyList<Value> values, in Scope _) => Substr(values)),
        new("substring", 2, 3, static (Call _, IReadOnlyList<Value> values, in Scope _) => Substring(values)),
        new("substring-before", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Beside(values, static (text, at, _) => text[..at])),
        new("substring-after", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Beside(values, static (text, at, length) => text[(at + length)..])),
        new("translate", 3, 3, static (Call _, IReadOnlyList<Value> values, in Scope _) => Translate(values[0].ToText(), values[1].ToText(), values[2].ToText())),
        new("contains", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(values[0].ToText().Contains(values[1].ToText(), StringComparison.Ordinal))),
        new("starts-with", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(values[0].ToText().StartsWith(values[1].ToText(), StringComparison.Ordinal))),
        new("ends-with", 2, 2, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(values[0].ToText().EndsWith(values[1].ToText(), StringComparison.Ordinal))),
        new("upper-case", 1, 1, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(values[0].ToText().ToUpperInvariant())),
        new("lower-case", 1, 1, static (Call _, IReadOnlyList<Value> values, in Scope _) => Value.Of(values[0].ToText().ToLowerInvariant())),
        new("regex", 2, 2, Matches),
        new("digest", 2, 3, Digests.Of),
        new("base64-decode", 1, 1, Base64),
    ];

    /// <summary>The texts of values from one on, each node of a set by itself.</summary>
    public static IEnumerable<string> Texts(IReadOnlyList<Value> values, int from)
    {
        for (var i = from; i < values.Count; i++)
        {
            if (values[i].Kind != ValueKind.Nodes)
            {
                yield return values[i].ToText();
                continue;
            }

            foreach (var node in values[i].Nodes)
                yield return node.Seen;
        }
    }

    private static Value OneOrHere(Call call, IReadOnlyList<Value> values, in Scope scope, Func<string, Value> then)
    {
        if (values.Count > 0)
            return then(values[0].ToText());
        return scope.Node is { } node ? then(node.Seen) : call.Error(ExpressionErrorKind.NoContext, "needs an argument: there is no question that it stands on.");
    }

    private static Value NormalizeSpace(string text)
    {
        var built = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            if (c is not (' ' or '\t' or '\n' or '\r' or '\f' or '\v'))
                built.Append(c);
            else if (built.Length > 0 && built[^1] != ' ')
                built.Append(' ');
        }

        if (built.Length > 0 && built[^1] == ' ')
            built.Length--;
        return Value.Of(built.ToString());
    }

    // From 0, up to and without the end; negative counts from the end of the text.
    private static Value Substr(IReadOnlyList<Value> values)
    {
        var text = values[0].ToText();
        var start = Place(values[1], text.Length);
        var end = values.Count > 2 ? Place(values[2], text.Length) : text.Length;
        return Value.Of(start < end ? text[start..end] : "");
    }

    private static int Place(Value value, int length)
    {
        var number = Math.Truncate(value.ToNumber());
        if (double.IsNaN(number))
            number = 0;
        return (int)Math.Clamp(number < 0 ? length + number : number, 0, length);
    }

    // As XPath 1.0: from 1, rounded, how many.
    private static Value Substring(IReadOnlyList<Value> values)
    {
        var text = values[0].ToText();
        var first = Math.Floor(values[1].ToNumber() + 0.5);
        var end = values.Count > 2 ? first + Math.Floor(values[2].ToNumber() + 0.5) : double.PositiveInfinity;
        var built = new StringBuilder();
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 >= first && i + 1 < end)
                built.Append(text[i]);
        }

        return Value.Of(built.ToString());
    }

    private static Value Beside(IReadOnlyList<Value> values, Func<string, int, int, string> part)
    {
        var (text, sought) = (values[0].ToText(), values[1].ToText());
        var at = text.IndexOf(sought, StringComparison.Ordinal);
        return Value.Of(at < 0 ? "" : part(text, at, sought.Length));
    }

    private static Value Translate(string text, string from, string to)
    {
        var built = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            var at = from.IndexOf(c);
            if (at < 0)
                built.Append(c);
            else if (at < to.Length)
                built.Append(to[at]);
        }

        return Value.Of(built.ToString());
    }

    // The whole text, as Collect does it. Interpreted, never compiled: compiling costs more than it saves in a browser.
    private static Value Matches(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        var pattern = values[1].ToText();
        try
        {
            if (call.Kept is not Regex regex || regex.ToString() != Whole(pattern))
                call.Kept = regex = new Regex(Whole(pattern), RegexOptions.CultureInvariant, LongestMatch);
            return Value.Of(regex.IsMatch(values[0].ToText()));
        }
        catch (ArgumentException e)
        {
            return call.Error(ExpressionErrorKind.TypeMismatch, $"\"{pattern}\" is no pattern: {e.Message}");
        }
        catch (RegexMatchTimeoutException)
        {
            return call.Error(ExpressionErrorKind.Limit, $"the pattern \"{pattern}\" takes too long.");
        }
    }

    private static string Whole(string pattern) => $@"\A(?:{pattern})\z";

    private static Value Base64(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        var text = values[0].ToText();
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var length)
            ? Value.Of(Encoding.UTF8.GetString(bytes, 0, length))
            : call.Error(ExpressionErrorKind.TypeMismatch, "the text is not in base64.");
    }
}
