using System.Globalization;
using Relais.Traffic.Reports;

namespace Relais.Traffic.Explore;

/// <summary>One measure of a report as a page shows it: times down, values of a dimension across, those with the most first.</summary>
internal sealed record ShownReport(IReadOnlyList<Bucket> Times, IReadOnlyList<string> Columns, double?[,] Values)
{
    public const int MostColumns = 6;

    private static readonly string[] Whole = ["page_views", "visits", "unique_visitors", "active_sessions_ge60s", "CUME", "ecoutes_actives_gt30s", "visits_30min", "peak_concurrent_connections"];

    /// <summary>What can be chosen, without moments.</summary>
    public static readonly IReadOnlyList<string> Measures = [.. PageReport.Measures, .. ListeningReport.Measures.Where(m => m != "peak_first_epoch")];

    public bool IsEmpty => Columns.Count == 0;

    public static ShownReport Of(ReportQuestion question, IEnumerable<ReportLine> lines, string measure)
    {
        var told = lines.Where(l => l.Measure == measure).ToList();
        var columns = told.GroupBy(l => string.Join(" · ", l.Of), StringComparer.Ordinal).OrderByDescending(g => g.Sum(l => l.Value ?? 0)).ThenBy(g => g.Key, StringComparer.Ordinal)
            .Select(g => g.Key).Take(MostColumns).ToList();
        var values = new double?[question.Buckets.Count, columns.Count];
        foreach (var line in told)
        {
            if (columns.IndexOf(string.Join(" · ", line.Of)) is var at and >= 0)
                values[line.Bucket, at] = line.Value;
        }

        return new ShownReport(question.Buckets, columns, values);
    }

    /// <summary>A figure in the reader's language; a dash where nothing can be told.</summary>
    public static string Text(string measure, double? value) => value is { } known ? known.ToString(Whole.Contains(measure, StringComparer.Ordinal) ? "N0" : "N2", CultureInfo.CurrentCulture) : "–";

    /// <summary>When a time begins, as short as its length lets it be.</summary>
    public static string When(Bucket time, TimeZoneInfo zone)
    {
        var start = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeSeconds(time.Start), zone);
        return time.Hours switch
        {
            > 24 * 27 and < 24 * 32 => start.ToString("MMMM yyyy", CultureInfo.CurrentCulture),
            >= 23 => start.ToString("ddd d MMM yyyy", CultureInfo.CurrentCulture),
            _ => start.ToString("ddd d MMM HH:mm", CultureInfo.CurrentCulture),
        };
    }

    public static string Moment(DateTimeOffset moment, TimeZoneInfo zone) => TimeZoneInfo.ConvertTime(moment, zone).ToString("ddd d MMM HH:mm", CultureInfo.CurrentCulture);
}
