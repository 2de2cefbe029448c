using System.Globalization;
using Relais.Portal.Kit;

namespace Relais.Audience.Waves;

/// <summary>A moment as a form's field of date and time has it: on the institute's clock.</summary>
internal static class LocalMoment
{
    private const string Format = "yyyy-MM-ddTHH:mm";

    public static DateTimeOffset? Read(string? text, PlaceOptions place)
    {
        if (!DateTime.TryParse(text, CultureInfo.InvariantCulture, out var local))
            return null;
        var unspecified = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return new DateTimeOffset(unspecified, TimeZoneInfo.FindSystemTimeZoneById(place.TimeZone).GetUtcOffset(unspecified));
    }

    public static string Write(DateTimeOffset when, PlaceOptions place) =>
        TimeZoneInfo.ConvertTime(when, TimeZoneInfo.FindSystemTimeZoneById(place.TimeZone)).ToString(Format, CultureInfo.InvariantCulture);
}
