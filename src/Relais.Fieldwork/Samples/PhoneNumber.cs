using System.Globalization;

namespace Relais.Fieldwork.Samples;

/// <summary>Telephone numbers in E.164 (ITU-T, 2010): country code and national number, at most fifteen digits.</summary>
internal static class PhoneNumber
{
    public const string France = "33";

    private const int ShortestDigits = 7;
    private const int LongestDigits = 15;

    // Overseas parts of France dial with codes of their own and live in zones of their own.
    private static readonly (string Code, string Zone)[] Zones =
    [
        ("262", "Indian/Reunion"), ("508", "America/Miquelon"), ("590", "America/Guadeloupe"), ("594", "America/Cayenne"), ("596", "America/Martinique"),
        ("687", "Pacific/Noumea"), ("689", "Pacific/Tahiti"), ("33", "Europe/Paris"), ("32", "Europe/Brussels"), ("352", "Europe/Luxembourg"),
        ("377", "Europe/Monaco"), ("41", "Europe/Zurich"), ("44", "Europe/London"), ("49", "Europe/Berlin"), ("39", "Europe/Rome"),
    ];

    /// <summary>Reads a number as people write it: "01 23 45 67 89", "+33 (0)1.23.45.67.89", "0033-123456789".</summary>
    /// <param name="country">The country code of numbers written without one; they begin with a trunk 0 that is left out.</param>
    /// <returns>The digits; null: this is no number.</returns>
    public static long? Parse(ReadOnlySpan<char> text, string country = France)
    {
        Span<char> digits = stackalloc char[LongestDigits + 6];
        var (count, plus) = (0, false);
        text = text.Trim();
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiDigit(c))
            {
                if (count == digits.Length)
                    return null;
                digits[count++] = c;
            }
            else if (c == '+' && count == 0 && !plus)
            {
                plus = true;
            }
            // +33 (0)1: the trunk 0 is not dialled after the country code.
            else if (c == '(' && (plus || digits[..count].StartsWith("00")) && text[i..].StartsWith("(0)"))
            {
                i += 2;
            }
            else if (!(c is ' ' or '.' or '-' or '/' or '(' or ')' or '\u00a0' or '\u202f'))
            {
                return null;
            }
        }

        var number = digits[..count];
        if (!plus && number.StartsWith("00"))
        {
            number = number[2..];
            plus = true;
        }

        if (!plus)
            return number.StartsWith("0") ? Checked(string.Concat(country, number[1..])) : null;
        return Checked(number);
    }

    /// <summary>As it is dialled from anywhere.</summary>
    public static string Write(long number) => "+" + number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The zone where a number's country lies, when it has only one; null: not known.</summary>
    public static string? ZoneOf(long number)
    {
        var digits = number.ToString(CultureInfo.InvariantCulture);
        return Array.Find(Zones, z => digits.StartsWith(z.Code, StringComparison.Ordinal)).Zone;
    }

    private static long? Checked(ReadOnlySpan<char> digits)
    {
        if (digits.Length is < ShortestDigits or > LongestDigits || digits[0] == '0')
            return null;
        // France: nine digits after the code, none of them a leading zero.
        if (digits.StartsWith(France) && (digits.Length != 11 || digits[2] == '0'))
            return null;
        return long.Parse(digits, CultureInfo.InvariantCulture);
    }
}
