using System.Globalization;

namespace Relais.Traffic.History;

/// <summary>A table of rows: what the history's Parquet files have, and of which batch a row is.</summary>
/// <param name="Kind">As the folders of <see cref="HistoryFolder"/> are named.</param>
/// <param name="Who">The column that tells somebody from somebody else.</param>
/// <param name="Columns">Names and types.</param>
internal sealed record ClickHouseTable(string Kind, string Name, string Who, string Order, IReadOnlyDictionary<string, string> Columns)
{
    private const string Short = "LowCardinality(String)";

    public static readonly ClickHouseTable Requests = new(HistoryFolder.Requests, "traffic_request", "visitor", "site, moment", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["batch"] = Short, ["moment"] = "Int64", ["day"] = "UInt32", ["site"] = Short, ["path"] = "String", ["method"] = Short, ["status"] = "UInt16", ["page"] = "Bool",
        ["bot"] = "Bool", ["visitor"] = "UInt64", ["device"] = Short, ["player"] = Short, ["region"] = Short,
    });

    public static readonly ClickHouseTable Listens = new(HistoryFolder.Listens, "traffic_listen", "listener", "site, channel, start", new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["batch"] = Short, ["start"] = "Int64", ["stop"] = "Int64", ["day"] = "UInt32", ["site"] = Short, ["channel"] = Short, ["bot"] = "Bool", ["listener"] = "UInt64",
        ["device"] = Short, ["player"] = Short, ["region"] = Short,
    });

    public static readonly IReadOnlyList<ClickHouseTable> All = [Requests, Listens];

    public string Moment => this == Requests ? "moment" : "start";

    public string ColumnList => string.Join(", ", Columns.Keys);
}

/// <summary>
/// What Relais keeps in ClickHouse, made in steps that are never changed once they are published: each can be done again, so that two nodes that begin at once, and one
/// that is killed in between, do no harm.
/// </summary>
internal static class ClickHouseTables
{
    public const string PageCells = "traffic_page_cell";
    public const string ListenCells = "traffic_listen_cell";
    public const string Unlinked = "traffic_unlinked";
    public const string Schema = "traffic_schema";

    /// <summary>Inserts that a table remembers by their tokens. Each collector makes one or two an hour.</summary>
    public const int Tokens = 10_000;

    /// <summary>Of the sketches in cells, 2^14 places as in <see cref="Measures.Sketches.HyperLogLog"/>: a standard error of 0.81 %.</summary>
    public const int Precision = 14;

    public const string MakeSchema = $"CREATE TABLE IF NOT EXISTS {Schema} (step UInt32, zone String) ENGINE = MergeTree ORDER BY step";

    // A day is a partition: it goes as a whole, and its visitors get other numbers by taking the place of it as a whole.
    private const string Rows = "ENGINE = MergeTree PARTITION BY day ORDER BY ({0}) TTL toDateTime({1}, 'UTC') + toIntervalMonth({2}) SETTINGS non_replicated_deduplication_window = {3}, ttl_only_drop_parts = 1";

    // Sketches of few people hold their hashes: they go when identifiers do.
    private const string Sketches = "AggregateFunction(uniqCombined64({0}), UInt64) TTL toDateTime(quarter * 900, 'UTC') + toIntervalMonth({1})";

    private const string Cells = "ENGINE = AggregatingMergeTree PARTITION BY toYYYYMM(toDateTime(quarter * 900, 'UTC')) ORDER BY ({0}) TTL toDateTime(quarter * 900, 'UTC') + toIntervalMonth({1}) SETTINGS non_replicated_deduplication_window = {2}";

    public static int Steps => 1;

    public static IEnumerable<string> Step(int step, HistoryRetention retention) => step switch
    {
        1 =>
        [
            .. ClickHouseTable.All.Select(t =>
                $"CREATE TABLE IF NOT EXISTS {t.Name} ({string.Join(", ", t.Columns.Select(c => $"{c.Key} {c.Value}"))}) {With(Rows, t.Order, t.Moment, retention.Data, Tokens)}"),
            $"CREATE TABLE IF NOT EXISTS {Unlinked} (kind LowCardinality(String), day UInt32, done Bool, at DateTime64(6, 'UTC') DEFAULT now64(6)) ENGINE = MergeTree ORDER BY (kind, day)",
            $"CREATE TABLE IF NOT EXISTS {PageCells} (quarter UInt32, site LowCardinality(String), device LowCardinality(String), player LowCardinality(String), region LowCardinality(String), "
                + $"views SimpleAggregateFunction(sum, UInt64), visitors {With(Sketches, Precision, retention.Identifiers)}) {With(Cells, "site, quarter, device, player, region", retention.Data, Tokens)}",
            $"CREATE TABLE IF NOT EXISTS {ListenCells} (quarter UInt32, site LowCardinality(String), channel LowCardinality(String), device LowCardinality(String), player LowCardinality(String), region LowCardinality(String), "
                + $"seconds SimpleAggregateFunction(sum, UInt64), listeners {With(Sketches, Precision, retention.Identifiers)}) {With(Cells, "site, channel, quarter, device, player, region", retention.Data, Tokens)}",
            $"""
             CREATE MATERIALIZED VIEW IF NOT EXISTS {PageCells}_view TO {PageCells} AS
             SELECT toUInt32(intDiv(moment, 900)) AS quarter, site, device, player, region, count() AS views, uniqCombined64State({Precision})(visitor) AS visitors
             FROM {ClickHouseTable.Requests.Name} WHERE page AND NOT bot AND method = 'GET' AND (status BETWEEN 200 AND 299 OR status = 304)
             GROUP BY quarter, site, device, player, region
             """,
            // No connection is believed beyond a day.
            $"""
             CREATE MATERIALIZED VIEW IF NOT EXISTS {ListenCells}_view TO {ListenCells} AS
             SELECT toUInt32(part) AS quarter, site, channel, device, player, region,
               sum(toUInt64(least(stop, start + 86400, toInt64(part + 1) * 900) - greatest(start, toInt64(part) * 900))) AS seconds, uniqCombined64State({Precision})(listener) AS listeners
             FROM {ClickHouseTable.Listens.Name} ARRAY JOIN range(toUInt32(intDiv(start, 900)), toUInt32(intDiv(least(stop, start + 86400) - 1, 900) + 1)) AS part
             WHERE NOT bot AND stop > start
             GROUP BY quarter, site, channel, device, player, region
             """,
        ],
        _ => [],
    };

    /// <summary>What brings the times of tables that are there to what they are to be; the rows follow by themselves.</summary>
    /// <param name="made">How a table was made, as ClickHouse tells it.</param>
    public static IEnumerable<string> Times(string table, string made, HistoryRetention retention)
    {
        var moment = ClickHouseTable.All.FirstOrDefault(t => t.Name == table)?.Moment ?? "quarter * 900";
        var (data, identifiers) = (With("toIntervalMonth({0})", retention.Data), With("toIntervalMonth({0})", retention.Identifiers));
        // Of what a table is made of, its own time is told last.
        if (!made[(made.LastIndexOf(" TTL ", StringComparison.Ordinal) + 1)..].Contains(data, StringComparison.Ordinal))
            yield return $"ALTER TABLE {table} MODIFY TTL toDateTime({moment}, 'UTC') + {data}";
        if (Sketched(table) is { } sketch && !made.Contains(identifiers, StringComparison.Ordinal))
            yield return $"ALTER TABLE {table} MODIFY COLUMN {sketch} {With(Sketches, Precision, retention.Identifiers)}";
    }

    private static string? Sketched(string table) => table switch { PageCells => "visitors", ListenCells => "listeners", _ => null };

    private static string With(string text, params object[] values) => string.Format(CultureInfo.InvariantCulture, text, values);
}
