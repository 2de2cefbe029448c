using System.Globalization;
using Microsoft.Extensions.Options;
using Relais.Portal.Kit;

namespace Relais.Access.Accounts;

/// <summary>Days as the institute lives them: a contract that ends on the 30th ends at midnight there, not in UTC.</summary>
internal sealed class InstituteCalendar(IOptions<PlaceOptions> place, TimeProvider clock)
{
    private const string Format = "yyyy-MM-dd";

    private TimeZoneInfo Zone => TimeZoneInfo.FindSystemTimeZoneById(place.Value.TimeZone);

    public DateOnly Today => DayOf(clock.GetUtcNow());

    public DateOnly DayOf(DateTimeOffset when) => DateOnly.FromDateTime(Local(when).DateTime);

    public DateTimeOffset Local(DateTimeOffset when) => TimeZoneInfo.ConvertTime(when, Zone);

    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);

        // Where clocks jump at midnight, the day starts when they have jumped.
        while (Zone.IsInvalidTime(midnight))
            midnight = midnight.AddMinutes(15);
        return new DateTimeOffset(TimeZoneInfo.ConvertTimeToUtc(midnight, Zone), TimeSpan.Zero);
    }

    public DateTimeOffset EndOf(DateOnly day) => StartOf(day.AddDays(1));

    public DateOnly? LastDayBefore(DateTimeOffset? end) => end is { } moment ? DayOf(moment.AddTicks(-1)) : null;

    /// <summary>A day as a date field sends it.</summary>
    public static DateOnly? Parse(string? text) =>
        DateOnly.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    public static string? Write(DateOnly? day) => day?.ToString(Format, CultureInfo.InvariantCulture);
}
