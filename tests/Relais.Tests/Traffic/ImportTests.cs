using System.Globalization;
using System.IO.Compression;
using System.Text;
using Relais.Traffic.History;

namespace Relais.Tests.Traffic;

/// <summary><c>relais traffic import</c>, <c>report</c> and <c>purge</c> over files.</summary>
public sealed class ImportTests : IDisposable
{
    private static readonly string[] AllOf2015 = ["--from", "2015-05-01", "--to", "2015-06-01"];
    private readonly TrafficFiles _files = new();

    [Fact]
    public async Task The_same_connections_give_exactly_the_expected_measures_from_the_history()
    {
        var (code, said, error) = await _files.ImportAsync(TrafficFiles.Reference("connections.csv"), "--batch", "100");
        Assert.True(code == 0, error);
        Assert.Contains("0 requests", said, StringComparison.Ordinal);
        var figures = await _files.FiguresAsync("--from", "2026-01-01", "--to", "2026-01-02", "--channel", "S1");
        foreach (var expected in (await File.ReadAllLinesAsync(TrafficFiles.Reference("expected_measures.csv"))).Skip(1).Select(l => l.Split(',')))
            Assert.Equal((expected[1], double.Parse(expected[2], CultureInfo.InvariantCulture)), (expected[1], figures[expected[1]]));
    }

    [Fact]
    public async Task Hours_of_listening_add_up_over_times_and_channels()
    {
        await _files.ImportAsync(TrafficFiles.Reference("connections.csv"));
        string[] day = ["--from", "2026-01-01", "--to", "2026-01-02"];
        var whole = await _files.FiguresAsync(day);
        var parts = await _files.ReportAsync([.. day, "--each", "quarter", "--by", "channel,device"]);
        foreach (var measure in (string[])["TLH_hours", "active_sessions_ge60s", "ecoutes_actives_gt30s", "visits_30min"])
            Assert.Equal(whole[measure]!.Value, parts.Where(p => p[^2] == measure).Sum(p => double.Parse(p[^1], CultureInfo.InvariantCulture)), 6);
        Assert.True(parts.Where(p => p[^2] == "CUME").Sum(p => double.Parse(p[^1], CultureInfo.InvariantCulture)) > whole["CUME"]);
    }

    [Fact]
    public async Task An_event_stands_beside_the_same_time_of_the_days_before()
    {
        var lines = new StringBuilder("listener,station,start_epoch,end_epoch\n");
        for (var day = 0; day < 4; day++)
        {
            var eight = new DateTimeOffset(2026, 3, 26 + day, 20, 0, 0, TimeSpan.FromHours(day == 3 ? 2 : 1)).ToUnixTimeSeconds();
            // On the day of the event, after the clocks changed, ten times as many.
            for (var listener = 0; listener < (day == 3 ? 20 : 2); listener++)
                lines.Append(CultureInfo.InvariantCulture, $"l{day}-{listener},S,{eight},{eight + 600}\n");
        }

        await _files.ImportAsync(await _files.WriteAsync("event.csv", lines.ToString()));
        var rows = await _files.ReportAsync("--event", "2026-03-29T20:00", "--minutes", "10", "--days", "3");
        Assert.Equal(["20.000000", "2.000000", "2.000000", "2.000000"], rows.Where(r => r[^2] == "AAS").Select(r => double.Parse(r[^1], CultureInfo.InvariantCulture).ToString("F6", CultureInfo.InvariantCulture)));
        Assert.Equal("2026-03-29T20:00:00+02:00", rows[0][0]);
        Assert.Equal("2026-03-28T20:00:00+01:00", rows.First(r => r[0] != rows[0][0])[0]);
    }

    [Fact]
    public async Task Icecast_listeners_are_heard_and_its_pages_and_robots_are_not()
    {
        var log = await _files.WriteAsync("access.log", """
            203.0.113.9 - - [27/Nov/2026:20:10:00 +0100] "GET /antenne.mp3 HTTP/1.1" 200 480000 "-" "VLC/3.0.20 LibVLC/3.0.20" 600
            203.0.113.10 - - [27/Nov/2026:20:10:00 +0100] "GET /antenne.mp3 HTTP/1.1" 200 480000 "-" "Mozilla/5.0 (iPhone) Mobile Safari" 300
            203.0.113.9 - - [27/Nov/2026:20:10:00 +0100] "GET /status-json.xsl HTTP/1.1" 200 48 "-" "x" 0
            203.0.113.11 - - [27/Nov/2026:20:10:00 +0100] "GET /antenne.mp3 HTTP/1.1" 200 48 "-" "StreamMonitor/1.0" 86000
            203.0.113.12 - - [27/Nov/2026:20:10:00 +0100] "GET /antenne.mp3 HTTP/1.1" 200 48 "-" "cut
            half a li
            """);
        var (code, said, error) = await _files.ImportAsync(log);
        Assert.True(code == 0, error);
        Assert.Contains("5 lines read, 5 in all: 0 requests, 3 listens, 1 of them by bots (bots/1), 1 no stream", said, StringComparison.Ordinal);
        Assert.Contains("1 x no seconds of listening: line 5", said, StringComparison.Ordinal);
        Assert.Contains("the last line has no end yet", said, StringComparison.Ordinal);
        var figures = await _files.FiguresAsync("--from", "2026-11-27T20:00", "--to", "2026-11-27T20:10");
        Assert.Equal((2, 0.25, 2), (figures["active_sessions_ge60s"], figures["TLH_hours"], figures["peak_concurrent_connections"]));
        Assert.Equal("mobile", (await _files.ReportAsync("--from", "2026-11-27", "--to", "2026-11-28", "--by", "device", "--player", "Safari"))[0][2]);
    }

    [Fact]
    public async Task A_log_is_known_again_under_another_name_and_compression_and_counted_once()
    {
        var plain = Path.Combine(_files.Folder, "access.log");
        await using (var from = new GZipStream(File.OpenRead(TrafficFiles.Reference("apache_combined_10k.log.gz")), CompressionMode.Decompress))
        await using (var to = File.Create(plain))
            await from.CopyToAsync(to);
        var zst = plain + ".zst";
        await using (var to = new ZstdSharp.CompressionStream(File.Create(zst), leaveOpen: false))
            await to.WriteAsync(await File.ReadAllBytesAsync(plain));

        // A log that is still being written: the first half, then all of it, then packed twice.
        var all = await File.ReadAllBytesAsync(plain);
        await File.WriteAllBytesAsync(plain, all[..(all.Length / 2)]);
        Assert.Equal(0, (await _files.ImportAsync(plain, "--batch", "1000")).Code);
        await File.WriteAllBytesAsync(plain, all);
        Assert.Contains("of an earlier import, 10000 in all", (await _files.ImportAsync(plain, "--batch", "3000")).Said, StringComparison.Ordinal);
        var once = await _files.ReportAsync(AllOf2015);
        Assert.Contains("0 lines read after 10000", (await _files.ImportAsync(zst)).Said, StringComparison.Ordinal);
        Assert.Contains("0 lines read after 10000", (await _files.ImportAsync(TrafficFiles.Reference("apache_combined_10k.log.gz"))).Said, StringComparison.Ordinal);
        Assert.Equal(once, await _files.ReportAsync(AllOf2015));
        Assert.Equal(10_000, Rows(HistoryFolder.Requests));

        all[all.Length / 2]++;
        await File.WriteAllBytesAsync(plain, all);
        var (code, _, error) = await _files.ImportAsync(plain);
        Assert.Equal(1, code);
        Assert.Contains("A log may grow, but not change", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_killed_import_goes_on_where_it_stopped_and_nothing_counts_twice()
    {
        string[] import = [Path.Combine(AppContext.BaseDirectory, "relais.dll"), "traffic", "import", TrafficFiles.Reference("apache_combined_10k.log.gz"), "--history", _files.History, "--batch", "100"];
        await using (var killed = TestProgram.Start("dotnet", import))
            await killed.ListensAsync(() => Task.FromResult(killed.Said.Contains(" lines, ", StringComparison.Ordinal)));
        // As if it had died before it said that a batch was done.
        var history = HistoryFolder.Open(_files.History);
        var day = history.Days(HistoryFolder.Requests)[0];
        var left = history.FilesOf(HistoryFolder.Requests, day)[0];
        File.Copy(left, left.Replace("-000000", "-000099", StringComparison.Ordinal), overwrite: true);

        var (code, said, error) = await _files.ImportAsync(TrafficFiles.Reference("apache_combined_10k.log.gz"), "--batch", "5000");
        Assert.True(code == 0, error);
        Assert.Contains("of an earlier import, 10000 in all: 10000 requests", said, StringComparison.Ordinal);
        Assert.Equal(10_000, Rows(HistoryFolder.Requests));
    }

    [Fact]
    public async Task Old_days_lose_who_is_who_and_older_ones_are_removed()
    {
        await _files.ImportAsync(TrafficFiles.Reference("connections.csv"));
        await _files.ImportAsync(TrafficFiles.Reference("apache_combined_10k.log.gz"));
        var history = HistoryFolder.Open(_files.History);
        var (secret, day) = (await File.ReadAllBytesAsync(history.SecretFile), await _files.FiguresAsync("--from", "2015-05-18", "--to", "2015-05-19"));
        var visitors = Column("visitor");

        Assert.Equal(new Purged(0, 0, false), PurgeHistory.Run(history, new HistoryRetention(), new DateTimeOffset(2016, 6, 1, 0, 0, 0, TimeSpan.Zero), default));
        var after = PurgeHistory.Run(history, new HistoryRetention(), new DateTimeOffset(2016, 7, 1, 0, 0, 0, TimeSpan.Zero), default);
        Assert.Equal((4, 0), (after.Unlinked, after.Removed));
        Assert.Empty(Column("visitor").Intersect(visitors));
        // A day tells what it told; of several days nobody knows any more who came again.
        Assert.Equal(day, await _files.FiguresAsync("--from", "2015-05-18", "--to", "2015-05-19"));
        var month = await _files.FiguresAsync(AllOf2015);
        Assert.Null(month["unique_visitors"]);
        Assert.NotNull(month["page_views"]);

        File.SetLastWriteTimeUtc(history.SecretFile, new DateTime(2016, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        var last = PurgeHistory.Run(history, new HistoryRetention(), new DateTimeOffset(2017, 7, 1, 0, 0, 0, TimeSpan.Zero), default);
        Assert.Equal((4, true), (last.Removed, last.NewSecret));
        Assert.NotEqual(secret, await File.ReadAllBytesAsync(history.SecretFile));
        Assert.Empty(history.Days(HistoryFolder.Requests));
        Assert.NotEmpty(history.Days(HistoryFolder.Listens));
    }

    [Fact]
    public async Task Neither_addresses_nor_agents_nor_queries_are_kept()
    {
        await _files.ImportAsync(await _files.WriteAsync("access.log", """
            203.0.113.99 - jeanne [27/Nov/2026:20:10:00 +0100] "GET /page?email=jeanne@exemple.fr HTTP/1.1" 200 48 "https://exemple.fr/?q=jeanne" "Mozilla/5.0 Reconnaissable/77"

            """));
        var kept = string.Concat(Directory.EnumerateFiles(_files.History, "*", SearchOption.AllDirectories).Select(f => Encoding.Latin1.GetString(File.ReadAllBytes(f))));
        Assert.All((string[])["203.0.113", "jeanne", "Reconnaissable"], secret => Assert.DoesNotContain(secret, kept, StringComparison.Ordinal));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(_files.History, "secret")));
    }

    [Fact]
    public async Task What_cannot_be_imported_or_asked_is_refused_in_words()
    {
        Assert.Contains("Say which it is: --column time=NAME", (await _files.ImportAsync(await _files.WriteAsync("cdn.csv", "qui,quand,path,status\n"), "--column", "address=qui")).Error, StringComparison.Ordinal);
        Assert.Contains("say --format", (await _files.ImportAsync(await _files.WriteAsync("x.log", "no log\n"))).Error, StringComparison.Ordinal);
        Assert.Contains("nothing in it", (await _files.ImportAsync(await _files.WriteAsync("empty.log", ""))).Error, StringComparison.Ordinal);
        Assert.Equal(1, (await _files.ImportAsync(Path.Combine(_files.Folder, "none.log"))).Code);
        Assert.Equal(2, (await _files.ImportAsync("x.log", "--format", "3")).Code);
        foreach (var (arguments, why) in (IEnumerable<(string[], string)>)[
            (["--from", "2015-05-17"], "--to: write the day"),
            (["--from", "hier", "--to", "2015-05-17"], "--from: write the first day"),
            (["--from", "2015-05-17", "--to", "2015-05-17"], "is not after"),
            (["--from", "1971-05-17", "--to", "2015-05-17", "--each", "quarter"], "no more than 20000"),
            (["--from", "2015-05-17", "--to", "2015-05-18", "--by", "visitor"], "there is no visitor"),
            (["--from", "2015-05-17", "--to", "2015-05-18", "--definition", "pages/9"], "there are pages/1, goaccess/1"),
        ])
        {
            var (code, _, error) = await TrafficFiles.SayAsync("report", ["--history", _files.History, .. arguments], TestContext.Current.CancellationToken);
            Assert.Equal(2, code);
            Assert.Contains(why, error, StringComparison.Ordinal);
        }

        var injected = await _files.ReportAsync("--from", "2015-05-17", "--to", "2015-05-18", "--site", "'; DROP TABLE linked; --");
        Assert.DoesNotContain(injected, static r => r.Length > 1);
    }

    [Fact]
    public async Task A_table_of_a_cdn_and_a_packed_file_that_was_cut_are_read_as_far_as_they_go()
    {
        var rows = string.Concat(Enumerable.Range(0, 20_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"198.51.100.{i % 200},{1_795_806_000 + i},/page,{(i == 9 ? "?" : "200")},Mozilla/5.0 (X11),FR-{i % 2}\n")));
        var path = Path.Combine(_files.Folder, "cdn.csv.gz");
        await using (var to = new GZipStream(File.Create(path), CompressionLevel.Fastest))
            await to.WriteAsync(Encoding.UTF8.GetBytes("client_ip,timestamp,path,status,user_agent,country\n" + rows));
        var whole = await File.ReadAllBytesAsync(path);
        await File.WriteAllBytesAsync(path, whole[..(whole.Length / 2)]);
        var (code, _, error) = await _files.ImportAsync(path, "--site", "exemple.fr", "--batch", "1000");
        Assert.Equal(1, code);
        Assert.Contains("call it again with the whole file", error, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(path, whole);
        Assert.Contains("1 x no status from 100 to 599: line 11", (await _files.ImportAsync(path, "--site", "exemple.fr", "--batch", "1000")).Said, StringComparison.Ordinal);
        Assert.Equal(19_999, Rows(HistoryFolder.Requests));
        var regions = await _files.ReportAsync("--from", "2026-11-27", "--to", "2026-11-29", "--by", "region,site");
        Assert.Equal(["FR-0", "FR-1"], regions.Select(r => r[2]).Distinct(StringComparer.Ordinal));
    }

    public void Dispose() => _files.Dispose();

    private long Rows(string table)
    {
        using var duck = new Duck();
        var count = 0L;
        duck.Each($"SELECT count(*) FROM read_parquet({Duck.List(Files(table))})", row => count = row.GetInt64(0));
        return count;
    }

    private HashSet<ulong> Column(string name)
    {
        using var duck = new Duck();
        var values = new HashSet<ulong>();
        duck.Each($"SELECT {name} FROM read_parquet({Duck.List(Files(HistoryFolder.Requests))})", row => values.Add(row.GetFieldValue<ulong>(0)));
        return values;
    }

    private IEnumerable<string> Files(string table)
    {
        var history = HistoryFolder.Open(_files.History);
        return history.Days(table).SelectMany(d => history.FilesOf(table, d));
    }
}
