using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>Page views, visits and different visitors.</summary>
internal static class PageReport
{
    // A visit that began before the period is known by what came up to half an hour before; one of GoAccess by the day.
    private const long Before = 24 * 3600;

    public static readonly IReadOnlyList<string> Measures = ["page_views", "visits", "unique_visitors"];

    public static IEnumerable<ReportLine> Of(HistoryFolder history, Duck duck, ReportQuestion question, CancellationToken cancel)
    {
        var files = history.Files(HistoryFolder.Requests, question.From - Before, question.To);
        if (files.Count == 0)
            return [];
        var lines = new List<ReportLine>();
        duck.Each(
            $"""
             WITH seen AS (
               SELECT moment, day, visitor, site, {question.Columns()}({question.Pages.View}) AS viewed, ({question.Pages.Visit}) AS present
               FROM read_parquet({Duck.List(files)})
               WHERE moment >= {question.From - Before} AND moment < {question.To} AND (({question.Pages.View}) OR ({question.Pages.Visit})){question.Filter}),
             followed AS (
               SELECT *, moment - lag(moment) OVER turn AS gap, lag(day) OVER turn AS before_day
               FROM seen WINDOW turn AS (PARTITION BY present, visitor ORDER BY moment))
             SELECT n, {question.Columns()}
               count(*) FILTER (WHERE viewed), count(*) FILTER (WHERE present AND ({question.Pages.Begins})), count(DISTINCT visitor) FILTER (WHERE present)
             FROM followed JOIN {question.BucketTable} ON moment >= opens AND moment < closes
             GROUP BY ALL ORDER BY ALL
             """,
            row =>
            {
                var (bucket, of) = (row.GetInt32(0), Enumerable.Range(1, question.By.Count).Select(row.GetString).ToList());
                var unlinked = ReportPeriods.IsUnlinked(history, HistoryFolder.Requests, question.Buckets[bucket]);
                for (var i = 0; i < Measures.Count; i++)
                    lines.Add(new ReportLine(bucket, of, Measures[i], unlinked && Measures[i] == "unique_visitors" ? null : row.GetInt64(1 + of.Count + i)));
            },
            cancel);
        return lines;
    }
}
