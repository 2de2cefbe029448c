using System.Data.Common;
using System.Net;
using System.Text.Json;
using Relais.Access.Contracts;
using Relais.Traffic.Measures.Live;

namespace Relais.Tests.Traffic;

/// <summary>PostgreSQL is away while beacons come; a server that starts again; who may look at the live figures.</summary>
public sealed class CollectorWithoutDatabase(TrafficApp app) : IClassFixture<TrafficApp>
{
    [Fact]
    public async Task With_the_database_away_for_five_minutes_beacons_are_taken_and_counted_once_when_it_is_back()
    {
        await SendAsync("Away", 3);
        await app.LookAsync();
        var before = app.Follow.Aggregate!.Counted;
        await app.AllowDatabaseAsync(false);
        try
        {
            for (var minute = 0; minute < 5; minute++)
            {
                await SendAsync("Away", 2);
                await Assert.ThrowsAnyAsync<DbException>(app.LookAsync);
                app.Clock.Advance(TimeSpan.FromMinutes(1));
            }

            // Shown all the same.
            Assert.Equal(before + 10, app.Follow.Aggregate!.Counted);
        }
        finally
        {
            await app.AllowDatabaseAsync(true);
        }

        await app.LookAsync();
        Assert.Equal(13, await app.StoredAsync("starts", Dimension.Channel, "Away"));
        await app.LookAsync();
        Assert.Equal(13, await app.StoredAsync("starts", Dimension.Channel, "Away"));

        // A server that starts again goes on from there, and knows what it has counted.
        var again = $"e=start&n=ff&c=Again&i={app.Id()}";
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync(again));
        await app.LookAsync();
        await app.RestartAsync();
        await app.LookAsync();
        await SendAsync("Again", 1);
        Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync(again));
        await app.LookAsync();
        Assert.Equal(2, await app.StoredAsync("starts", Dimension.Channel, "Again"));
        Assert.Equal(13, await app.StoredAsync("starts", Dimension.Channel, "Away"));
        Assert.Equal(2, app.Follow.Aggregate!.Now(Dimension.Channel, 9).Single(c => c.Value == "Again").Listeners);
    }

    [Fact]
    public async Task Live_figures_come_each_second_to_those_who_may_read_figures_and_to_nobody_else()
    {
        using var staff = await app.SignInAsync(await app.AddPersonAsync());
        using (var refused = await staff.Client.GetAsync(new Uri("/traffic/live", UriKind.Relative)))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using var reader = await app.SignInAsync(await app.AddPersonAsync(Roles.Reader));
        using var stream = await reader.Client.GetAsync(new Uri("/traffic/live", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        using var lines = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.Equal("event: curve", await lines.ReadLineAsync());
        await SendAsync("Live", 2);
        await app.LookAsync();
        string? line;
        do
            line = await lines.ReadLineAsync();
        while (line is not null && !(line.StartsWith("data: {", StringComparison.Ordinal) && line.Contains("Live", StringComparison.Ordinal)));
        var second = JsonDocument.Parse(line![6..]).RootElement;
        Assert.Equal(2, second.GetProperty("channels").EnumerateArray().Single(c => c.GetProperty("name").GetString() == "Live").GetProperty("listeners").GetInt32());
        Assert.Contains("Auditeurs en ce moment", (await reader.GetAsync("/traffic")).Text, StringComparison.Ordinal);
    }

    private async Task SendAsync(string channel, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var id = app.Id();
            Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=start&n={id[^8..]}&c={channel}&i={id}"));
        }
    }
}
