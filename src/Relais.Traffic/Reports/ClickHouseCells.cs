using System.Data.Common;
using System.Globalization;
using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>Page views, hours and different people from quarters of an hour that ClickHouse has made ahead: sums of sums, and sketches that are merged.</summary>
internal static class ClickHouseCells
{
    private const double SecondsPerHour = 3600;

    public static async Task<IEnumerable<ReportLine>> OfAsync(ClickHouseHistory history, ReportQuestion question, ClickHouseBuckets buckets, CancellationToken cancel)
    {
        var lines = new List<ReportLine>();
        if (question.IsOfPages)
        {
            await history.EachAsync(
                Sql(history, question, buckets, ClickHouseTables.PageCells, "views", "visitors"),
                row => Add(row, ("page_views", row.GetInt64(1 + question.By.Count)), "unique_visitors"),
                cancel);
        }

        await history.EachAsync(
            Sql(history, question, buckets, ClickHouseTables.ListenCells, "seconds", "listeners"),
            row => Add(row, ("connected_hours", row.GetInt64(1 + question.By.Count) / SecondsPerHour), "listeners"),
            cancel);
        return lines;

        void Add(DbDataReader row, (string Measure, double Value) sum, string people)
        {
            var (bucket, of) = (buckets.PlaceOf(row.GetInt64(0)), Enumerable.Range(1, question.By.Count).Select(row.GetString).ToList());
            lines.Add(new ReportLine(bucket, of, sum.Measure, sum.Value));
            lines.Add(new ReportLine(bucket, of, people, row.IsDBNull(2 + of.Count) ? null : row.GetInt64(2 + of.Count)));
        }
    }

    // Sketches that are older than identifiers may be kept are empty: that is not nobody.
    private static string Sql(ClickHouseHistory history, ReportQuestion question, ClickHouseBuckets buckets, string table, string sum, string sketch) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
         WITH {buckets.Arrays}, told AS (SELECT *, toInt64(quarter) * 900 AS moment FROM {table} WHERE quarter >= {buckets.From / 900} AND quarter < {buckets.To / 900}{question.FilterBy(ClickHouseHistory.Text)})
         SELECT {ClickHouseBuckets.Opens("moment")} AS opened, {question.Columns()}toInt64(sum({sum})),
           if(min(moment) < toUnixTimestamp(subtractMonths(now('UTC'), {history.Retention.Identifiers})), NULL, toInt64(uniqCombined64Merge({ClickHouseTables.Precision})({sketch})))
         FROM told WHERE {buckets.Holds("moment")} GROUP BY {question.Columns()}opened
         """);
}
