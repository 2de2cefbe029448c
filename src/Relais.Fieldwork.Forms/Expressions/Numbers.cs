using System.Globalization;

namespace Relais.Fieldwork.Forms.Expressions;

/// <summary>Numbers from and to texts, as the ODK XForms specification has them.</summary>
internal static class Numbers
{
    private const int MostDecimals = 30;

    /// <summary>A decimal number without exponent, with a point or a comma; a date as days since 1970-01-01; otherwise not a number.</summary>
    public static double Parse(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty)
            return double.NaN;
        if (trimmed.Length >= 8 && trimmed.Contains('-') && Dates.TryParse(trimmed, TimeSpan.Zero, out var date))
            return date.Days;
        var comma = false;
        foreach (var c in trimmed)
        {
            if (c is not ('-' or '.' or ',') && !char.IsAsciiDigit(c))
                return double.NaN;
            comma |= c == ',';
        }

        return double.TryParse(
            comma ? trimmed.ToString().Replace(',', '.') : trimmed, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            ? number
            : double.NaN;
    }

    /// <summary>As XPath writes numbers: no exponent, no point when whole, 0 for both zeros.</summary>
    public static string Format(double number)
    {
        if (double.IsNaN(number))
            return "NaN";
        if (double.IsInfinity(number))
            return number > 0 ? "Infinity" : "-Infinity";
        if (Math.Abs(number) < Value.Close)
            return "0";
        var whole = Math.Round(number);
        if (Math.Abs(whole) < 1e15 && Math.Abs(number - whole) < Value.Close)
            return ((long)whole).ToString(CultureInfo.InvariantCulture);
        var text = number.ToString("R", CultureInfo.InvariantCulture);
        return text.Contains('E', StringComparison.Ordinal) ? number.ToString("0.##############################", CultureInfo.InvariantCulture) : text;
    }

    /// <summary>Half away from zero above zero, half towards zero below, of what the number looks like in decimals; not a number for absurd decimals.</summary>
    public static double Round(double number, double decimals)
    {
        if (double.IsNaN(decimals))
            return double.NaN;
        var places = (int)Math.Clamp(Math.Truncate(decimals), -MostDecimals - 1, MostDecimals + 1);
        if (Math.Abs(places) > MostDecimals)
            return double.NaN;
        if (!double.IsFinite(number) || places > 20)
            return number;
        if (places < 0)
        {
            var unit = Math.Pow(10, -places);
            return Math.Floor(number / unit + 0.5) * unit;
        }

        if (!decimal.TryParse(number.ToString("R", CultureInfo.InvariantCulture), NumberStyles.Float, CultureInfo.InvariantCulture, out var exact))
            return number;
        var truncated = Truncate(Math.Abs(exact), places);
        var rest = Math.Abs(exact) - truncated;
        var unitInDecimals = new decimal(1, 0, 0, false, (byte)places);
        var up = number > 0 ? rest * 2 >= unitInDecimals : rest * 2 > unitInDecimals;
        var rounded = (double)(up ? truncated + unitInDecimals : truncated);
        return double.IsNegative(number) ? -rounded : rounded;
    }

    private static decimal Truncate(decimal value, int places)
    {
        var rounded = decimal.Round(value, places, MidpointRounding.ToZero);
        return rounded;
    }
}
