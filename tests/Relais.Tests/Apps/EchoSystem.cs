using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Relais.Tests.Apps;

/// <summary>An internal system that tells what it was sent, and answers badly when asked to.</summary>
public sealed class EchoSystem : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _requests;

    public EchoSystem()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = null);
        _app = builder.Build();
        _app.UseWebSockets();
        _app.Use((context, next) =>
        {
            Interlocked.Increment(ref _requests);
            return next(context);
        });
        _app.Map("/headers", (HttpContext context) => Results.Text(JsonSerializer.Serialize(
            context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase))));
        _app.MapGet("/close", (HttpContext context) =>
        {
            context.Response.Headers.Connection = "close";
            return "closed";
        });
        _app.MapGet("/cookies", (HttpContext context) =>
        {
            context.Response.Headers.Append("Set-Cookie", "session=1; Path=/; Domain=localhost; HttpOnly");
            context.Response.Headers.Append("Set-Cookie", "__Host-relais-app=stolen; Path=/; Secure");
            context.Response.Headers.Append("Set-Cookie", "=__Host-relais=stolen; Path=/; Secure");
            context.Response.Headers["Clear-Site-Data"] = "\"cookies\"";
            return "cookies";
        });
        _app.MapGet("/moved", (HttpContext context) => Results.Redirect($"http://{context.Connection.LocalIpAddress}:{context.Connection.LocalPort}/there?a=1"));
        _app.MapGet("/hang", (HttpContext context) => Forever(context.RequestAborted));
        _app.MapGet("/events", async (HttpContext context) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: premier\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await Forever(context.RequestAborted);
        });
        _app.MapPost("/upload", async (HttpRequest request) =>
        {
            var length = 0L;
            var buffer = new byte[65536];
            int read;
            while ((read = await request.Body.ReadAsync(buffer)) > 0)
                length += read;
            return length;
        });
        _app.Map("/socket", async (HttpContext context) =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var buffer = new byte[1024];
            while (await socket.ReceiveAsync(buffer, context.RequestAborted) is { CloseStatus: null } got)
                await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, context.RequestAborted);
        });
    }

    public string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public int Port => new Uri(Address).Port;

    /// <summary>How many requests came through so far.</summary>
    public int Requests => Volatile.Read(ref _requests);

    public Task StartAsync() => _app.StartAsync();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static Task Forever(CancellationToken stop) => new TaskCompletionSource().Task.WaitAsync(stop);
}
