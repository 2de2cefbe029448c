using System.Globalization;

namespace Relais.Fieldwork.Console.Desk;

/// <summary>A time of day as it is typed in a hurry: 18, 18h, 18h30, 18:30, 1830.</summary>
internal static class TypedTime
{
    public static TimeOnly? Read(string typed)
    {
        var text = typed.Trim().ToLowerInvariant();
        var apart = text.IndexOfAny([':', 'h', '.']);
        var (hours, minutes) = apart >= 0 ? (text[..apart], text[(apart + 1)..])
            : text.Length is 3 or 4 ? (text[..^2], text[^2..])
            : (text, "");
        return Number(hours) is { } hour and < 24 && (minutes.Length == 0 ? 0 : Number(minutes)) is { } minute and < 60 ? new TimeOnly(hour, minute) : null;
    }

    private static int? Number(string digits) => digits.Length is 1 or 2 && int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
