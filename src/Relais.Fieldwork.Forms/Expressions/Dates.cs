using System.Globalization;

namespace Relais.Fieldwork.Forms.Expressions;

/// <summary>A date, with or without a time: ISO 8601 as the forms store it.</summary>
/// <param name="Offset">From UTC; of a date without a time, and of a time without one, that of who asks.</param>
internal readonly record struct FormDate(DateTime Local, bool HasTime, TimeSpan Offset)
{
    /// <summary>Days since 1970-01-01: of a date whole ones, whatever the zone; of a time since 1970-01-01 00:00 UTC.</summary>
    public double Days => ((HasTime ? Local - Offset : Local) - DateTime.UnixEpoch).Ticks / (double)TimeSpan.TicksPerDay;

    public string DateText => Local.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}

internal static class Dates
{
    private const int FarthestDay = 2_900_000;

    /// <summary>Reads 2026-11-26 and 2026-11-26T10:20:30.123+01:00; seconds, fraction and offset may be left out.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, TimeSpan offset, out FormDate date)
    {
        date = default;
        var time = text.IndexOf('T');
        if (!TryDay(time < 0 ? text : text[..time], out var day))
            return false;
        if (time < 0)
        {
            date = new FormDate(day, false, offset);
            return true;
        }

        if (!TryTime(text[(time + 1)..], offset, out var ofDay, out var given))
            return false;
        // The first and last days of the calendar have no neighbour to move into.
        if (day.Year is <= 1 or >= 9999)
            return false;
        date = new FormDate(day + ofDay, true, given);
        return true;
    }

    /// <summary>Reads 10:20, 10:20:30.123 and 10:20:30.123+01:00.</summary>
    public static bool TryTime(ReadOnlySpan<char> text, TimeSpan offset, out TimeSpan time, out TimeSpan given)
    {
        (time, given) = (default, offset);
        if (text is [.. var head, 'Z'])
        {
            given = TimeSpan.Zero;
            text = head;
        }
        else if (text.IndexOfAny('+', '-') is > 0 and var sign)
        {
            if (!TryOffset(text[(sign + 1)..], out given))
                return false;
            if (text[sign] == '-')
                given = -given;
            text = text[..sign];
        }

        var fraction = 0.0;
        if (text.IndexOf('.') is > 0 and var point)
        {
            if (text.Length - point > 12 || !double.TryParse(text[point..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out fraction))
                return false;
            text = text[..point];
        }

        if (text.Length is not (5 or 8) || text[2] != ':' || (text.Length == 8 && text[5] != ':'))
            return false;
        var second = 0;
        if (!TryDigits(text[..2], out var hour) || !TryDigits(text.Slice(3, 2), out var minute) || (text.Length == 8 && !TryDigits(text.Slice(6, 2), out second)))
            return false;
        if (hour > 23 || minute > 59 || second > 59)
            return false;
        time = new TimeSpan(hour, minute, second) + TimeSpan.FromMilliseconds(Math.Round(fraction * 1000));
        return true;
    }

    /// <summary>The date so many days after 1970-01-01; false outside years 1 to 9999.</summary>
    public static bool TryFromDays(double days, bool withTime, TimeSpan offset, out FormDate date)
    {
        date = default;
        if (!double.IsFinite(days) || Math.Abs(days) > FarthestDay || days < -719_000)
            return false;
        date = withTime
            ? new FormDate(DateTime.UnixEpoch.AddMilliseconds(Math.Round(days * 86_400_000)) + offset, true, offset)
            : new FormDate(DateTime.UnixEpoch.AddDays(Math.Truncate(days)), false, offset);
        return true;
    }

    private static bool TryDay(ReadOnlySpan<char> text, out DateTime day)
    {
        day = default;
        var first = text.IndexOf('-');
        if (first != 4 || text.Length < 8)
            return false;
        var second = text[5..].IndexOf('-') + 5;
        if (second is < 6 or > 7 || !TryDigits(text[..4], out var year) || !TryDigits(text[5..second], out var month) || !TryDigits(text[(second + 1)..], out var ofMonth))
            return false;
        if (year < 1 || month is < 1 or > 12 || ofMonth < 1 || ofMonth > DateTime.DaysInMonth(year, month))
            return false;
        day = new DateTime(year, month, ofMonth, 0, 0, 0, DateTimeKind.Unspecified);
        return true;
    }

    private static bool TryOffset(ReadOnlySpan<char> text, out TimeSpan offset)
    {
        offset = default;
        int minutes;
        if (text.Length == 5 && text[2] == ':')
        {
            if (!TryDigits(text[3..], out minutes))
                return false;
        }
        else if (text.Length == 4)
        {
            if (!TryDigits(text[2..], out minutes))
                return false;
        }
        else if (text.Length == 2)
        {
            minutes = 0;
        }
        else
        {
            return false;
        }

        if (!TryDigits(text[..2], out var hours) || hours > 14 || minutes > 59)
            return false;
        offset = new TimeSpan(hours, minutes, 0);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<char> text, out int number)
    {
        number = 0;
        if (text.IsEmpty || text.Length > 4)
            return false;
        foreach (var c in text)
        {
            if (!char.IsAsciiDigit(c))
                return false;
            number = number * 10 + (c - '0');
        }

        return true;
    }
}
