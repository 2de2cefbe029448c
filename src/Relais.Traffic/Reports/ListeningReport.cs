using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>
/// What streaming is traded on, by any time and dimension. Sessions and visits count where they begin, hours where they are heard, and a session has the
/// device, player and region with which it began. Over a period that holds all connections these are the figures of <c>relais traffic measure</c>.
/// </summary>
internal static class ListeningReport
{
    public static readonly IReadOnlyList<string> Measures =
    [
        "active_sessions_ge60s", "TLH_hours", "CUME", "AAS", "TSL_hours_per_listener", "ecoutes_actives_gt30s", "duree_ecoute_hours_gt30s", "duree_moyenne_s_gt30s",
        "visits_30min", "peak_concurrent_connections", "peak_first_epoch",
    ];

    // No connection is believed beyond a day; a session that it belongs to may have begun before.
    internal const long Day = 24 * 3600;

    public static IEnumerable<ReportLine> Of(HistoryFolder history, Duck duck, ReportQuestion question, CancellationToken cancel)
    {
        var files = history.Files(HistoryFolder.Listens, question.From - (2 * Day), question.To + Day);
        if (files.Count == 0)
            return [];
        Prepare(duck, question, files);
        var sums = new ListeningSums(question.By.Count);
        void Each(string sql, Action<ListeningSums.Of, Func<int, long>> take) => duck.Each(sql, row => sums.Take(row, take), cancel);
        Each(Begun(question), ListeningSums.Begun);
        Each(Heard(question), ListeningSums.Heard);
        Each(Visits(question), ListeningSums.Visited);
        Each(Peaks(question), ListeningSums.Peaked);
        return sums.Lines(question, b => ReportPeriods.IsUnlinked(history, HistoryFolder.Listens, b));
    }

    private static void Prepare(Duck duck, ReportQuestion question, IReadOnlyList<string> files) => duck.Run(
        $"""
         CREATE OR REPLACE TEMP TABLE linked AS
         WITH heard AS (
           SELECT site, channel, device, player, region, listener, start, least(stop, start + {Day}) AS stop, row_number() OVER () AS id
           FROM read_parquet({Duck.List(files)})
           WHERE NOT bot AND start < {question.To + Day} AND stop >= {question.From - (2 * Day)}{question.Filter}),
         chained AS (
           SELECT *, max(stop) OVER (PARTITION BY site, channel, listener ORDER BY start, stop, id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until
           FROM heard)
         SELECT *, greatest(start, coalesce(until, start)) AS since, until IS NULL OR start - until >= 1800 AS comes,
           sum(CASE WHEN until IS NULL OR start - until >= 180 THEN 1 ELSE 0 END) OVER (PARTITION BY site, channel, listener ORDER BY start, stop, id) AS session
         FROM chained;
         CREATE OR REPLACE TEMP TABLE spell AS
         SELECT site, channel, listener, session, min(start) AS begun, CAST(sum(greatest(0, stop - since)) AS BIGINT) AS length,
           arg_min(device, start) AS device, arg_min(player, start) AS player, arg_min(region, start) AS region
         FROM linked GROUP BY site, channel, listener, session;
         """);

    private static string Begun(ReportQuestion of) =>
        $"""
         SELECT n, {of.Columns()}count(*) FILTER (WHERE length >= 60), count(*) FILTER (WHERE length > 30), CAST(coalesce(sum(length) FILTER (WHERE length > 30), 0) AS BIGINT)
         FROM spell JOIN {of.BucketTable} ON begun >= opens AND begun < closes GROUP BY ALL
         """;

    private static string Heard(ReportQuestion of) =>
        $"""
         SELECT n, {of.Columns("spell.")}CAST(coalesce(sum(least(stop, closes) - greatest(since, opens)) FILTER (WHERE length >= 60), 0) AS BIGINT),
           CAST(coalesce(sum(least(stop, closes) - greatest(since, opens)) FILTER (WHERE length > 30), 0) AS BIGINT), count(DISTINCT listener) FILTER (WHERE length >= 60)
         FROM linked JOIN spell USING (site, channel, listener, session) JOIN {of.BucketTable} ON since < closes AND stop > opens
         WHERE stop > since GROUP BY ALL
         """;

    private static string Visits(ReportQuestion of) =>
        $"SELECT n, {of.Columns()}count(*) FROM linked JOIN {of.BucketTable} ON start >= opens AND start < closes WHERE comes GROUP BY ALL";

    // Who leaves in the second in which another comes was not there with it; who comes and goes at once was there.
    private static string Peaks(ReportQuestion of)
    {
        var parted = of.By.Count == 0 ? "" : $"PARTITION BY {string.Join(", ", of.By)} ";
        return $"""
                WITH event AS (
                  SELECT {of.Columns()}start AS moment, 1 AS change, 2 AS place FROM linked
                  UNION ALL SELECT {of.Columns()}stop, -1, CASE WHEN stop = start THEN 3 ELSE 0 END FROM linked
                  UNION ALL SELECT {of.Columns()}opens, 0, 1 FROM (SELECT DISTINCT {(of.By.Count == 0 ? "0 AS nothing" : string.Join(", ", of.By))} FROM linked), {of.BucketTable}),
                counted AS (SELECT {of.Columns()}moment, place, sum(change) OVER ({parted}ORDER BY moment, place ROWS UNBOUNDED PRECEDING) AS there FROM event),
                placed AS (SELECT n, {of.Columns()}moment, there, max(there) OVER (PARTITION BY {of.Columns()}n) AS most FROM counted JOIN {of.BucketTable} ON moment >= opens AND moment < closes WHERE place IN (1, 2))
                SELECT n, {of.Columns()}CAST(max(most) AS BIGINT), min(moment) FROM placed WHERE there = most AND most > 0 GROUP BY ALL
                """;
    }
}
