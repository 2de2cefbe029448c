using System.Globalization;
using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>A question as it comes from a command line or an address: names with values.</summary>
internal abstract record ReportArguments
{
    private const int MostDays = 400;
    private const int Quarter = 900;
    private static readonly string[] Times = ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss"];

    private ReportArguments() { }

    public sealed record Good(ReportQuestion Question, TimeZoneInfo Zone) : ReportArguments;

    /// <param name="Name">Which argument.</param>
    /// <param name="Problem">What is wrong and what to do.</param>
    public sealed record Bad(string Name, string Problem) : ReportArguments;

    /// <param name="definitions">Those by which the history can be asked.</param>
    public static ReportArguments Parse(ILookup<string, string> given, TimeZoneInfo historyZone, IReadOnlyList<Definition>? definitions = null)
    {
        string? One(string name) => given[name].LastOrDefault(v => v.Length > 0);
        var zone = historyZone;
        if (One("zone") is { } named && !TimeZoneInfo.TryFindSystemTimeZoneById(named, out zone!))
            return new Bad("zone", $"there is no zone {named}; name one of the IANA, such as {HistoryFolder.DefaultZone}.");
        var by = given["by"].SelectMany(v => v.Split(',', StringSplitOptions.RemoveEmptyEntries)).Distinct(StringComparer.Ordinal).ToList();
        if (by.Find(d => !ReportQuestion.Dimensions.Contains(d, StringComparer.Ordinal)) is { } unknown)
            return new Bad("by", $"there is no {unknown}; there are {string.Join(", ", ReportQuestion.Dimensions)}.");
        var pages = One("definition") is { } wanted ? (definitions ?? Definition.All).FirstOrDefault(d => d.Name == wanted) : Definition.Pages;
        if (pages is null)
            return new Bad("definition", $"there are {string.Join(", ", (definitions ?? Definition.All).Select(d => d.Name))}.");
        var where = ReportQuestion.Dimensions.Where(d => given[d].Any()).ToDictionary(d => d, d => (IReadOnlyList<string>)[.. given[d]], StringComparer.Ordinal);
        return Buckets(One, zone) switch
        {
            (null, { } problem) => problem,
            ({ } buckets, _) when pages == Definition.Cells && (by.Concat(where.Keys).Contains("path", StringComparer.Ordinal) || buckets.Any(b => b.Start % Quarter != 0 || b.Stop % Quarter != 0)) =>
                new Bad("definition", $"{pages.Name} tells of whole quarters of an hour, and knows no path; leave it out to count anew."),
            ({ } buckets, _) => new Good(new ReportQuestion(buckets, by, where, pages), zone),
            _ => new Bad("from", "a period is needed."),
        };
    }

    private static (IReadOnlyList<Bucket>?, Bad?) Buckets(Func<string, string?> one, TimeZoneInfo zone)
    {
        if (one("event") is { } at)
        {
            if (!TryLocal(at, out var local))
                return (null, new Bad("event", $"{at} is no time: write 2026-01-15T20:00, in the zone of the report."));
            if (!TryWhole(one("minutes") ?? "60", 24 * 60, out var minutes))
                return (null, new Bad("minutes", "from 1 to 1440."));
            return TryWhole(one("days") ?? "7", MostDays, out var days)
                ? (Bucket.OfEvent(local, TimeSpan.FromMinutes(minutes), days, zone), null)
                : (null, new Bad("days", $"from 1 to {MostDays}."));
        }

        if (one("from") is not { } first || !TryLocal(first, out var from))
            return (null, new Bad("from", "write the first day or moment: 2026-01-15 or 2026-01-15T20:00, in the zone of the report."));
        if (one("to") is not { } last || !TryLocal(last, out var to))
            return (null, new Bad("to", "write the day or moment at which the report ends, which is not in it: 2026-01-16."));
        if (to <= from)
            return (null, new Bad("to", $"{last} is not after {first}."));
        return Bucket.Of(Instant(from, zone), Instant(to, zone), one("each") ?? "all", zone) is { } buckets
            ? (buckets, null)
            : (null, new Bad("each", "all, quarter, hour, day, week or month, and no more than 20000 of them."));
    }

    private static DateTimeOffset Instant(DateTime local, TimeZoneInfo zone) => new(local, zone.GetUtcOffset(local));

    private static bool TryLocal(string text, out DateTime local) => DateTime.TryParseExact(text, Times, CultureInfo.InvariantCulture, DateTimeStyles.None, out local) && local.Year is >= 1971 and <= 2199;

    private static bool TryWhole(string text, int most, out int number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1 && number <= most;
}
