using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Browser;
using Relais.Gateway.Contracts;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Consoles;

/// <summary>What VNC and SSH in the browser have in common: token, session, entry, relay, end.</summary>
internal sealed class ServeConsole(
    RedeemGrant redeem, LiveSessions live, CloseConnection close, IOptions<GatewayOptions> options, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<ServeConsole> log)
{
    private static readonly byte[] Ready = [.. "ready"u8];

    public async Task RunAsync(WebSocket socket, HttpContext context, TargetProtocol protocol, EnterTarget enter)
    {
        var actor = Actor.Of(context);
        var stop = context.RequestAborted;
        if (await ConsoleHello.ReceiveAsync(socket, options.Value.HandshakeTime, clock, stop) is not { } hello)
        {
            GatewayLog.Refused(log, actor.Address, "no token in its first message");
            await CloseAsync(socket, WebSocketCloseStatus.PolicyViolation, stop);
            return;
        }

        var redemption = await redeem.HandleAsync(hello.Token, protocol, context.User.PersonId(), context.User.SignInId(), actor, stop);
        if (redemption is not Redemption.Accepted accepted)
        {
            GatewayLog.Refused(log, actor.Address, ((Redemption.Refused)redemption).Why.ToString());
            await CloseAsync(socket, WebSocketCloseStatus.PolicyViolation, stop);
            return;
        }

        var session = accepted.Session;
        var counters = new RelayCounters();
        using var held = new LiveSession(session, counters);
        live.Add(held);
        try
        {
            GatewayLog.Connected(log, session.Id, session.ClientAddress);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(held.Stopped, lifetime.ApplicationStopping, stop);
            var end = await ServeAsync(socket, session, held, await EnterAsync(enter, accepted, hello, ended.Token), ended.Token);
            GatewayLog.Ended(log, session.Id, end.ToString(), counters.FromBrowser, counters.ToBrowser);
            await close.HandleAsync(session.Id, held, end, CancellationToken.None);
        }
        finally
        {
            live.Remove(held);
        }
    }

    private async Task<Entry> EnterAsync(EnterTarget enter, Redemption.Accepted accepted, ConsoleHello hello, CancellationToken ended)
    {
        using var limit = new CancellationTokenSource(options.Value.HandshakeTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended);
        var entry = await enter(accepted.Session, accepted.Password, hello, either.Token);
        if (entry is Entry.Failed && either.IsCancellationRequested)
            return new Entry.Failed(ended.IsCancellationRequested ? EntryFailure.Stopped : EntryFailure.TooSlow);
        return entry;
    }

    private async Task<RelayEnd> ServeAsync(WebSocket socket, Session session, LiveSession held, Entry entry, CancellationToken ended)
    {
        if (entry is not Entry.Entered { Console: { } console })
        {
            var failed = (Entry.Failed)entry;
            GatewayLog.TargetFailed(log, session.Id, failed.Why.ToString());
            if (failed.Said.Length > 0)
                GatewayLog.TargetSaid(log, session.Id, failed.Said);
            var code = held.Reason is { } reason ? CloseCodes.Of(reason, RelayEnd.Stopped).Code : failed.Why.Code();
            await CloseAsync(socket, code, CancellationToken.None);
            return RelayEnd.TargetLost;
        }

        await using (console)
        await using (var browser = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false))
        {
            if (await GreetAsync(socket, browser, console, ended) is not { } stream)
            {
                await CloseAsync(socket, WebSocketCloseStatus.ProtocolError, CancellationToken.None);
                return RelayEnd.BrowserBrokeProtocol;
            }

            var limits = new RelayLimits(options.Value.HandshakeTime, options.Value.IdleTime, RelayLimits.RdpDrain);
            var side = CloseCodes.BrowserSide(socket, stream, held, cancel => close.AskedAsync(session.Id, cancel));
            var end = await new ByteRelay(side, console.Side, held.Counters, limits, clock).RunAsync(null, ended);
            return CloseCodes.Meant(console.Meant(end), socket);
        }
    }

    private async Task<Stream?> GreetAsync(WebSocket socket, Stream browser, IConsole console, CancellationToken ended)
    {
        using var limit = new CancellationTokenSource(options.Value.HandshakeTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended);
        try
        {
            await socket.SendAsync(Ready, WebSocketMessageType.Text, endOfMessage: true, either.Token);
            return await console.GreetAsync(browser, either.Token);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            return null;
        }
    }

    private static async Task CloseAsync(WebSocket socket, WebSocketCloseStatus code, CancellationToken cancel)
    {
        try
        {
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(code, "", cancel);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // It left before it could be told.
        }
    }
}
