using System.Globalization;
using Relais.Fieldwork.Forms.Definitions;

namespace Relais.Fieldwork.Forms.Listening;

/// <summary>Times as interviewers type them: <c>7</c>, <c>730</c>, <c>7h30</c>, <c>07:30</c>; early hours belong to the night after.</summary>
public static class ListeningTime
{
    private const int MinutesOfDay = 1440;

    private static readonly string[] Between = ["-", "–", "à", " a ", " to ", " "];

    /// <summary>Reads a stretch: <c>7-830</c>, <c>7h 8h30</c>, <c>7+45</c> (45 minutes). Grown to whole slots. Null when it is none within the day.</summary>
    public static (int From, int To)? ReadStretch(string text, ListeningDay day)
    {
        var typed = text.Trim().ToLowerInvariant();
        if (typed.IndexOf('+', StringComparison.Ordinal) is > 0 and var plus)
        {
            return ReadStart(typed[..plus], day) is { } start && int.TryParse(typed[(plus + 1)..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var minutes) && minutes is > 0 and <= MinutesOfDay
                ? Slots(start, start + minutes, day)
                : null;
        }

        foreach (var between in Between)
        {
            var at = typed.IndexOf(between, 1 <= typed.Length ? 1 : 0, StringComparison.Ordinal);
            if (at <= 0 || ReadStart(typed[..at], day) is not { } from || ReadEnd(typed[(at + between.Length)..], from, day) is not { } to)
                continue;
            return Slots(from, to, day);
        }

        return null;
    }

    /// <summary>Reads when something began: minutes after midnight of the day asked about. Null when it is no time of that day.</summary>
    public static int? ReadStart(string text, ListeningDay day)
    {
        if (Clock(text) is not { } minute)
            return null;
        if (minute < day.FirstMinute)
            minute += MinutesOfDay;
        return minute < day.LastMinute ? minute : null;
    }

    /// <summary>Reads when something that began at <paramref name="from"/> ended.</summary>
    public static int? ReadEnd(string text, int from, ListeningDay day)
    {
        if (Clock(text) is not { } minute)
            return null;
        while (minute <= from)
            minute += MinutesOfDay;
        return minute <= day.LastMinute ? minute : null;
    }

    /// <summary>As it is read aloud: <c>7 h 30</c> in French, <c>07:30</c> in English.</summary>
    public static string Say(int minute, bool english)
    {
        var (hour, rest) = (minute / 60 % 24, minute % 60);
        if (english)
            return FormattableString.Invariant($"{hour:00}:{rest:00}");
        return rest == 0 ? FormattableString.Invariant($"{hour} h") : FormattableString.Invariant($"{hour} h {rest:00}");
    }

    private static (int, int)? Slots(int from, int to, ListeningDay day)
    {
        var first = day.FirstMinute + (from - day.FirstMinute) / day.SlotMinutes * day.SlotMinutes;
        var last = day.FirstMinute + (to - day.FirstMinute + day.SlotMinutes - 1) / day.SlotMinutes * day.SlotMinutes;
        return last <= day.LastMinute ? (first, last) : null;
    }

    private static int? Clock(string text)
    {
        var typed = text.Trim().ToLowerInvariant().Replace(" ", "", StringComparison.Ordinal);
        var mark = typed.IndexOfAny(['h', ':', '.']);
        var (hours, minutes) = mark >= 0 ? (typed[..mark], typed[(mark + 1)..])
            : typed.Length > 2 ? (typed[..^2], typed[^2..])
            : (typed, "");
        if (!int.TryParse(hours, NumberStyles.None, CultureInfo.InvariantCulture, out var hour) || hour > 29 || hours.Length > 2)
            return null;
        var minute = 0;
        if (minutes.Length > 0 && (!int.TryParse(minutes, NumberStyles.None, CultureInfo.InvariantCulture, out minute) || minute > 59 || minutes.Length > 2))
            return null;
        return hour * 60 + minute;
    }
}
