using System.Net.WebSockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Relais.Desktops.Engine;

namespace Relais.Tests.Desktops;

/// <summary>What ends in the moment in which the engine adds a listener is told to nobody. Too short to be met with the real one, which it once was.</summary>
public sealed class UntoldOperation
{
    [Fact]
    public async Task An_operation_whose_end_nobody_told_is_found_all_the_same()
    {
        var socket = Path.Combine(Path.GetTempPath(), $"relais-silent-{Guid.NewGuid():N}.sock");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(server => server.ListenUnixSocket(socket));
        await using var engine = builder.Build();
        var listens = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        engine.UseWebSockets();
        engine.MapGet("/1.0/events", async (HttpContext context, CancellationToken cancel) =>
        {
            using var stream = await context.WebSockets.AcceptWebSocketAsync();
            listens.TrySetResult();
            await stream.ReceiveAsync(new byte[16], cancel);
        });
        await engine.StartAsync(TestContext.Current.CancellationToken);
        using var events = new EngineEvents([socket], TimeProvider.System);
        var asked = 0;
        // It goes on for as long as the stream takes to open and to be looked at once; then it ends, and nothing is said.
        var done = await events.WaitAsync("one", async (_, _) =>
        {
            await (Interlocked.Increment(ref asked) > 1 ? listens.Task : Task.CompletedTask);
            return new JsonObject { ["id"] = "one", ["status_code"] = asked > 2 ? 200 : 103 };
        }, TestContext.Current.CancellationToken);
        Assert.Equal(200, done["status_code"]!.GetValue<int>());
        File.Delete(socket);
    }

    [Fact]
    public async Task An_operation_of_another_member_that_ended_before_its_name_was_known_is_not_lost()
    {
        var socket = Path.Combine(Path.GetTempPath(), $"relais-early-{Guid.NewGuid():N}.sock");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(server => server.ListenUnixSocket(socket));
        await using var engine = builder.Build();
        engine.UseWebSockets();
        engine.MapGet("/1.0/events", async (HttpContext context, CancellationToken cancel) =>
        {
            using var stream = await context.WebSockets.AcceptWebSocketAsync();
            foreach (var id in new[] { "one", "other" })
                await stream.SendAsync(Encoding.UTF8.GetBytes($$"""{"metadata":{"id":"{{id}}","status_code":200} }"""), WebSocketMessageType.Text, true, cancel);
            await stream.ReceiveAsync(new byte[16], cancel);
        });
        await engine.StartAsync(TestContext.Current.CancellationToken);
        using var events = new EngineEvents([socket], TimeProvider.System);
        await events.OpenAsync(TestContext.Current.CancellationToken);
        // Its end comes after that of the one that is asked for.
        foreach (var id in new[] { "other", "one" })
        {
            var done = await events.WaitAsync(id, (_, _) => Task.FromResult<JsonNode?>(null), TestContext.Current.CancellationToken);
            Assert.Equal(200, done["status_code"]!.GetValue<int>());
        }

        File.Delete(socket);
    }
}
