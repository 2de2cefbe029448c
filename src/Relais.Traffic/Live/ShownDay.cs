using Relais.Portal.Kit;

namespace Relais.Traffic.Live;

/// <summary>The day that "today" is, where the institute is.</summary>
internal static class ShownDay
{
    public static (DateTimeOffset From, DateTimeOffset Until) Of(PlaceOptions place, DateTimeOffset now)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(place.TimeZone);
        var today = place.Local(now).Date;
        return (Midnight(today, zone), Midnight(today.AddDays(1), zone));
    }

    private static DateTimeOffset Midnight(DateTime day, TimeZoneInfo zone)
    {
        var local = DateTime.SpecifyKind(day, DateTimeKind.Unspecified);
        return new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();
    }
}
