using Relais.Fieldwork.Forms.Instances;

namespace Relais.Fieldwork.Forms.Expressions;

public enum ValueKind
{
    Number,
    Text,
    Boolean,
    Nodes,
    Error,
}

/// <summary>What an expression gives. Dates are texts (2026-11-26), and count as days since 1970-01-01 where a number is wanted.</summary>
public readonly struct Value
{
    /// <summary>Numbers this close are equal, as in JavaRosa: 6.1 - 7.8 = -1.7.</summary>
    internal const double Close = 1e-12;

    private readonly double _number;
    private readonly object? _object;

    private Value(ValueKind kind, double number, object? value) => (Kind, _number, _object) = (kind, number, value);

    public ValueKind Kind { get; }

    public bool IsError => Kind == ValueKind.Error;

    /// <summary>The error; null for any other kind.</summary>
    public ExpressionError? Error => _object as ExpressionError;

    /// <summary>The nodes; empty for any other kind.</summary>
    public IReadOnlyList<FormNode> Nodes => _object as IReadOnlyList<FormNode> ?? [];

    public static Value Of(double number) => new(ValueKind.Number, number, null);

    public static Value Of(string text) => new(ValueKind.Text, 0, text);

    public static Value Of(bool boolean) => new(ValueKind.Boolean, boolean ? 1 : 0, null);

    public static Value Of(IReadOnlyList<FormNode> nodes) => new(ValueKind.Nodes, 0, nodes);

    public static Value Of(ExpressionError error) => new(ValueKind.Error, 0, error);

    /// <summary>As XPath's number(), and dates as days. An error is not a number.</summary>
    public double ToNumber() => Kind switch
    {
        ValueKind.Number or ValueKind.Boolean => _number,
        ValueKind.Text => Numbers.Parse((string)_object!),
        ValueKind.Nodes => Numbers.Parse(ToText()),
        ValueKind.Error => double.NaN,
    };

    /// <summary>As XPath's string(): of several nodes the first one's.</summary>
    public string ToText() => Kind switch
    {
        ValueKind.Number => Numbers.Format(_number),
        ValueKind.Text => (string)_object!,
        ValueKind.Boolean => _number == 0 ? "false" : "true",
        ValueKind.Nodes => Nodes is [var first, ..] ? first.Seen : "",
        ValueKind.Error => "",
    };

    /// <summary>As XPath's boolean(): of nodes, whether the first has a value, since an unanswered question is an empty element.</summary>
    public bool ToBoolean() => Kind switch
    {
        ValueKind.Number => Math.Abs(_number) > Close && !double.IsNaN(_number),
        ValueKind.Text => ((string)_object!).Length > 0,
        ValueKind.Boolean => _number != 0,
        ValueKind.Nodes => ToText().Length > 0,
        ValueKind.Error => false,
    };

    public override string ToString() => IsError ? Error!.Message : ToText();
}
