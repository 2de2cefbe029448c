using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Capacity;
using Relais.Desktops.Desktops;

namespace Relais.Tests.Desktops;

/// <summary>The queue as it is shown, on a server without an engine: the test says who waits.</summary>
public sealed class AdmissionQueue(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task Who_waits_at_a_screen_is_told_a_place_before_those_that_are_started_ahead()
    {
        var since = app.Clock.GetUtcNow();
        var ahead = await QueueAsync(since.AddMinutes(-9), awaited: null);
        var early = await QueueAsync(since.AddMinutes(-3), since);
        var late = await QueueAsync(since.AddMinutes(-1), since);
        Assert.Equal(1, await PlaceAsync(early));
        Assert.Equal(2, await PlaceAsync(late));
        // By asking, its person waits at a screen too, and longer than the others.
        Assert.Equal(1, await PlaceAsync(ahead));
        Assert.Equal(3, await PlaceAsync(late));

        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var answer = await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops/capacity");
        Assert.False(answer.GetProperty("engine").GetBoolean());
        Assert.Equal([ahead, early, late], answer.GetProperty("queue").EnumerateArray().Select(q => q.GetProperty("desktop").GetGuid()));
        using (var page = await administrator.Client.GetAsync("/desktops/capacity"))
        {
            Assert.Equal(HttpStatusCode.OK, page.StatusCode);
            Assert.Contains($"/desktops/{late}", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        using var refused = await (await app.SignInAsync(await app.AddPersonAsync(Roles.Staff))).Client.GetAsync("/api/desktops/capacity");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public void Whatever_becomes_of_one_that_waited_takes_it_out_of_the_queue()
    {
        var now = app.Clock.GetUtcNow();
        foreach (var left in new Action<Desktop>[]
                 {
                     d => d.See(DesktopState.Creating, now), d => d.Succeed(DesktopState.Stopped, now), d => d.Fail("engine-refused", "x", now),
                 })
        {
            var desktop = Desktop.Allocate(Guid.NewGuid(), "bureau-standard", 0, DesktopState.Waiting, "", now);
            (desktop.Wanted, desktop.Fault, desktop.QueuedAt) = (Wanted.Running, Desktop.NoRoom, now);
            Assert.True(desktop.IsQueued);
            left(desktop);
            Assert.False(desktop.IsQueued);
            Assert.Null(desktop.QueuedAt);
            Assert.NotEqual(Desktop.NoRoom, desktop.Fault);
        }
    }

    private Task<Guid> QueueAsync(DateTimeOffset since, DateTimeOffset? awaited) => app.AddDesktopAsync(desktop =>
    {
        desktop.Want(Wanted.Running, since);
        desktop.See(DesktopState.Waiting, since);
        (desktop.Fault, desktop.QueuedAt, desktop.AwaitedAt) = (Desktop.NoRoom, since, awaited);
    });

    private Task<int?> PlaceAsync(Guid desktop) => app.InAsync(async services =>
    {
        var db = services.GetRequiredService<DesktopsDb>();
        var row = await db.Desktops.AsNoTracking().SingleAsync(d => d.Id == desktop);
        return (await WaitForRoom.ProgressAsync(row, db, app.Clock, CancellationToken.None))?.Place;
    });
}
