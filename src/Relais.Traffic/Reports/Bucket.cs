using System.Globalization;
using System.Runtime.InteropServices;

namespace Relais.Traffic.Reports;

/// <summary>A time of which a report tells, in seconds since 1970; its end is not in it.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct Bucket(long Start, long Stop)
{
    private const int MostBuckets = 20_000;

    public double Hours => (Stop - Start) / 3600.0;

    /// <summary>Parts of a period by the calendar of a zone: <c>all</c>, <c>quarter</c> (of an hour), <c>hour</c>, <c>day</c>, <c>week</c> (from Monday), <c>month</c>.</summary>
    /// <returns>Null for an unknown length, or for more parts than anybody reads.</returns>
    public static IReadOnlyList<Bucket>? Of(DateTimeOffset from, DateTimeOffset to, string each, TimeZoneInfo zone)
    {
        var (start, end) = (from.ToUnixTimeSeconds(), to.ToUnixTimeSeconds());
        switch (each)
        {
            case "all":
                return [new Bucket(start, end)];
            case "quarter" or "hour":
                var step = each == "quarter" ? 900 : 3600;
                if ((end - start) / step > MostBuckets)
                    return null;
                // Zones lie whole quarters of an hour apart, and hours of most begin with those of UTC.
                var buckets = new List<Bucket>();
                for (var at = start; at < end; at = (at / step * step) + step)
                    buckets.Add(new Bucket(at, Math.Min(end, (at / step * step) + step)));
                return buckets;
            case "day" or "week" or "month":
                var parts = new List<Bucket>();
                for (var day = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(from, zone).DateTime); start < end && parts.Count <= MostBuckets;)
                {
                    day = each switch
                    {
                        "day" => day.AddDays(1),
                        "week" => day.AddDays(7 - (((int)day.DayOfWeek + 6) % 7)),
                        _ => new DateOnly(day.Year, day.Month, 1).AddMonths(1),
                    };
                    var next = Math.Min(end, Midnight(day, zone));
                    parts.Add(new Bucket(start, next));
                    start = next;
                }

                return parts.Count > MostBuckets ? null : parts;
            default:
                return null;
        }
    }

    /// <summary>The same time of day on the event's day and on the days before it, the event's first.</summary>
    public static IReadOnlyList<Bucket> OfEvent(DateTime local, TimeSpan length, int days, TimeZoneInfo zone) =>
        [.. Enumerable.Range(0, days + 1).Select(d => Instant(local.AddDays(-d), zone)).Select(s => new Bucket(s, s + (long)length.TotalSeconds))];

    public static long Midnight(DateOnly day, TimeZoneInfo zone) => Instant(day.ToDateTime(TimeOnly.MinValue), zone);

    public static string Text(long second, TimeZoneInfo zone) =>
        TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(second), zone).ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    // A time that clocks step over is the one after it.
    private static long Instant(DateTime local, TimeZoneInfo zone)
    {
        var real = zone.IsInvalidTime(local) ? local.AddHours(1) : local;
        return new DateTimeOffset(real, zone.GetUtcOffset(real)).ToUnixTimeSeconds();
    }
}
