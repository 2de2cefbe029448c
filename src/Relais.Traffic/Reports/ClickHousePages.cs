using System.Globalization;
using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>Page views, visits and different visitors: <see cref="PageReport"/> in ClickHouse's SQL.</summary>
internal static class ClickHousePages
{
    private const long Before = 24 * 3600;

    public static async Task<IEnumerable<ReportLine>> OfAsync(ClickHouseHistory history, ReportQuestion question, ClickHouseBuckets buckets, CancellationToken cancel)
    {
        var isUnlinked = await ClickHouseReport.UnlinkedAsync(history, ClickHouseTable.Requests, cancel);
        var lines = new List<ReportLine>();
        await history.EachAsync(
            Sql(question, buckets),
            row =>
            {
                var (bucket, of) = (buckets.PlaceOf(row.GetInt64(0)), Enumerable.Range(1, question.By.Count).Select(row.GetString).ToList());
                var unlinked = isUnlinked(question.Buckets[bucket]);
                for (var i = 0; i < PageReport.Measures.Count; i++)
                    lines.Add(new ReportLine(bucket, of, PageReport.Measures[i], unlinked && PageReport.Measures[i] == "unique_visitors" ? null : row.GetInt64(1 + of.Count + i)));
            },
            cancel);
        return lines;
    }

    private static string Sql(ReportQuestion question, ClickHouseBuckets buckets) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
         WITH {buckets.Arrays},
           seen AS (
             SELECT moment, day, visitor, {question.Columns()}({question.Pages.View}) AS viewed, ({question.Pages.Visit}) AS present
             FROM {ClickHouseTable.Requests.Name}
             WHERE moment >= {buckets.From - Before} AND moment < {buckets.To} AND (({question.Pages.View}) OR ({question.Pages.Visit})){question.FilterBy(ClickHouseHistory.Text)}),
           followed AS (
             SELECT *, moment - lagInFrame(toNullable(moment)) OVER turn AS gap, lagInFrame(toNullable(day)) OVER turn AS before_day
             FROM seen WINDOW turn AS (PARTITION BY present, visitor ORDER BY moment ASC ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW))
         SELECT {ClickHouseBuckets.Opens("moment")} AS opened, {question.Columns()}
           toInt64(countIf(viewed)), toInt64(countIf(present AND ({question.Pages.Begins}))), toInt64(uniqExactIf(visitor, present))
         FROM followed WHERE {buckets.Holds("moment")}
         GROUP BY {question.Columns()}opened
         """);
}
