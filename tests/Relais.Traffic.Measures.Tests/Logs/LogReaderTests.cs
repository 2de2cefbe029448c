using System.IO.Compression;
using System.Text;
using CsCheck;
using Relais.Traffic.Measures.Logs;

namespace Relais.Traffic.Measures.Tests.Logs;

public sealed class LogReaderTests
{
    private const string Combined =
        """203.0.113.9 - - [17/May/2015:12:05:03 +0200] "GET /radio/antenne?jeton=secret HTTP/1.1" 200 203023 "https://exemple.fr/" "Mozilla/5.0 \"Test\" (X11; Linux)" """;

    private const string Icecast = """2001:db8::7 - - [27/Nov/2026:20:00:30 +0100] "GET /antenne-128.mp3 HTTP/1.1" 200 480000 "-" "VLC/3.0.20 LibVLC/3.0.20" 30""";

    [Fact]
    public void A_combined_line_is_read_without_its_query()
    {
        var entry = Read(LogFormat.Combined, Combined.TrimEnd());
        Assert.Equal(new DateTimeOffset(2015, 5, 17, 10, 5, 3, TimeSpan.Zero).ToUnixTimeSeconds(), entry.At);
        Assert.Equal(("203.0.113.9", "GET", "/radio/antenne", 200), (entry.Address, entry.Method, entry.Path, entry.Status));
        Assert.Equal((@"Mozilla/5.0 \""Test\"" (X11; Linux)", null), (entry.Agent, entry.Seconds));
    }

    [Fact]
    public void The_name_of_who_signed_in_may_hold_blanks_and_brackets() =>
        Assert.Equal(200, Read(LogFormat.Combined, """203.0.113.9 - Jean [chef] Dupont [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "x" """).Status);

    [Fact]
    public void A_line_that_was_cut_in_its_agent_counts_with_what_is_there_of_it() =>
        Assert.Equal("Googleb", Read(LogFormat.Combined, """203.0.113.9 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "Googleb""").Agent);

    [Fact]
    public void An_icecast_line_says_how_long_somebody_listened()
    {
        var entry = Read(LogFormat.Icecast, Icecast);
        Assert.Equal((30L, "antenne-128.mp3", true), (entry.Seconds, Mounts.ChannelOf(entry), Mounts.Is(entry)));
        Assert.Equal(LogFormat.Icecast, LogReader.FormatOf(Encoding.UTF8.GetBytes(Icecast)));
        Assert.False(Mounts.Is(entry with { Path = "/status-json.xsl" }));
        Assert.False(Mounts.Is(entry with { Status = 404 }));
    }

    [Theory]
    [InlineData("", LineFault.None)]
    [InlineData("no blanks", LineFault.BadTime)]
    [InlineData(" 1.2.3.4", LineFault.NoAddress)]
    [InlineData("""1.2.3.4 - - [31/Feb/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "x" """, LineFault.BadTime)]
    [InlineData("""1.2.3.4 - - [17/Mai/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "-" "x" """, LineFault.BadTime)]
    [InlineData("""1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1 200 1""", LineFault.OpenQuote)]
    [InlineData("""1.2.3.4 - - [17/May/2015:10:05:03 +0000] "\x16\x03\x01" 400 1 "-" "x" """, LineFault.BadRequest)]
    [InlineData("""1.2.3.4 - - [17/May/2015:10:05:03 +0000] "-" 408 0 "-" "-" """, LineFault.BadRequest)]
    [InlineData("""1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 2000 1 "-" "x" """, LineFault.BadStatus)]
    [InlineData("""1.2.3.4 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 1 "cut """, LineFault.OpenQuote)]
    [InlineData("1.2.3.4 - - \0\0\0", LineFault.NotText)]
    public void A_line_that_says_no_request_says_why(string line, LineFault fault) =>
        Assert.Equal(fault, new LogReader(LogFormat.Combined).TryRead(Encoding.UTF8.GetBytes(line), out _));

    [Fact]
    public void Seconds_that_are_missing_are_a_fault_of_icecast_only()
    {
        Assert.Equal(LineFault.BadSeconds, new LogReader(LogFormat.Icecast).TryRead(Encoding.UTF8.GetBytes(Combined.TrimEnd()), out _));
        Assert.Equal(LineFault.TooLong, new LogReader(LogFormat.Combined).TryRead(new byte[LogText.LongestLine + 1], out _));
    }

    [Fact]
    public void A_table_is_read_by_the_names_of_its_columns()
    {
        var reader = new LogReader(LogFormat.Table);
        Assert.Equal(LineFault.None, reader.TryRead("client_ip,timestamp,path,status,user_agent,country"u8, out var none));
        Assert.Null(none);
        Assert.Equal(LineFault.None, reader.TryRead("198.51.100.1,2026-11-27T20:00:00+01:00,/a?b,200,\"Mozilla, \"\"x\"\"\",FR"u8, out var entry));
        Assert.Equal(new LogEntry(1_795_806_000, "198.51.100.1", "GET", "/a", 200, "Mozilla, \"x\"", "", "FR", null), entry);
        Assert.Equal(LineFault.MissingColumns, reader.TryRead("198.51.100.1,2026-11-27T20:00:00Z"u8, out _));
        Assert.Equal(LineFault.BadTime, reader.TryRead("198.51.100.1,hier,/a,200,x,FR"u8, out _));
        Assert.Equal(LineFault.OpenQuote, reader.TryRead("198.51.100.1,2026-11-27T20:00:00Z,/a,200,\"x,FR"u8, out _));
    }

    [Fact]
    public void A_log_of_cloudfront_and_one_of_cloudflare_are_known()
    {
        var reader = new LogReader(LogFormat.Table);
        reader.TryRead("#Version: 1.0"u8, out _);
        reader.TryRead("#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status cs(Referer) cs(User-Agent)"u8, out _);
        Assert.Equal(LineFault.None, reader.TryRead("2026-11-27\t19:00:00\tCDG50\t12\t198.51.100.1\tGET\td1.cloudfront.net\t/a\t200\t-\tMozilla/5.0%20(X11)"u8, out var entry));
        Assert.Equal((1_795_806_000L, "d1.cloudfront.net", "Mozilla/5.0 (X11)"), (entry!.At, entry.Host, entry.Agent));
        Assert.Equal(LineFault.None, new LogReader(LogFormat.Json).TryRead(
            """{"ClientIP":"198.51.100.1","EdgeStartTimestamp":1795806000000000000,"ClientRequestURI":"/a?b","EdgeResponseStatus":200,"Nested":{"ClientIP":"no"},"ClientRequestHost":"exemple.fr"}"""u8, out entry));
        Assert.Equal((1_795_806_000L, "198.51.100.1", "/a", "exemple.fr"), (entry!.At, entry.Address, entry.Path, entry.Host));
        Assert.Equal(LineFault.NotJson, new LogReader(LogFormat.Json).TryRead("""{"ClientIP":"198.51.100.1" """u8, out _));
        Assert.Equal(LineFault.NotJson, new LogReader(LogFormat.Json).TryRead("{} {}"u8, out _));
    }

    [Fact]
    public void Columns_without_a_known_name_are_told()
    {
        var named = new Dictionary<string, LogField>(StringComparer.OrdinalIgnoreCase) { ["qui"] = LogField.Address, ["quand"] = LogField.Time, ["quoi"] = LogField.Path, ["code"] = LogField.Status };
        Assert.Empty(TableLog.FromHeader("qui;quand;quoi;code", named)!.Missing);
        Assert.Equal([LogField.Time, LogField.Address, LogField.Path, LogField.Status], TableLog.FromHeader("qui;quand;quoi;code")!.Missing);
        Assert.Empty(TableLog.FromHeader("listener,station,start_epoch,end_epoch")!.Missing);
    }

    [Fact]
    public void Whatever_the_bytes_no_reader_throws()
    {
        var formats = Gen.Enum<LogFormat>();
        Gen.Select(formats, Gen.Byte.Array[0, 300]).Sample((format, bytes) =>
        {
            var reader = new LogReader(format);
            reader.TryRead("time,ip,path,status,seconds"u8, out _);
            reader.TryRead(bytes, out _);
            LogReader.FormatOf(bytes);
        });
        var line = Encoding.UTF8.GetBytes(Icecast);
        Gen.Select(Gen.Int[0, line.Length - 1], Gen.Byte).Sample((at, other) =>
        {
            var changed = (byte[])line.Clone();
            changed[at] = other;
            new LogReader(LogFormat.Icecast).TryRead(changed, out _);
            new LogReader(LogFormat.Icecast).TryRead(line.AsSpan(0, at), out _);
        });
    }

    [Fact]
    public void Ten_thousand_lines_of_apache_are_read_without_a_fault()
    {
        using var file = new GZipStream(File.OpenRead(Path.Combine(Environment.GetEnvironmentVariable("RELAIS_TEST_ROOT")!, "tests/Relais.Traffic.Measures.Tests/Reference/apache_combined_10k.log.gz")), CompressionMode.Decompress);
        using var lines = new StreamReader(file, Encoding.Latin1);
        var (reader, faults, entries) = (new LogReader(LogFormat.Combined), new List<string>(), 0);
        while (lines.ReadLine() is { } line)
        {
            if (reader.TryRead(Encoding.Latin1.GetBytes(line), out _) is var fault and not LineFault.None)
                faults.Add($"{fault}: {line}");
            else
                entries++;
        }

        Assert.Empty(faults);
        Assert.Equal(10_000, entries);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true)]
    [InlineData("Tiny Tiny RSS/1.11 (http://tt-rss.org/)", true)]
    [InlineData("", true)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Version/17.5 Mobile/15E148 Safari/604.1", false)]
    public void Bots_are_told_by_what_they_call_themselves(string agent, bool bot) => Assert.Equal(bot, Bots.Is(agent));

    [Theory]
    [InlineData("/style.CSS", true)]
    [InlineData("/images/", false)]
    [InlineData("/v1.2/page", false)]
    [InlineData("/article.html", false)]
    public void Pages_are_told_from_what_they_are_made_of(string path, bool asset) => Assert.Equal(asset, Assets.Is(path));

    private static LogEntry Read(LogFormat format, string line)
    {
        Assert.Equal(LineFault.None, new LogReader(format).TryRead(Encoding.UTF8.GetBytes(line), out var entry));
        return entry!;
    }
}
