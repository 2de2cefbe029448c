using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Traffic;
using Relais.Traffic.History;
using Relais.Traffic.Log;
using Relais.Traffic.Reports;

namespace Relais.Tests.Traffic;

/// <summary>A collector's hours into ClickHouse, each once; ClickHouse away, wrong, and back.</summary>
public sealed class ClickHouseTests(ClickHouseApp app) : IClassFixture<ClickHouseApp>
{
    private const string Report = "/api/traffic/report?from=2026-01-01&to=2026-01-02";

    [Fact]
    public async Task A_batch_whose_place_was_not_stored_is_there_once_however_the_log_has_grown_since()
    {
        await SendAsync("e=start&c=double&n=d1&l=web", "e=beat&c=double&n=d1&l=web&x=90000&w=90000", "e=view&p=/double");
        var (before, ahead) = await LookAfterAnHourAsync();
        Assert.Equal(1, await ViewsAsync("/double"));

        // As if it had died after the insert and before the place; and then more came, and another hour was over.
        await PutBackAsync(before, ahead, age: "0 days");
        await SendAsync("e=view&p=/double-after");
        await LookAfterAnHourAsync();
        Assert.Equal((1, 1), (await ViewsAsync("/double"), await ViewsAsync("/double-after")));
        var heard = await AskAsync("channel", "double");
        Assert.Equal((1, 1), (heard.Single(l => l.Measure == "active_sessions_ge60s").Value, heard.Single(l => l.Measure == "CUME").Value));
        await CellsAreWhatRowsAreAsync();
        // So few are not estimated but known.
        var cells = await AskAsync("channel", "double", Definition.Cells);
        Assert.Equal(1, cells.Single(l => l.Measure == "listeners").Value);
        Assert.InRange(cells.Single(l => l.Measure == "connected_hours").Value!.Value * 3600, 89, 91);
    }

    [Fact]
    public async Task A_batch_is_there_once_also_when_ClickHouse_has_forgotten_its_token()
    {
        await SendAsync("e=view&p=/forgotten");
        var (before, ahead) = await LookAfterAnHourAsync();
        var window = $"ALTER TABLE {ClickHouseTable.Requests.Name} MODIFY SETTING non_replicated_deduplication_window = ";
        await app.History.RunAsync(window + "0", CancellationToken.None);
        await app.History.RunAsync(window + "10000", CancellationToken.None);
        await PutBackAsync(before, ahead, age: "2 days");
        await app.Keep.LookAsync(CancellationToken.None);
        Assert.Equal(1, await ViewsAsync("/forgotten"));
        await CellsAreWhatRowsAreAsync();
        // It remembers again as one that has just begun.
        await app.ClickHouse.KillAsync();
        await app.ClickHouse.StartAsync();
    }

    [Fact]
    public async Task While_ClickHouse_is_away_the_log_waits_and_says_so_and_all_is_there_when_it_is_back()
    {
        using var reader = await app.SignInAsync(await app.AddPersonAsync(Roles.Reader));
        await SendAsync("e=view&p=/away");
        await app.Keep.LookAsync(CancellationToken.None);
        await app.ClickHouse.KillAsync();
        try
        {
            app.Clock.Advance(TimeSpan.FromHours(2));
            var away = await Assert.ThrowsAsync<HistoryAwayException>(() => app.Keep.LookAsync(CancellationToken.None));
            Assert.Contains("does not answer", away.Message, StringComparison.Ordinal);
            Assert.InRange(app.Keep.Lag, TimeSpan.FromMinutes(59), TimeSpan.FromHours(2));
            Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=view&p=/away-too&i={app.Id()}"));
            using var asked = await reader.Client.GetAsync(Report);
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "60"), (asked.StatusCode, asked.Headers.RetryAfter?.ToString()));
            Assert.Contains("relais_traffic_history_lag_seconds", await reader.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative)), StringComparison.Ordinal);
            var page = await reader.Client.GetStringAsync(ExplorerAddress);
            Assert.Contains("ClickHouse", page, StringComparison.Ordinal);
            Assert.Contains("en retard", WebUtility.HtmlDecode(page), StringComparison.Ordinal);
            Assert.Contains("ClickHouse", await reader.Client.GetStringAsync(new Uri("/traffic/channels/away", UriKind.Relative)), StringComparison.Ordinal);
        }
        finally
        {
            await app.ClickHouse.StartAsync();
        }

        await LookAfterAnHourAsync();
        Assert.Equal((1, 1), (await ViewsAsync("/away"), await ViewsAsync("/away-too")));
        Assert.Equal(TimeSpan.Zero, app.Keep.Lag);
        Assert.DoesNotContain("en retard", WebUtility.HtmlDecode(await reader.Client.GetStringAsync(ExplorerAddress)), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await reader.Client.GetAsync(Report + "&definition=cells/1")).StatusCode);
    }

    [Fact]
    public async Task A_node_that_changes_to_ClickHouse_goes_on_where_its_files_end_and_back()
    {
        var source = app.Services.GetRequiredService<NpgsqlDataSource>();
        var (places, place) = (new LogPlaces(source, Guid.NewGuid()), new LogPosition(7, 4096, 99));
        await places.KeepAsync(KeepHistory.Reader, place, app.Clock.GetUtcNow(), CancellationToken.None);
        await places.FollowAsync(FeedClickHouse.Reader, KeepHistory.Reader, CancellationToken.None);
        Assert.Equal((place, LogPosition.Start), ((await places.OfAsync(FeedClickHouse.Reader, CancellationToken.None)).Position, (await places.OfAsync(KeepHistory.Reader, CancellationToken.None)).Position));
        await places.KeepAsync(FeedClickHouse.Ahead, place, app.Clock.GetUtcNow(), CancellationToken.None);
        await places.FollowAsync(KeepHistory.Reader, FeedClickHouse.Reader, CancellationToken.None);
        Assert.Equal((place, LogPosition.Start), ((await places.OfAsync(KeepHistory.Reader, CancellationToken.None)).Position, (await places.OfAsync(FeedClickHouse.Ahead, CancellationToken.None)).Position));
    }

    [Fact]
    public async Task A_wrong_password_or_database_is_told_in_words_and_without_the_password()
    {
        using var stranger = new ClickHouseHistory(app.ClickHouse.Connection(password: "faux-mot"), wanted: null, kept: null);
        var refused = await Assert.ThrowsAsync<HistoryAwayException>(() => stranger.OpenAsync(CancellationToken.None));
        Assert.Contains("refuses the user or password", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("faux-mot", refused.Message, StringComparison.Ordinal);
        using var elsewhere = new ClickHouseHistory(app.ClickHouse.Connection("nulle_part"), wanted: null, kept: null);
        Assert.Contains("CREATE DATABASE nulle_part", (await Assert.ThrowsAsync<HistoryAwayException>(() => elsewhere.OpenAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
        using var other = new ClickHouseHistory(app.ClickHouse.Connection(), TimeZoneInfo.FindSystemTimeZoneById("America/Cayenne"), kept: null);
        await app.History.OpenAsync(CancellationToken.None);
        Assert.Contains("give all nodes one zone", (await Assert.ThrowsAsync<HistoryAwayException>(() => other.OpenAsync(CancellationToken.None))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ceci n'est rien", "is no connection string")]
    [InlineData("Server=clickhouse.example;Password=secret", "is not known")]
    [InlineData("Database=relais;Password=secret", "names no Host")]
    [InlineData("Host=clickhouse.example;Port=neuf;Password=secret", "is no port")]
    [InlineData("Host=clickhouse.example;Protocol=tcp;Password=secret", "neither http nor https")]
    public void A_connection_string_that_leads_nowhere_keeps_the_server_from_starting(string connection, string why)
    {
        var checkedOptions = new ClickHouseAddress().Validate(null, new TrafficOptions { ClickHouse = connection });
        Assert.Contains(why, checkedOptions.FailureMessage, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", checkedOptions.FailureMessage, StringComparison.Ordinal);
    }

    private static Uri ExplorerAddress { get; } = new("/traffic/explorer?from=2026-01-01&until=2026-01-01", UriKind.Relative);

    private async Task SendAsync(params string[] beacons)
    {
        foreach (var beacon in beacons)
            Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"{beacon}&i={app.Id()}"));
    }

    private async Task<(LogPosition Before, LogPosition Ahead)> LookAfterAnHourAsync()
    {
        // Whatever is left of another test goes in a batch of its own.
        await app.Keep.LookAsync(CancellationToken.None);
        var before = await PlaceAsync(FeedClickHouse.Reader);
        app.Clock.Advance(TimeSpan.FromHours(1));
        await app.Keep.LookAsync(CancellationToken.None);
        return (before, await PlaceAsync(FeedClickHouse.Ahead));
    }

    private async Task<double?> ViewsAsync(string path) => (await AskAsync("path", path)).SingleOrDefault(l => l.Measure == "page_views")?.Value ?? 0;

    private async Task<IReadOnlyList<ReportLine>> AskAsync(string dimension, string value, Definition? definition = null)
    {
        // Whole quarters of an hour, as cells are asked.
        var now = app.Clock.GetUtcNow().ToUnixTimeSeconds() / 900 * 900;
        var where = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal) { [dimension] = [value] };
        return await app.Services.GetRequiredService<KeptHistory>().AskAsync(new ReportQuestion([new Bucket(now - (24 * 3600), now + 3600)], [], where, definition ?? Definition.Pages), CancellationToken.None);
    }

    private async Task CellsAreWhatRowsAreAsync() => Assert.Equal(
        await app.NumberAsync($"SELECT toInt64(count()) FROM {ClickHouseTable.Requests.Name}"),
        await app.NumberAsync($"SELECT toInt64(sum(views)) FROM {ClickHouseTables.PageCells}"));

    private async Task<LogPosition> PlaceAsync(string reader) => (await Places().OfAsync(reader, CancellationToken.None)).Position;

    private async Task PutBackAsync(LogPosition place, LogPosition ahead, string age)
    {
        await Places().KeepAsync(FeedClickHouse.Reader, place, app.Clock.GetUtcNow(), CancellationToken.None);
        await Places().KeepAsync(FeedClickHouse.Ahead, ahead, app.Clock.GetUtcNow(), CancellationToken.None);
        await using var command = app.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand($"UPDATE traffic.log_reader SET at = at - interval '{age}' WHERE reader = '{FeedClickHouse.Ahead}'");
        await command.ExecuteNonQueryAsync();
    }

    private LogPlaces Places() => new(app.Services.GetRequiredService<NpgsqlDataSource>(), app.Services.GetRequiredService<Relais.Traffic.Collector.CollectorLog>().Open!.Id);
}
