using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Relais.Traffic.Channels;

namespace Relais.Traffic.Live;

/// <summary>Figures of each second as server-sent events, of all or of one channel: "curve" first, then "second" once a second.</summary>
internal sealed class FigureStream(LiveFigures figures, ChannelCurves curves, IHostApplicationLifetime lifetime)
{
    // Then the browser asks again by itself, and whoever may no longer look is told so.
    private const int LongestSeconds = 300;

    /// <param name="channel">Null for all.</param>
    /// <param name="still">Asked each second: whether it may go on.</param>
    public async Task SendAsync(HttpContext context, string? channel, Func<CancellationToken, ValueTask<bool>> still)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping);
        context.Response.ContentType = "text/event-stream";
        context.Response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            await SendAsync(context, "curve", channel is null ? figures.Curve() : curves.CurveOf(channel), either.Token);
            for (var sent = 0; sent < LongestSeconds && await still(either.Token); sent++)
            {
                var all = await figures.NextAsync(either.Token);
                await SendAsync(context, "second", channel is null || figures.Last is not { } second ? all : ChannelCurves.Json(ChannelCurves.Of(second, channel)), either.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // Left, or the server ends.
        }
    }

    private static async Task SendAsync(HttpContext context, string name, string json, CancellationToken cancel)
    {
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: {json}\n\n"), cancel);
        await context.Response.Body.FlushAsync(cancel);
    }
}
