using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Steering;

namespace Relais.Tests.Fieldwork;

/// <summary>A server process that sends is ended by kill -9, again and again, while a receiver has a delivery in hand.</summary>
public sealed class WebhookKillTests(SilentSteeringApp app) : IClassFixture<SilentSteeringApp>
{
    [Fact]
    public async Task A_killed_server_loses_no_change_and_keeps_the_order_of_each_case()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var wave = await app.AddWaveAsync(sample: app.Sample(4));
        receiver.Secret = (await app.SubscribeAsync(wave.Study, receiver.Address, ChangeKinds.CaseOutcome)).Secret;
        for (var i = 1; i <= 24; i++)
        {
            await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
            if (i % 4 == 0)
                app.Clock.Advance(TimeSpan.FromHours(2));
        }

        await using var server = await ServerProcess.CreateAsync();
        server.Settings["RELAIS__ConnectionStrings__Relais"] = app.ConnectionString;
        // The same key file: what is sealed there is opened here.
        server.Settings["RELAIS_DATA"] = app.DataFolder;
        server.Settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        server.Settings["RELAIS__Fieldwork__Webhooks__Allowed__0"] = "127.0.0.1/32";
        foreach (var count in new[] { 3, 9, 17 })
        {
            var (arrived, release) = (new TaskCompletionSource(), new TaskCompletionSource());
            receiver.Answer = async (_, _) =>
            {
                if (receiver.First().Count < count)
                    return;
                arrived.TrySetResult();
                await release.Task;
            };
            await server.StartAsync();
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60));
            server.Kill();
            release.SetResult();
        }

        receiver.Answer = (_, _) => Task.CompletedTask;
        await server.StartAsync();
        var received = await receiver.UntilAsync(24);
        var told = await app.InFieldworkAsync(db => db.Changes.AsNoTracking().Where(c => c.StudyId == wave.Study).Select(c => c.EventId).ToListAsync());
        Assert.Equal(told.Select(id => id.ToString()).Order(StringComparer.Ordinal), received.Select(r => r.Id).Order(StringComparer.Ordinal));
        Assert.All(receiver.All, r => Assert.True(r.Signed));
        foreach (var one in received.GroupBy(r => r.Subject))
            Assert.Equal(one.Select(r => r.Sequence).Order(StringComparer.Ordinal), one.Select(r => r.Sequence));
        // What was in hand at a kill came again, under the same id.
        Assert.InRange(receiver.All.Count, 24 + 3, 24 + 12);
    }
}
