using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Browser;
using Relais.Gateway.Contracts;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Gateway.Watching;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Consoles;

/// <summary>What VNC and SSH in the browser have in common: token, session, entry, relay, end.</summary>
internal sealed class ServeConsole(
    RedeemGrant redeem, HoldSession hold, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<ServeConsole> log)
{
    private static readonly byte[] Ready = [.. "ready"u8];

    public async Task RunAsync(WebSocket socket, HttpContext context, TargetProtocol protocol, EnterTarget enter, CancellationToken late)
    {
        var actor = Actor.Of(context);
        var stop = context.RequestAborted;
        if (await ConsoleHello.ReceiveAsync(socket, late, stop) is not { } hello)
        {
            GatewayLog.Refused(log, actor.Address, "no token in its first message");
            await CloseCodes.CloseAsync(socket, WebSocketCloseStatus.PolicyViolation, clock, stop);
            return;
        }

        var redemption = await redeem.HandleAsync(hello.Token, protocol, context.User.PersonId(), context.User.SignInId(), actor, stop);
        if (redemption is not Redemption.Accepted accepted)
        {
            GatewayLog.Refused(log, actor.Address, ((Redemption.Refused)redemption).Why.ToString());
            await CloseCodes.CloseAsync(socket, WebSocketCloseStatus.PolicyViolation, clock, stop);
            return;
        }

        await hold.RunAsync(
            accepted.Session,
            async (held, ended) => await ServeAsync(new Page(socket, InlineSockets.Of(context)), accepted.Session, hello, held, await EnterAsync(enter, accepted, hello, ended), ended),
            stop);
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

    private async Task<RelayEnd> ServeAsync(
        Page page, Session session, ConsoleHello hello, LiveSession held, Entry entry, CancellationToken ended)
    {
        var socket = page.Socket;
        if (entry is not Entry.Entered { Console: { } console })
        {
            var failed = (Entry.Failed)entry;
            GatewayLog.TargetFailed(log, session.Id, failed.Why.ToString());
            if (failed.Said.Length > 0)
                GatewayLog.TargetSaid(log, session.Id, failed.Said);
            var code = held.Reason is { } reason ? CloseCodes.Of(reason, RelayEnd.Stopped) : failed.Why.Code();
            await CloseCodes.CloseAsync(socket, code, clock, CancellationToken.None);
            return failed.Why.IsFinal() ? RelayEnd.TargetRefused : RelayEnd.TargetLost;
        }

        await using (console)
        await using (var browser = new PageSocket(socket, page.Carrier))
        {
            if (await GreetAsync(socket, browser, console, ended) is not { } stream)
            {
                await CloseCodes.CloseAsync(socket, WebSocketCloseStatus.ProtocolError, clock, CancellationToken.None);
                return RelayEnd.BrowserBrokeProtocol;
            }

            browser.TellOf(held);
            if (console.Sizes is { } sizes)
            {
                stream = new WatchedStream(stream, held.Watchers);
                sizes.Changed = held.ResizeAsync;
                await held.ResizeAsync(hello.Columns, hello.Rows, ended);
            }

            var limits = new RelayLimits(options.Value.HandshakeTime, options.Value.IdleTime, RelayLimits.RdpDrain);
            var side = CloseCodes.BrowserSide(browser, held.Shown(stream), held);
            var end = await new ByteRelay(side, console.Side, held.Counters, limits, clock).RunAsync(null, ended);
            return CloseCodes.Meant(console.Meant(end), socket);
        }
    }

    private readonly record struct Page(WebSocket Socket, Socket? Carrier);

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
}
