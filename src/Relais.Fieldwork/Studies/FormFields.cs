using System.Globalization;

namespace Relais.Fieldwork.Studies;

/// <summary>What the fields of a page's form hold.</summary>
internal static class FormFields
{
    /// <summary>Monday first, as weeks are written in France.</summary>
    public static IReadOnlyList<DayOfWeek> Week { get; } =
        [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday, DayOfWeek.Saturday, DayOfWeek.Sunday];

    public static DateOnly? Day(string? text) => DateOnly.TryParseExact(text?.Trim(), ["yyyy-MM-dd", "dd/MM/yyyy", "d/M/yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static TimeOnly? Time(string? text) => TimeOnly.TryParseExact(text?.Trim(), ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time : null;

    /// <summary>A whole number, with or without blanks between thousands.</summary>
    public static int? Whole(string? text) =>
        int.TryParse(string.Concat((text ?? "").Where(c => !char.IsWhiteSpace(c) && c is not '\u202f' and not '\u00a0')), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>A number with a comma or a point.</summary>
    public static decimal? Decimal(string? text) =>
        decimal.TryParse((text ?? "").Trim().TrimEnd('%').Trim().Replace(',', '.'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;

    public static string Write(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    public static string Write(TimeOnly time) => time.ToString("HH:mm", CultureInfo.InvariantCulture);

    public static string Name(DayOfWeek day) => CultureInfo.CurrentUICulture.DateTimeFormat.GetDayName(day);

    public static string ShortName(DayOfWeek day) => CultureInfo.CurrentUICulture.DateTimeFormat.GetAbbreviatedDayName(day);

    public static List<DayOfWeek> Days(IEnumerable<string?>? texts) => [.. (texts ?? []).Select(t => Enum.TryParse<DayOfWeek>(t, out var day) && Enum.IsDefined(day) ? day : (DayOfWeek?)null).OfType<DayOfWeek>().Distinct()];

    /// <summary>Words separated by commas, semicolons or ends of lines, each once.</summary>
    public static List<string> Words(string? text) =>
        [.. (text ?? "").Split([',', ';', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct(StringComparer.Ordinal)];
}
