using System.Data.Common;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Traffic.History;
using Relais.Traffic.Live;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Reports;

namespace Relais.Tests.Traffic;

/// <summary>Collectors of one database, each with its log: what they count together, and what any of them shows.</summary>
public sealed class SeveralCollectors(TrafficApp app) : IClassFixture<TrafficApp>, IDisposable
{
    private static readonly string[] Documented = [.. File.ReadLines(Path.Combine(RelaisApp.Repository(), "docs", "traffic.md"))
        .Where(l => l.StartsWith("| `relais_traffic_", StringComparison.Ordinal)).Select(l => l.Split('`')[1]).Order(StringComparer.Ordinal)];

    private readonly string _folder = Directory.CreateTempSubdirectory("relais-second-").FullName;

    [Fact]
    public async Task Any_node_shows_all_collectors_also_one_that_collects_nothing()
    {
        using var other = await SecondCollector.StartAsync(app, _folder);
        foreach (var _ in Enumerable.Range(0, 3))
            await SendAsync(app.Id(), "Whole");
        foreach (var _ in Enumerable.Range(0, 2))
            await other.TakeAsync(app.Id(), "Whole");
        await app.LookAsync();
        await other.LookAsync();
        await app.LookAsync();
        var figures = new LiveFigures();
        using var portal = ActivatorUtilities.CreateInstance<WatchCollectors>(app.Services, figures);
        await portal.LookAsync(CancellationToken.None);
        foreach (var shown in new[] { app.Services.GetRequiredService<LiveFigures>(), other.Figures, figures })
        {
            Assert.Equal((5, 2), (shown.Last!.Channels.Single(c => c.Name == "Whole").Listeners, shown.Last.Collectors));
            Assert.Equal("Radio Relais", shown.Last.Sites[0].Name);
            // Those who came over HTTP have one address and browser; the two others are people of their own.
            Assert.InRange(shown.Last.ListenersToday, 3, 200);
        }

        // It leaves in order, and is on no wall any more.
        await other.Follow.StopAsync(CancellationToken.None);
        await app.LookAsync();
        Assert.Equal((3, 1), (Shown("Whole"), app.Services.GetRequiredService<LiveFigures>().Last!.Collectors));
    }

    [Fact]
    public async Task A_beacon_on_the_disk_of_a_dead_collector_and_sent_again_to_another_is_counted_once()
    {
        var (twice, once, late) = (app.Id(), app.Id(), app.Id());
        using (var dying = await SecondCollector.StartAsync(app, _folder))
        {
            await dying.LookAsync();
            await dying.TakeAsync(twice, "Dead");
            await dying.TakeAsync(once, "Dead");
        }

        await SendAsync(twice, "Dead");
        await app.LookAsync();
        using var again = await SecondCollector.StartAsync(app, _folder);
        await again.LookAsync();
        Assert.Equal(2, await app.StoredAsync("starts", Dimension.Channel, "Dead"));
        // The other way round, while both live.
        await again.TakeAsync(late, "Dead");
        await again.LookAsync();
        await SendAsync(late, "Dead");
        await app.LookAsync();
        await again.LookAsync();
        await app.LookAsync();
        Assert.Equal(3, await app.StoredAsync("starts", Dimension.Channel, "Dead"));
        Assert.Equal(3, Shown("Dead"));
        await again.Follow.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task The_history_too_has_once_what_lies_on_the_disks_of_two_collectors()
    {
        var (here, there, alone) = (app.Id(), app.Id(), app.Id());
        using var other = await SecondCollector.StartAsync(app, _folder);
        await app.LookAsync();
        await other.LookAsync();
        // One was counted here first, the other there; a third is on one disk only.
        await app.StatusAsync($"e=view&p=/deux-disques&i={here}");
        await app.LookAsync();
        await other.TakeViewAsync(here, "/deux-disques");
        await other.TakeViewAsync(there, "/deux-disques");
        await other.TakeViewAsync(alone, "/deux-disques");
        await other.LookAsync();
        await app.StatusAsync($"e=view&p=/deux-disques&i={there}");

        // Whether a collector has looked for itself meanwhile or not.
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.Services.GetRequiredService<KeepHistory>().LookAsync(CancellationToken.None);
        await other.Keep.LookAsync(CancellationToken.None);
        var now = app.Clock.GetUtcNow().ToUnixTimeSeconds();
        var question = new ReportQuestion(
            [new Bucket(now - (6 * 3600), now + 3600)], [], new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { ["path"] = ["/deux-disques"] }, Definition.Pages);
        var views = await app.Services.GetRequiredService<KeptHistory>().AskAsync(question, CancellationToken.None);
        Assert.Equal(3, views.Single(l => l.Measure == "page_views").Value);
        await other.Follow.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task What_two_collectors_counted_while_the_database_was_away_is_counted_once_when_it_is_back()
    {
        using var other = await SecondCollector.StartAsync(app, _folder);
        await other.LookAsync();
        await app.LookAsync();
        var twice = app.Id();
        await app.AllowDatabaseAsync(false);
        try
        {
            await SendAsync(twice, "Blind");
            await SendAsync(app.Id(), "Blind");
            await other.TakeAsync(twice, "Blind");
            await other.TakeAsync(app.Id(), "Blind");
            await Assert.ThrowsAnyAsync<DbException>(app.LookAsync);
            await Assert.ThrowsAnyAsync<DbException>(other.LookAsync);
            // Each shows its own meanwhile.
            Assert.Equal(2, other.Follow.Aggregate!.Now(Dimension.Channel, 99).Single(c => c.Value == "Blind").Listeners);
        }
        finally
        {
            await app.AllowDatabaseAsync(true);
        }

        await app.LookAsync();
        await other.LookAsync();
        await app.LookAsync();
        Assert.Equal(3, await app.StoredAsync("starts", Dimension.Channel, "Blind"));
        await other.LookAsync();
        Assert.Equal(3, await app.StoredAsync("starts", Dimension.Channel, "Blind"));
        await other.Follow.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task A_node_that_stands_still_in_its_turn_keeps_nobody_from_taking_and_showing_beacons()
    {
        await app.LookAsync();
        await using (var still = new NpgsqlConnection(app.ConnectionString))
        {
            await still.OpenAsync();
            await using var transaction = await still.BeginTransactionAsync();
            await using (var hold = new NpgsqlCommand("SELECT pg_advisory_xact_lock(hashtextextended('traffic.turn', 0))", still))
                await hold.ExecuteNonQueryAsync();
            await SendAsync(app.Id(), "Still");
            await Assert.ThrowsAnyAsync<DbException>(app.LookAsync);
            Assert.Equal((1, 0L), (Shown("Still"), await app.StoredAsync("starts", Dimension.Channel, "Still")));
        }

        await app.LookAsync();
        Assert.Equal(1, await app.StoredAsync("starts", Dimension.Channel, "Still"));
    }

    [Fact]
    public async Task What_to_scale_on_is_among_the_metrics_which_the_machine_itself_reads_and_nobody_else()
    {
        await SendAsync(app.Id(), "Metrics");
        await app.LookAsync();
        var metrics = await app.Sender.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        var names = metrics.Split('\n').Where(l => l.StartsWith("relais_traffic", StringComparison.Ordinal)).Select(l => l[..l.IndexOfAny(['{', ' '])]).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Documented, names.Intersect(Documented));

        var endpoint = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Single(e => e.RoutePattern.RawText == "/metrics");
        await using var scope = app.Services.CreateAsyncScope();
        var elsewhere = new DefaultHttpContext { RequestServices = scope.ServiceProvider };
        elsewhere.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.7");
        await endpoint.RequestDelegate!(elsewhere);
        Assert.Equal(StatusCodes.Status404NotFound, elsewhere.Response.StatusCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private int Shown(string channel) => app.Services.GetRequiredService<LiveFigures>().Last!.Channels.Single(c => c.Name == channel).Listeners;

    private async Task SendAsync(string id, string channel) => Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=start&n={id[^8..]}&c={channel}&i={id}"));
}
