using System.Globalization;
using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>What streaming is traded on: <see cref="ListeningReport"/> in ClickHouse's SQL. It keeps no table between two questions, so each of the four links connections anew.</summary>
internal static class ClickHouseListening
{
    private const long Day = ListeningReport.Day;

    public static async Task<IEnumerable<ReportLine>> OfAsync(ClickHouseHistory history, ReportQuestion question, ClickHouseBuckets buckets, CancellationToken cancel)
    {
        var isUnlinked = await ClickHouseReport.UnlinkedAsync(history, ClickHouseTable.Listens, cancel);
        var sums = new ListeningSums(question.By.Count);
        Task EachAsync(string sql, Action<ListeningSums.Of, Func<int, long>> take) =>
            history.EachAsync($"WITH {buckets.Arrays}, {Linked(question, buckets)}{sql}", row => sums.Take(row, take, buckets.PlaceOf(row.GetInt64(0))), cancel);
        await EachAsync(Begun(question, buckets), ListeningSums.Begun);
        await EachAsync(Heard(question), ListeningSums.Heard);
        await EachAsync(Visits(question, buckets), ListeningSums.Visited);
        await EachAsync(Peaks(question, buckets), ListeningSums.Peaked);
        return sums.Lines(question, isUnlinked);
    }

    // Rows of the same seconds are told apart by how far the ones before reach, so that both windows go over them in one order.
    private static string Linked(ReportQuestion question, ClickHouseBuckets buckets) => string.Create(
        CultureInfo.InvariantCulture,
        $"""
         heard AS (
           SELECT site, channel, device, player, region, listener, start, least(stop, start + {Day}) AS finish
           FROM {ClickHouseTable.Listens.Name}
           WHERE NOT bot AND start < {buckets.To + Day} AND stop >= {buckets.From - (2 * Day)}{question.FilterBy(ClickHouseHistory.Text)}),
         chained AS (
           SELECT *, max(toNullable(finish)) OVER (PARTITION BY site, channel, listener ORDER BY start, finish ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
           FROM heard),
         linked AS (
           SELECT *, greatest(start, coalesce(until, start)) AS since, coalesce(start - until >= 1800, true) AS comes,
             sum(if(coalesce(start - until >= 180, true), 1, 0)) OVER (
               PARTITION BY site, channel, listener ORDER BY start, finish, coalesce(until, -1) ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session
           FROM chained)
         """);

    private static string Begun(ReportQuestion of, ClickHouseBuckets buckets) =>
        $"""
         , summed AS (
           SELECT site, channel, listener, session, min(start) AS begun, sum(greatest(toInt64(0), finish - since)) AS length,
             argMin(device, start) AS first_device, argMin(player, start) AS first_player, argMin(region, start) AS first_region
           FROM linked GROUP BY site, channel, listener, session),
         spell AS (SELECT site, channel, begun, length, first_device AS device, first_player AS player, first_region AS region FROM summed)
         SELECT {ClickHouseBuckets.Opens("begun")} AS opened, {of.Columns()}toInt64(countIf(length >= 60)), toInt64(countIf(length > 30)), toInt64(sumIf(length, length > 30))
         FROM spell WHERE {buckets.Holds("begun")} GROUP BY {of.Columns()}opened
         """;

    private static string Heard(ReportQuestion of) =>
        $"""
         , summed AS (
           SELECT site, channel, listener, since, finish, sum(greatest(toInt64(0), finish - since)) OVER whole AS length,
             argMin(device, start) OVER whole AS first_device, argMin(player, start) OVER whole AS first_player, argMin(region, start) OVER whole AS first_region
           FROM linked WINDOW whole AS (PARTITION BY site, channel, listener, session)),
         parted AS (
           SELECT site, channel, listener, since, finish, length, first_device AS device, first_player AS player, first_region AS region, opened, {ClickHouseBuckets.Closes("opened")} AS closed
           FROM summed ARRAY JOIN {ClickHouseBuckets.Touched("since", "finish")} AS opened WHERE finish > since)
         SELECT opened, {of.Columns()}toInt64(sumIf(least(finish, closed) - greatest(since, opened), length >= 60)),
           toInt64(sumIf(least(finish, closed) - greatest(since, opened), length > 30)), toInt64(uniqExactIf(listener, length >= 60))
         FROM parted WHERE since < closed AND finish > opened GROUP BY {of.Columns()}opened
         """;

    private static string Visits(ReportQuestion of, ClickHouseBuckets buckets) =>
        $" SELECT {ClickHouseBuckets.Opens("start")} AS opened, {of.Columns()}toInt64(count()) FROM linked WHERE comes AND {buckets.Holds("start")} GROUP BY {of.Columns()}opened";

    // Who leaves in the second in which another comes was not there with it; who comes and goes at once was there.
    private static string Peaks(ReportQuestion of, ClickHouseBuckets buckets)
    {
        var parted = of.By.Count == 0 ? "" : $"PARTITION BY {string.Join(", ", of.By)} ";
        return $"""
                , event AS (
                  SELECT {of.Columns()}turn.1 AS moment, turn.2 AS change, turn.3 AS place
                  FROM linked ARRAY JOIN [(start, toInt8(1), toInt8(2)), (finish, toInt8(-1), if(finish = start, toInt8(3), toInt8(0)))] AS turn
                  UNION ALL SELECT {of.Columns()}opened AS moment, toInt8(0) AS change, toInt8(1) AS place
                  FROM ({(of.By.Count == 0 ? "SELECT 1 AS nothing FROM linked LIMIT 1" : $"SELECT DISTINCT {string.Join(", ", of.By)} FROM linked")}) ARRAY JOIN opens AS opened),
                counted AS (SELECT {of.Columns()}moment, place, sum(change) OVER ({parted}ORDER BY moment, place ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS there FROM event),
                highest AS (
                  SELECT {ClickHouseBuckets.Opens("moment")} AS opened, {of.Columns()}max((there, -moment)) AS most
                  FROM counted WHERE place IN (1, 2) AND {buckets.Holds("moment")} GROUP BY {of.Columns()}opened)
                SELECT opened, {of.Columns()}toInt64(most.1), toInt64(-most.2) FROM highest WHERE most.1 > 0
                """;
    }
}
