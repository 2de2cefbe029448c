using System.Globalization;

namespace Relais.Audience.Numerics.Radio;

/// <summary>A part of the day that indicators are asked for: one interval or several.</summary>
/// <param name="Name">What the band is called in results.</param>
/// <param name="QuarterHours">Its quarter hours; never empty in a band that came from <see cref="TryParse"/>.</param>
public sealed record Band(string Name, QuarterHours QuarterHours)
{
    /// <summary>
    /// Reads <c>0600-0900</c>, or several intervals as <c>0600-0900+1700-1900</c>. Times are <c>HHMM</c> on quarter hours; after midnight
    /// both <c>2430</c> and <c>0030</c> are understood. The end is not part of the band.
    /// </summary>
    /// <param name="error">What is wrong with the text, in English and without its place; null when it was read.</param>
    public static Band? TryParse(string text, BroadcastDay day, out string? error)
    {
        error = null;
        var all = default(QuarterHours);
        foreach (var interval in text.Split('+'))
        {
            var parts = interval.Split('-');
            if (parts.Length != 2 || Minutes(parts[0]) is not { } from || Minutes(parts[1]) is not { } until)
            {
                error = $"'{interval}' is not an interval: write it as 0600-0900, hours and minutes on a quarter hour";
                return null;
            }

            var first = Index(from, day, isEnd: false);
            var end = Index(until, day, isEnd: true);
            if (first >= day.Length || end > day.Length || first >= end)
            {
                error = first < day.Length && end <= day.Length
                    ? $"'{interval}' ends before it begins"
                    : $"'{interval}' lies outside the broadcast day, {day.ClockAt(0)}-{day.ClockAt(day.Length)}";
                return null;
            }

            all |= QuarterHours.Between(first, end);
        }

        return new(text, all);
    }

    /// <summary>One band for each quarter hour of the day, named by its beginning: the bands of a quarter-hour curve.</summary>
    public static IReadOnlyList<Band> EachQuarterHour(BroadcastDay day) =>
        [.. Enumerable.Range(0, day.Length).Select(index => new Band(day.ClockAt(index), QuarterHours.At(index)))];

    private static int? Minutes(string text)
    {
        var digits = text.Trim();
        if (digits.Length != 4 || !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return null;

        var minutes = number / 100 * 60 + number % 100;
        return number % 100 < 60 && minutes % BroadcastDay.Minutes == 0 ? minutes : null;
    }

    // A time before the day's start is one of the next morning. The start itself, as an end, is where a day of 24 hours ends.
    private static int Index(int minutes, BroadcastDay day, bool isEnd)
    {
        var after = minutes - day.StartMinutes;
        if (after < 0 || (after == 0 && isEnd))
            after += 24 * 60;
        return after / BroadcastDay.Minutes;
    }
}
