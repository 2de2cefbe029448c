using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Traffic.History;
using Relais.Traffic.Reports;
using Relais.Traffic.Samples;

namespace Relais.Tests.Traffic;

/// <summary>From the tag in a browser over the collector's log to the history. One server, whose clock the tests move on.</summary>
[InChromium]
public sealed class ClosedHoursTests(TrafficApp app) : IClassFixture<TrafficApp>
{
    private const string Sound = "document.querySelector('audio').currentTime";

    [Fact]
    public async Task An_hour_that_is_over_is_in_the_history_once_however_often_it_is_looked_at_and_sent()
    {
        var view = $"e=view&p=/heure&i={app.Id()}";
        string[] lines = [view, view, $"e=start&c=heure&n=a1&l=web&i={app.Id()}", $"e=beat&c=heure&n=a1&l=web&x=30000&w=30000&a=60000&i={app.Id()}", $"e=beat&c=heure&n=a1&l=web&x=90000&w=60000&a=0&i={app.Id()}"];
        foreach (var line in lines)
            Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync(line));
        var keep = app.Services.GetRequiredService<KeepHistory>();
        await keep.LookAsync(CancellationToken.None);
        Assert.DoesNotContain(await AskAsync("path", "/heure"), l => l.Measure == "page_views");

        app.Clock.Advance(TimeSpan.FromHours(1));
        await keep.LookAsync(CancellationToken.None);
        await keep.LookAsync(CancellationToken.None);
        Assert.Equal(1, (await AskAsync("path", "/heure")).Single(l => l.Measure == "page_views").Value);
        var heard = await AskAsync("channel", "heure");
        Assert.Equal((1, 1), (heard.Single(l => l.Measure == "active_sessions_ge60s").Value, heard.Single(l => l.Measure == "CUME").Value));
        Assert.InRange(heard.Single(l => l.Measure == "TLH_hours").Value!.Value * 3600, 89, 91);
    }

    [Fact]
    public async Task A_killed_node_writes_the_same_hour_again_into_the_same_files()
    {
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=view&p=/encore&i={app.Id()}"));
        var before = await PlaceAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        var keep = app.Services.GetRequiredService<KeepHistory>();
        await keep.LookAsync(CancellationToken.None);
        // As if it had died after the files and before the place.
        await SetPlaceAsync(before);
        await keep.LookAsync(CancellationToken.None);
        Assert.Equal(1, (await AskAsync("path", "/encore")).Single(l => l.Measure == "page_views").Value);
    }

    [Fact]
    public async Task The_tag_tells_pages_and_listening_and_sends_again_under_the_same_id_what_was_not_taken()
    {
        var port = TestProgram.FreePort();
        await using var site = SampleVerb.Build(app.Site.Key, new Uri(app.Address, "/c"), port);
        await site.StartAsync(TestContext.Current.CancellationToken);
        await using var chromium = await Chromium.StartAsync("--autoplay-policy=no-user-gesture-required");
        var page = await chromium.OpenAsync(new Uri($"http://localhost:{port}/"));
        var (sent, refuse) = (new List<string>(), true);
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync("**/c?*", async route =>
        {
            var body = route.Request.PostData ?? "";
            lock (sent)
                sent.AddRange(body.Split('\n'));
            if (refuse)
            {
                // The first time the collector is full.
                refuse = false;
                await route.FulfillAsync(new RouteFulfillOptions { Status = 503, Headers = new Dictionary<string, string> { ["Access-Control-Allow-Origin"] = "*" } });
                return;
            }

            var answer = await route.FetchAsync();
            Assert.Equal(204, answer.Status);
            await route.FulfillAsync(new RouteFulfillOptions { Response = answer });
            taken.TrySetResult();
        });
        await page.GotoAsync("/article");
        await taken.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        lock (sent)
        {
            var views = sent.Where(s => s.Contains("e=view", StringComparison.Ordinal)).Select(Id).ToList();
            Assert.Equal((2, 1), (views.Count, views.Distinct(StringComparer.Ordinal).Count()));
        }

        await page.ClickAsync("#more");
        await page.GotoAsync("/radio");
        await page.EvaluateAsync("document.querySelector('audio').play()");
        await page.WaitForFunctionAsync($"{Sound} > 0.5");
        await page.EvaluateAsync("document.querySelector('audio').pause()");
        await page.WaitForFunctionAsync("!localStorage.getItem('relais.wait')");
        lock (sent)
        {
            Assert.Contains(sent, s => s.Contains("p=%2Farticle%2Fsuite", StringComparison.Ordinal));
            var pause = Assert.Single(sent, s => s.Contains("e=pause", StringComparison.Ordinal));
            Assert.Contains("c=antenne", pause, StringComparison.Ordinal);
            Assert.InRange(double.Parse(pause.Split('&').Single(p => p.StartsWith("w=", StringComparison.Ordinal))[2..], CultureInfo.InvariantCulture), 300, 30_000);
        }

        // No cookie, and nothing kept that tells who it is; and whoever does not want to be counted is not.
        Assert.Empty(await page.Context.CookiesAsync());
        Assert.Equal(0, await page.EvaluateAsync<int>("localStorage.length"));
        await page.CheckAsync("#out");
        int before;
        lock (sent)
            before = sent.Count;
        await page.GotoAsync("/");
        await page.WaitForFunctionAsync("window.relais");
        lock (sent)
            Assert.Equal(before, sent.Count);
    }

    private static string Id(string beacon) => beacon.Split('&').Single(p => p.StartsWith("i=", StringComparison.Ordinal));

    private async Task<IReadOnlyList<ReportLine>> AskAsync(string dimension, string value)
    {
        var now = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        var where = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [dimension] = [value] };
        return await app.Services.GetRequiredService<KeptHistory>().AskAsync(new ReportQuestion([new Bucket(now - (6 * 3600), now + 3600)], [], where, Definition.Pages), CancellationToken.None);
    }

    private async Task<(long, long, long)> PlaceAsync()
    {
        await using var command = app.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateCommand("SELECT segment, \"offset\", sequence FROM traffic.log_reader WHERE reader = 'history'");
        await using var row = await command.ExecuteReaderAsync();
        return await row.ReadAsync() ? (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)) : (0, 0, -1);
    }

    private async Task SetPlaceAsync((long Segment, long Offset, long Sequence) place)
    {
        await using var command = app.Services.GetRequiredService<Npgsql.NpgsqlDataSource>().CreateCommand("UPDATE traffic.log_reader SET segment = $1, \"offset\" = $2, sequence = $3 WHERE reader = 'history'");
        command.Parameters.AddWithValue(place.Segment);
        command.Parameters.AddWithValue(place.Offset);
        command.Parameters.AddWithValue(place.Sequence);
        await command.ExecuteNonQueryAsync();
    }
}
