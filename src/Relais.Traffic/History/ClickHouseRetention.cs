using System.Globalization;

namespace Relais.Traffic.History;

/// <summary>
/// Deals the visitors of days that are older than identifiers may be kept numbers by chance, of that day alone: what is asked of one day stays exact. ClickHouse itself
/// removes days that are older than data may be kept, and the sketches of cells.
/// </summary>
internal static class ClickHouseRetention
{
    private const string Dealt = "_dealt_";

    /// <returns>How many days were dealt.</returns>
    public static async Task<int> RunAsync(ClickHouseHistory history, DateTimeOffset now, CancellationToken cancel)
    {
        await history.OpenAsync(cancel);
        await RemoveLeftAsync(history, cancel);
        var today = DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(now, history.Zone).DateTime);
        var before = ClickHouseHistory.Number(today.AddMonths(-history.Retention.Identifiers));
        // What is older goes as a whole; a copy of it could be gone before it takes its place.
        var since = ClickHouseHistory.Number(today.AddMonths(-history.Retention.Data).AddDays(1));
        var count = 0;
        foreach (var table in ClickHouseTable.All)
        {
            var days = new List<long>();
            await history.EachAsync(
                $"""
                 SELECT DISTINCT toInt64(partition) FROM system.parts WHERE active AND database = currentDatabase() AND table = '{table.Name}'
                 AND toInt64(partition) >= {since} AND toInt64(partition) < {before} AND toInt64(partition) NOT IN (SELECT toInt64(day) FROM {ClickHouseTables.Unlinked} WHERE kind = '{table.Kind}' GROUP BY day HAVING argMax(done, at))
                 """,
                row => days.Add(row.GetInt64(0)),
                cancel);
            foreach (var day in days)
                await DealAsync(history, table, day, cancel);
            count += days.Count;
        }

        return count;
    }

    /// <summary>Says of a day that its numbers are of that day alone, or are about to be.</summary>
    public static Task MarkAsync(ClickHouseHistory history, ClickHouseTable table, long day, bool done, CancellationToken cancel) =>
        history.RunAsync(string.Create(CultureInfo.InvariantCulture, $"INSERT INTO {ClickHouseTables.Unlinked} (kind, day, done) SELECT '{table.Kind}', {day}, {(done ? "true" : "false")}"), cancel);

    // The day is written anew beside the table and takes its place as one: there is no key that could be found again in a log of queries, and no moment at which half is dealt.
    private static async Task DealAsync(ClickHouseHistory history, ClickHouseTable table, long day, CancellationToken cancel)
    {
        var beside = $"{table.Name}{Dealt}{Guid.NewGuid():N}";
        // From here on reports say of several days that nobody knows who came again.
        await MarkAsync(history, table, day, done: false, cancel);
        await history.RunAsync($"CREATE TABLE {beside} AS {table.Name}", cancel);
        await history.RunAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                 INSERT INTO {beside} ({table.ColumnList})
                 SELECT {string.Join(", ", table.Columns.Keys.Select(c => c == table.Who ? $"dealt.number AS {c}" : $"linked.{c} AS {c}"))}
                 FROM {table.Name} AS linked
                 INNER JOIN (SELECT who, toUInt64(row_number() OVER (ORDER BY chance)) AS number FROM (
                   SELECT {table.Who} AS who, rand64() AS chance FROM (SELECT DISTINCT {table.Who} FROM {table.Name} WHERE day = {day}))) AS dealt ON linked.{table.Who} = dealt.who
                 WHERE linked.day = {day}
                 """),
            cancel);
        // Another node may be at the same day: what was read while it took its place would have rows of both.
        var copied = await CountAsync(history, beside, day, cancel);
        if (await CountAsync(history, table.Name, day, cancel) is var there && there != copied)
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"{table.Name} has {there} rows of {day}, and {copied} were read: the day stays as it is, and is tried again."));
        await history.RunAsync(string.Create(CultureInfo.InvariantCulture, $"ALTER TABLE {table.Name} REPLACE PARTITION {day} FROM {beside}"), cancel);
        await history.RunAsync($"DROP TABLE {beside} SYNC", cancel);
        await MarkAsync(history, table, day, done: true, cancel);
    }

    private static async Task<long> CountAsync(ClickHouseHistory history, string table, long day, CancellationToken cancel)
    {
        var count = 0L;
        await history.EachAsync(string.Create(CultureInfo.InvariantCulture, $"SELECT toInt64(count()) FROM {table} WHERE day = {day}"), row => count = row.GetInt64(0), cancel);
        return count;
    }

    private static async Task RemoveLeftAsync(ClickHouseHistory history, CancellationToken cancel)
    {
        var left = new List<string>();
        await history.EachAsync(
            $"SELECT name FROM system.tables WHERE database = currentDatabase() AND position(name, '{Dealt}') > 0 AND metadata_modification_time < now() - INTERVAL 1 DAY",
            row => left.Add(row.GetString(0)),
            cancel);
        foreach (var table in left)
            await history.RunAsync($"DROP TABLE IF EXISTS {table} SYNC", cancel);
    }
}
