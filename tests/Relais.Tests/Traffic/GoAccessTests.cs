using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Relais.Traffic.Measures.Logs;

namespace Relais.Tests.Traffic;

/// <summary>The figures of an imported log beside those of GoAccess, a program of others that counts the same log in its own way.</summary>
public sealed partial class GoAccessTests : IDisposable
{
    private static readonly string[] May = ["--from", "2015-05-01", "--to", "2015-06-01"];
    private readonly TrafficFiles _files = new();

    [Fact]
    public async Task Its_own_definition_gives_the_page_views_and_visits_of_goaccess_to_the_last_one()
    {
        await ImportAsync();
        var theirs = await CountAsync("all.log", Lines());
        var ours = await _files.FiguresAsync([.. May, "--definition", "goaccess/1"]);
        Assert.Equal((10_000, 0), (theirs.Valid, theirs.Failed));
        Assert.Equal((theirs.PageViews, theirs.Visitors), ((long)ours["page_views"]!, (long)ours["visits"]!));
        Assert.Equal(theirs.Days.Select(d => (d.Day, d.Visitors)), await DaysAsync("visits", "goaccess/1"));
    }

    [Fact]
    public async Task Our_definition_gives_what_goaccess_counts_in_the_lines_that_are_pages_of_people()
    {
        await ImportAsync();
        // The rules of pages/1, once more and otherwise: by regular expressions over whole lines.
        var pages = Lines().Where(IsPage).ToList();
        var theirs = await CountAsync("pages.log", pages);
        var ours = await _files.FiguresAsync(May);
        Assert.Equal((theirs.Valid, theirs.PageViews), ((long)ours["page_views"]!, (long)ours["page_views"]!));
        Assert.Equal(theirs.Days.Select(d => (d.Day, d.Hits)), await DaysAsync("page_views", "pages/1"));
        Assert.Equal(theirs.Days.Select(d => (d.Day, d.Visitors)), await DaysAsync("unique_visitors", "pages/1"));

        // GoAccess tells visitors apart day by day: with one day in all lines, over the whole period.
        var oneDay = await CountAsync("one-day.log", pages.Select(l => Date().Replace(l, "[17/May/2015", 1)));
        Assert.Equal(oneDay.Visitors, (long)ours["unique_visitors"]!);
        Assert.Equal(VisitsOf(pages), (long)ours["visits"]!);
    }

    public void Dispose() => _files.Dispose();

    [GeneratedRegex(@"\[\d\d/May/2015", RegexOptions.None, 1000)]
    private static partial Regex Date();

    [GeneratedRegex("""^(?<who>\S+) \S+ \S+ \[(?<at>.*?)\] "(?<method>\S+) (?<path>[^ ?#]*)\S* [^"]*" (?<status>\d+) \S+ "(?:[^"\\]|\\.)*" "(?<agent>(?:[^"\\]|\\.)*)"$""", RegexOptions.None, 1000)]
    private static partial Regex Line();

    private static List<string> Lines()
    {
        using var file = new StreamReader(new GZipStream(File.OpenRead(TrafficFiles.Reference("apache_combined_10k.log.gz")), CompressionMode.Decompress), Encoding.Latin1);
        return [.. file.ReadToEnd().TrimEnd('\n').Split('\n')];
    }

    private static bool IsPage(string line)
    {
        var match = Line().Match(line);
        var (method, path, status, agent) = (match.Groups["method"].Value, match.Groups["path"].Value, match.Groups["status"].Value, match.Groups["agent"].Value);
        return match.Success && method == "GET" && (status[0] == '2' || status == "304") && agent is not ("-" or "")
            && !Assets.Endings.Any(e => path.EndsWith(e, StringComparison.OrdinalIgnoreCase)) && !Bots.Words.Any(w => agent.Contains(w, StringComparison.OrdinalIgnoreCase));
    }

    // No more than half an hour between two pages: counted without any of the product's code.
    private static long VisitsOf(List<string> pages) => pages.Select(l => Line().Match(l)).GroupBy(m => (m.Groups["who"].Value, m.Groups["agent"].Value)).Sum(visitor =>
    {
        var times = visitor.Select(m => DateTimeOffset.ParseExact(m.Groups["at"].Value, "dd/MMM/yyyy:HH:mm:ss zzz", CultureInfo.InvariantCulture)).Order().ToList();
        return 1L + times.Zip(times.Skip(1)).Count(t => t.Second - t.First >= TimeSpan.FromMinutes(30));
    });

    private async Task ImportAsync()
    {
        var (code, _, error) = await _files.ImportAsync(TrafficFiles.Reference("apache_combined_10k.log.gz"), "--zone", "UTC");
        Assert.True(code == 0, error);
    }

    private async Task<IEnumerable<(string Day, long Value)>> DaysAsync(string measure, string definition) =>
        (await _files.ReportAsync([.. May, "--each", "day", "--definition", definition])).Where(r => r[^2] == measure)
            .Select(r => (r[0][..10].Replace("-", "", StringComparison.Ordinal), long.Parse(r[^1], CultureInfo.InvariantCulture)));

    private async Task<Counted> CountAsync(string name, IEnumerable<string> lines)
    {
        var (log, settings, json) = (Path.Combine(_files.Folder, name), Path.Combine(_files.Folder, "goaccess.conf"), Path.Combine(_files.Folder, name + ".json"));
        await File.WriteAllTextAsync(log, string.Join('\n', lines) + '\n', Encoding.Latin1);
        await File.WriteAllLinesAsync(settings, Assets.Endings.Select(e => $"static-file {e}"));
        await TestProgram.RunAsync("goaccess", log, "--no-global-config", $"--config-file={settings}", "--log-format=COMBINED", "--all-static-files", "--no-progress", $"--output={json}");
        using var told = JsonDocument.Parse(await File.ReadAllBytesAsync(json));
        var general = told.RootElement.GetProperty("general");
        var days = told.RootElement.GetProperty("visitors").GetProperty("data").EnumerateArray()
            .Select(d => (d.GetProperty("data").GetString()!, Count(d, "hits"), Count(d, "visitors"))).OrderBy(d => d.Item1, StringComparer.Ordinal);
        return new Counted(
            general.GetProperty("valid_requests").GetInt64(), general.GetProperty("failed_requests").GetInt64(), general.GetProperty("unique_visitors").GetInt64(),
            told.RootElement.GetProperty("requests").GetProperty("metadata").GetProperty("hits").GetProperty("total").GetProperty("value").GetInt64(), [.. days]);
    }

    private static long Count(JsonElement of, string name) => of.GetProperty(name).GetProperty("count").GetInt64();

    private sealed record Counted(long Valid, long Failed, long Visitors, long PageViews, IReadOnlyList<(string Day, long Hits, long Visitors)> Days);
}
