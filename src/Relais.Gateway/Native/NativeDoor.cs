using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Options;
using Relais.Gateway.Relay;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Native;

/// <summary>
/// /remoteDesktopGateway/: RD Gateway for native clients, over a WebSocket or over the pair of requests that older ones and some proxies
/// need. Who may pass: whoever shows a one-time token inside. Nothing of it is in an address or a header, so nothing of it is in a log.
/// </summary>
internal sealed class NativeDoor(
    HalfTunnels halves, Lobby lobby, IOptions<GatewayOptions> options, TimeProvider clock, NativeConnection connection)
{
    public const string Path = "/remoteDesktopGateway";

    private const string Out = "RDG_OUT_DATA";
    private const string In = "RDG_IN_DATA";
    private const int SeedLength = 10;

    // Microsoft's mobile clients begin their WebSocket as anybody does.
    private static readonly string[] Methods = [Out, In, HttpMethods.Get];

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapMethods(Path, Methods, (HttpContext context, NativeDoor door) => door.HandleAsync(context)).AllowAnonymous().ExcludeFromDescription();

    private Task HandleAsync(HttpContext context)
    {
        if (WebSocketUpgrade.IsAsked(context) && context.Request.Method != In)
            return WebSocketAsync(context);
        if (context.Request.Method == HttpMethods.Get || !Guid.TryParse(context.Request.Headers["RDG-Connection-Id"], out var id))
            return AnswerAsync(context, StatusCodes.Status400BadRequest);
        return context.Request.Method == Out ? OutAsync(context, id) : InAsync(context, id);
    }

    private async Task WebSocketAsync(HttpContext context)
    {
        var address = Actor.Of(context).Address;
        using var visit = lobby.TryEnter(address);
        if (visit is null)
        {
            await AnswerAsync(context, StatusCodes.Status429TooManyRequests);
            return;
        }

        using var limit = HandshakeLimit();
        LiftLimits(context);
        using var socket = await WebSocketUpgrade.AcceptAsync(context);
        if (socket is null)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        await using var stream = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
        await using var pipe = new TsguPipe(stream, stream, InlineSockets.Of(context));
        await connection.RunAsync(pipe, address, visit, limit);
        await CloseAsync(socket, context.RequestAborted);
    }

    private async Task OutAsync(HttpContext context, Guid id)
    {
        var address = Actor.Of(context).Address;
        using var visit = lobby.TryEnter(address);
        if (visit is null)
        {
            await AnswerAsync(context, StatusCodes.Status429TooManyRequests);
            return;
        }

        if (halves.Open(id, address) is not { } half)
        {
            await AnswerAsync(context, StatusCodes.Status401Unauthorized);
            return;
        }

        using var limit = HandshakeLimit();
        try
        {
            LiftLimits(context);
            ResetIfKilled(context, true);
            // [MS-TSGU] 3.3.5.1: random bytes open the way through buffering proxies.
            await context.Response.Body.WriteAsync(RandomNumberGenerator.GetBytes(SeedLength), context.RequestAborted);
            if (await OtherHalfAsync(half, limit.Token, context.RequestAborted) is var (input, abort))
            {
                // When the client drops this half, nothing more can be said to it, though the other half may still stand.
                await using var gone = context.RequestAborted.Register(abort);
                await using var pipe = new TsguPipe(input, context.Response.Body);
                await connection.RunAsync(pipe, address, visit, limit);
            }
        }
        finally
        {
            halves.Forget(id, half);
            half.End();
            ResetIfKilled(context, false);
        }
    }

    private async Task InAsync(HttpContext context, Guid id)
    {
        var address = Actor.Of(context).Address;
        if (context.Request.ContentLength == 0)
        {
            // The first request on this half only asks whether it may.
            await AnswerAsync(context, halves.Knows(id, address) ? StatusCodes.Status200OK : StatusCodes.Status401Unauthorized);
            return;
        }

        if (!halves.Knows(id, address))
        {
            await AnswerAsync(context, StatusCodes.Status401Unauthorized);
            return;
        }

        LiftLimits(context);
        if (halves.Join(id, address, context.Request.Body, context.Abort) is not { } half)
        {
            await AnswerAsync(context, StatusCodes.Status401Unauthorized);
            return;
        }

        await half.Over;
        // The client may be in the middle of its body: what is left of it is not waited for.
        context.Abort();
    }

    // Counted from the request's arrival, before anything is answered.
    private CancellationTokenSource HandshakeLimit() => new(options.Value.HandshakeTime, clock);

    private static async Task<(Stream Input, Action Abort)?> OtherHalfAsync(HalfTunnel half, CancellationToken late, CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late, aborted);
        try
        {
            return await half.Given.WaitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            return null;
        }
    }

    // On this path only: a desktop at rest sends nothing for hours, and its body never ends. What bounds it instead: the time for the
    // handshake, the strangers' places, idle time, and small buffers that stop whoever is not read from.
    private static void LiftLimits(HttpContext context)
    {
        if (context.Features.Get<IHttpMinRequestBodyDataRateFeature>() is { } requestRate)
            requestRate.MinDataRate = null;
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } responseRate)
            responseRate.MinDataRate = null;
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = null;
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }

    // A server that is killed leaves its sockets to the system, which ends them like a connection that is complete. FreeRDP 2 waits for ever
    // for the rest of a chunked answer that ends so (rdg_chuncked_read takes the end for progress); a reset it understands, and comes back.
    // Not for an end in good order, which must not drop what is still on its way.
    private static void ResetIfKilled(HttpContext context, bool reset)
    {
        try
        {
            if (context.Features.Get<IConnectionSocketFeature>() is { } connection)
                connection.Socket.LingerState = new LingerOption(reset, 0);
        }
        catch (Exception e) when (Relay.ConnectionLoss.Explains(e))
        {
            // It is gone already.
        }
    }

    private static async Task CloseAsync(WebSocket socket, CancellationToken cancel)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancel);
        }
        catch (Exception e) when (Relay.ConnectionLoss.Explains(e))
        {
            // It left first.
        }
    }

    private static Task AnswerAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
