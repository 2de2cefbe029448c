using System.Globalization;
using Relais.Traffic.History;

namespace Relais.Tests.Traffic;

/// <summary>The same history in files and in ClickHouse, asked the same.</summary>
public sealed class ClickHouseReportTests : IAsyncLifetime
{
    private static readonly string[][] Questions =
    [
        ["--from", "2015-05-17", "--to", "2015-05-22"],
        ["--from", "2015-05-17", "--to", "2015-05-22", "--each", "day", "--by", "device,site"],
        ["--from", "2015-05-18T01:07", "--to", "2015-05-20", "--each", "hour", "--definition", "goaccess/1", "--by", "site"],
        ["--from", "2015-05-17", "--to", "2015-05-22", "--each", "quarter"],
        ["--from", "2015-05-17", "--to", "2015-05-22", "--path", "/", "--path", "\\' OR 1 = 1 --"],
        ["--from", "2026-01-01", "--to", "2026-01-02"],
        ["--from", "2026-01-01", "--to", "2026-01-02", "--each", "quarter", "--by", "channel"],
        ["--from", "2025-12-01", "--to", "2026-02-01", "--each", "week", "--by", "region,channel"],
        ["--event", "2026-01-01T20:00", "--minutes", "60", "--days", "2", "--by", "channel"],
        // The day before has 23 hours, so that two of these days have an hour in common.
        ["--event", "2026-03-29T00:30", "--minutes", "1440", "--days", "3"],
        ["--from", "2026-03-27", "--to", "2026-03-31", "--each", "day", "--by", "channel", "--channel", "S"],
    ];

    private readonly ClickHouseServer _server = new();
    private readonly TrafficFiles _files = new();

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        Assert.Equal(0, (await _files.ImportAsync(TrafficFiles.Reference("apache_combined_10k.log.gz"), "--site", "exemple.fr")).Code);
        Assert.Equal(0, (await _files.ImportAsync(TrafficFiles.Reference("connections.csv"))).Code);
        Assert.Equal(0, (await _files.ImportAsync(await _files.WriteAsync("event.csv", Event()))).Code);
    }

    [Fact]
    public async Task What_is_asked_of_files_and_of_ClickHouse_has_the_same_answer_to_the_last_digit()
    {
        var told = new List<string>();
        foreach (var question in Questions)
            told.Add(await AskFilesAsync(question));
        Assert.Contains(told, t => t.Contains(",TLH_hours,", StringComparison.Ordinal) && t.Split('\n').Length > 500);
        var exact = await _files.FiguresAsync(Questions[0]);

        // ClickHouse's own clock would remove a sample of 2015 while it is asked.
        using var history = new ClickHouseHistory(_server.Connection("echantillon"), HistoryFolder.Open(_files.History).Zone, new HistoryRetention(13, 800));
        await history.OpenAsync(TestContext.Current.CancellationToken);
        await history.RunAsync($"SYSTEM STOP TTL MERGES {ClickHouseTables.PageCells}", TestContext.Current.CancellationToken);
        // As a killed move leaves it: one file is there and here.
        var file = Directory.EnumerateFiles(_files.History, "*.parquet", SearchOption.AllDirectories).Order(StringComparer.Ordinal).First();
        File.Copy(file, Path.Combine(_files.Folder, "left"));
        Assert.Contains(" rows", await MoveAsync("echantillon"), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.Copy(Path.Combine(_files.Folder, "left"), file);
        Assert.StartsWith("1 files moved", await MoveAsync("echantillon"), StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_files.History, "*.parquet", SearchOption.AllDirectories));

        foreach (var (question, files) in Questions.Zip(told))
            Assert.Equal(files, await AskClickHouseAsync("echantillon", question));

        // From cells: sums are the same, different people are estimated.
        var cells = Figures(await AskClickHouseAsync("echantillon", [.. Questions[0], "--definition", "cells/1"]));
        Assert.Equal(exact["page_views"], cells["page_views"]);
        // These are older than identifiers may be kept: a report does not tell them, also before the sketches are emptied.
        Assert.Null(cells["unique_visitors"]);
        var estimated = await NumberAsync(history, $"SELECT toInt64(uniqCombined64Merge({ClickHouseTables.Precision})(visitors)) FROM {ClickHouseTables.PageCells}");
        Assert.InRange(estimated, exact["unique_visitors"]!.Value * 0.97, exact["unique_visitors"]!.Value * 1.03);
        var (code, _, error) = await TrafficFiles.SayAsync("report", ["--clickhouse", _server.Connection("echantillon"), .. Questions[2], "--definition", "cells/1"], TestContext.Current.CancellationToken);
        Assert.Equal(2, code);
        Assert.Contains("whole quarters of an hour", error, StringComparison.Ordinal);
        Assert.Contains("there is no history in", (await TrafficFiles.SayAsync("report", ["--clickhouse", _server.Connection("relais"), .. Questions[0]], TestContext.Current.CancellationToken)).Error, StringComparison.Ordinal);

        await ForgetsInTimeAsync(history, exact);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _files.Dispose();
    }

    // Days older than 13 months lose who is who, older than 25 all; as in files.
    private async Task ForgetsInTimeAsync(ClickHouseHistory history, Dictionary<string, double?> exact)
    {
        var cancel = TestContext.Current.CancellationToken;
        string[] day = ["--from", "2015-05-18", "--to", "2015-05-19"];
        var (told, visitors) = (await AskClickHouseAsync("echantillon", day), await ColumnAsync(history));
        Assert.Equal(0, await ClickHouseRetention.RunAsync(history, new DateTimeOffset(2016, 6, 1, 0, 0, 0, TimeSpan.Zero), cancel));
        Assert.Equal(4, await ClickHouseRetention.RunAsync(history, new DateTimeOffset(2016, 7, 1, 0, 0, 0, TimeSpan.Zero), cancel));
        Assert.Equal(0, await ClickHouseRetention.RunAsync(history, new DateTimeOffset(2016, 7, 1, 0, 0, 0, TimeSpan.Zero), cancel));
        Assert.Empty((await ColumnAsync(history)).Intersect(visitors));
        Assert.Equal(told, await AskClickHouseAsync("echantillon", day));
        var month = Figures(await AskClickHouseAsync("echantillon", Questions[0]));
        Assert.Equal((null, exact["page_views"]), (month["unique_visitors"], month["page_views"]));

        // A view of 14 months ago by ClickHouse's own clock, which its times follow.
        var then = TimeProvider.System.GetUtcNow().AddMonths(-14);
        await history.InsertAsync(
            ClickHouseTable.Requests, [["old", then.ToUnixTimeSeconds(), history.DayOf(then.ToUnixTimeSeconds()), "vieux.fr", "/", "GET", (ushort)200, true, false, 7UL, "", "", ""]], "old", cancel);
        // Other months are taken over when a server begins.
        using var shorter = new ClickHouseHistory(_server.Connection("echantillon"), wanted: null, new HistoryRetention(12, 25));
        await shorter.OpenAsync(cancel);
        Assert.Equal(4, await NumberAsync(history, "SELECT toInt64(count()) FROM system.tables WHERE database = currentDatabase() AND create_table_query LIKE '%toIntervalMonth(25)%'"));
        Assert.Equal(2, await NumberAsync(history, "SELECT toInt64(count()) FROM system.tables WHERE database = currentDatabase() AND create_table_query LIKE '%toIntervalMonth(12)%'"));
        await history.RunAsync($"SYSTEM START TTL MERGES {ClickHouseTables.PageCells}", cancel);
        foreach (var table in (string[])[ClickHouseTable.Requests.Name, ClickHouseTables.PageCells])
        {
            await history.RunAsync($"ALTER TABLE {table} MATERIALIZE TTL SETTINGS mutations_sync = 2", cancel);
            await history.RunAsync($"OPTIMIZE TABLE {table} FINAL", cancel);
        }

        var left = new List<(long, long, long)>();
        await history.EachAsync(
            $"SELECT toInt64(sum(views)), toInt64(uniqCombined64Merge({ClickHouseTables.Precision})(visitors)), (SELECT toInt64(count()) FROM {ClickHouseTable.Requests.Name}) FROM {ClickHouseTables.PageCells}",
            row => left.Add((row.GetInt64(0), row.GetInt64(1), row.GetInt64(2))),
            cancel);
        Assert.Equal((1, 0, 1), Assert.Single(left));
    }

    private async Task<string> AskFilesAsync(string[] question)
    {
        var (code, said, error) = await TrafficFiles.SayAsync("report", ["--history", _files.History, .. question], TestContext.Current.CancellationToken);
        Assert.True(code == 0, error);
        return said;
    }

    private async Task<string> AskClickHouseAsync(string database, string[] question)
    {
        var (code, said, error) = await TrafficFiles.SayAsync("report", ["--clickhouse", _server.Connection(database), .. question], TestContext.Current.CancellationToken);
        Assert.True(code == 0, error);
        return said;
    }

    private async Task<string> MoveAsync(string database)
    {
        var (code, said, error) = await TrafficFiles.SayAsync("move", ["--clickhouse", _server.Connection(database), "--history", _files.History], TestContext.Current.CancellationToken);
        Assert.True(code == 0, error);
        return said;
    }

    private static Dictionary<string, double?> Figures(string said) => said.TrimEnd().Split('\n').Skip(1).Select(l => l.Trim().Split(','))
        .ToDictionary(r => r[^2], r => r[^1].Length == 0 ? (double?)null : double.Parse(r[^1], CultureInfo.InvariantCulture), StringComparer.Ordinal);

    private static async Task<HashSet<ulong>> ColumnAsync(ClickHouseHistory history)
    {
        var values = new HashSet<ulong>();
        await history.EachAsync($"SELECT DISTINCT visitor FROM {ClickHouseTable.Requests.Name}", row => values.Add(row.GetFieldValue<ulong>(0)), TestContext.Current.CancellationToken);
        return values;
    }

    private static async Task<long> NumberAsync(ClickHouseHistory history, string sql)
    {
        var number = -1L;
        await history.EachAsync(sql, row => number = row.GetInt64(0), TestContext.Current.CancellationToken);
        return number;
    }

    private static string Event()
    {
        var start = new DateTimeOffset(2026, 3, 27, 22, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
        var lines = Enumerable.Range(0, 600).Select(i => string.Create(CultureInfo.InvariantCulture, $"l{i % 17},S,{start + (i * 431)},{start + (i * 431) + (i % 29 * 97)}"));
        return $"listener,station,start_epoch,end_epoch\n{string.Join('\n', lines)}\n";
    }
}
