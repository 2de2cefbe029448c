using System.Globalization;
using System.Text;
using Relais.Fieldwork.Forms.Expressions.Tree;

namespace Relais.Fieldwork.Forms.Expressions.Functions;

internal static class DateFunctions
{
    private static readonly string[] FrenchMonths = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"];
    private static readonly string[] FrenchMonthsShort = ["janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc."];
    private static readonly string[] FrenchDays = ["dimanche", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi"];
    private static readonly string[] EnglishMonths = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
    private static readonly string[] EnglishDays = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

    public static IReadOnlyList<Function> All { get; } =
    [
        new("today", 0, 0, static (Call _, IReadOnlyList<Value> _, in Scope scope) => Value.Of(scope.Context.Now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture))) { IsVolatile = true },
        new("now", 0, 0, static (Call _, IReadOnlyList<Value> _, in Scope scope) => Value.Of(scope.Context.Now.ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture))) { IsVolatile = true },
        new("date", 1, 1, static (Call call, IReadOnlyList<Value> values, in Scope scope) =>
            Read(call, values[0], scope, withTime: false, out var date) is { } other ? other : Value.Of(date.DateText)),
        new("decimal-date-time", 1, 1, static (Call call, IReadOnlyList<Value> values, in Scope scope) => Decimal(call, values[0], scope)),
        new("decimal-time", 1, 1, static (Call call, IReadOnlyList<Value> values, in Scope scope) => DecimalTime(call, values[0], scope)),
        new("format-date", 2, 2, Format) { ReadsTexts = true },
        new("format-date-time", 2, 2, Format) { ReadsTexts = true },
    ];

    /// <summary>Reads a date; gives what to return instead when there is none: nothing for an empty value, or an error.</summary>
    private static Value? Read(Call call, Value value, in Scope scope, bool withTime, out FormDate date)
    {
        date = default;
        var offset = scope.Context.Now.Offset;
        if (value.Kind == ValueKind.Boolean)
            return call.Error(ExpressionErrorKind.TypeMismatch, "a boolean is no date.");
        if (value.Kind == ValueKind.Number)
        {
            if (double.IsNaN(value.ToNumber()))
                return Value.Of("");
            return Dates.TryFromDays(value.ToNumber(), withTime, offset, out date) ? null : call.Error(ExpressionErrorKind.TypeMismatch, $"{value.ToText()} days are outside the calendar.");
        }

        var text = value.ToText().Trim();
        if (text.Length == 0)
            return Value.Of("");
        if (Dates.TryParse(text, offset, out date))
            return null;
        // A number of days that a question holds.
        if (value.Kind == ValueKind.Nodes && !double.IsNaN(value.ToNumber()) && Dates.TryFromDays(value.ToNumber(), withTime, offset, out date))
            return null;
        return call.Error(ExpressionErrorKind.TypeMismatch, $"\"{text}\" is no date: yyyy-MM-dd is wanted.");
    }

    private static Value Decimal(Call call, Value value, in Scope scope)
    {
        if (value.Kind == ValueKind.Number)
            return value;
        return Read(call, value, scope, withTime: true, out var date) is { } other
            ? other.IsError ? other : Value.Of(double.NaN)
            : Value.Of(date.Days);
    }

    private static Value DecimalTime(Call call, Value value, in Scope scope)
    {
        var offset = scope.Context.Now.Offset;
        if (value.Kind is ValueKind.Text or ValueKind.Nodes && Dates.TryTime(value.ToText().Trim(), offset, out var time, out var given))
            return Value.Of(Fraction((time - given + offset).TotalDays));
        var days = Decimal(call, value, scope);
        return days.IsError ? days : Value.Of(Fraction(days.ToNumber() + (value.Kind == ValueKind.Number ? 0 : offset.TotalDays)));
    }

    private static double Fraction(double days) => days - Math.Floor(days);

    private static Value Format(Call call, IReadOnlyList<Value> values, in Scope scope)
    {
        if (Read(call, values[0], scope, withTime: true, out var date) is { } other)
            return other;
        var local = date.HasTime ? date.Local - date.Offset + scope.Context.Now.Offset : date.Local;
        var english = scope.Context.Language.StartsWith("en", StringComparison.OrdinalIgnoreCase);
        var pattern = values[1].ToText();
        var built = new StringBuilder(pattern.Length + 16);
        for (var i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] != '%')
            {
                built.Append(pattern[i]);
                continue;
            }

            if (++i == pattern.Length)
                return call.Error(ExpressionErrorKind.TypeMismatch, "the format ends with %.");
            if (Part(pattern[i], local, english) is not { } part)
                return call.Error(ExpressionErrorKind.TypeMismatch, $"%{pattern[i]} is no part of a date.");
            built.Append(part);
        }

        return Value.Of(built.ToString());
    }

    private static string? Part(char code, DateTime at, bool english)
    {
        string Digits(int number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
        return code switch
        {
            '%' => "%",
            'Y' => Digits(at.Year, 4),
            'y' => Digits(at.Year % 100, 2),
            'm' => Digits(at.Month, 2),
            'n' => Digits(at.Month, 1),
            'B' => english ? EnglishMonths[at.Month - 1] : FrenchMonths[at.Month - 1],
            'b' => english ? EnglishMonths[at.Month - 1][..3] : FrenchMonthsShort[at.Month - 1],
            'd' => Digits(at.Day, 2),
            'e' => Digits(at.Day, 1),
            'A' => english ? EnglishDays[(int)at.DayOfWeek] : FrenchDays[(int)at.DayOfWeek],
            'a' => english ? EnglishDays[(int)at.DayOfWeek][..3] : FrenchDays[(int)at.DayOfWeek][..3] + ".",
            'H' => Digits(at.Hour, 2),
            'h' => Digits(at.Hour, 1),
            'M' => Digits(at.Minute, 2),
            'S' => Digits(at.Second, 2),
            '3' => Digits(at.Millisecond, 3),
            _ => null,
        };
    }
}
