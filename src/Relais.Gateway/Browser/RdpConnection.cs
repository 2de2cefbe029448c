using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Browser;

/// <summary>One browser connection from its first message to its end.</summary>
internal sealed class RdpConnection(
    RedeemGrant redeem, LiveSessions live, CloseConnection close, IOptions<GatewayOptions> options, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<RdpConnection> log) : IBrowserConnection
{
    private static readonly TimeSpan FarewellTime = TimeSpan.FromSeconds(2);

    public async Task RunAsync(WebSocket socket, HttpContext context)
    {
        var actor = Actor.Of(context);
        var stop = context.RequestAborted;
        await using var browser = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);

        var reception = await CleanPathRequest.ReceiveAsync(browser, options.Value.HandshakeTime, clock, stop);
        if (reception is not Reception.Received { Request: { } request })
        {
            var why = ((Reception.Refused)reception).Why;
            GatewayLog.Refused(log, actor.Address, why.ToString());
            await RdCleanPathHandshake.RefuseAsync(browser, why, clock, stop);
            return;
        }

        var redemption = await redeem.HandleAsync(request.Token, TargetProtocol.Rdp, context.User.PersonId(), context.User.SignInId(), actor, stop);
        if (redemption is not Redemption.Accepted accepted)
        {
            GatewayLog.Refused(log, actor.Address, ((Redemption.Refused)redemption).Why.ToString());
            await RdCleanPathHandshake.RefuseAsync(browser, HandshakeFailure.AccessRefused, clock, stop);
            return;
        }

        await ServeAsync(socket, browser, request, accepted, stop);
    }

    private async Task ServeAsync(WebSocket socket, Stream browser, CleanPathRequest request, Redemption.Accepted accepted, CancellationToken stop)
    {
        var session = accepted.Session;
        var counters = new RelayCounters();
        using var held = new LiveSession(session, counters);
        live.Add(held);
        try
        {
            GatewayLog.Connected(log, session.Id, session.ClientAddress);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(held.Stopped, lifetime.ApplicationStopping, stop);
            var account = RdpCredentials.Of(session.UserName, accepted.Password);
            var target = new RdpTarget(session.EndPoint, session.CertificateSha256, SignIn: session.Security == RdpSecurity.Nla ? account : null);
            var handshake = await RdCleanPathHandshake.ConnectAsync(browser, request, target, options.Value.HandshakeTime, clock, ended.Token);
            if (handshake is Handshake.Connected { Target: { } connected })
            {
                await using (connected)
                {
                    var end = await RelayAsync(socket, browser, connected, session, account, counters, held, ended.Token);
                    GatewayLog.Ended(log, session.Id, end.ToString(), counters.FromBrowser, counters.ToBrowser);
                    await close.HandleAsync(session.Id, held, end, CancellationToken.None);
                }
            }
            else
            {
                var why = ((Handshake.Failed)handshake).Why;
                GatewayLog.TargetFailed(log, session.Id, why.ToString());
                // A desktop that is being rebuilt has another certificate at the next try; a workstation's must be looked at first.
                if (session.Security == RdpSecurity.Nla)
                    await CloseAsync(socket, why, stop);
                await close.HandleAsync(session.Id, held, RelayEnd.TargetLost, CancellationToken.None);
            }
        }
        finally
        {
            live.Remove(held);
        }
    }

    private async Task<RelayEnd> RelayAsync(
        WebSocket socket, Stream browser, TargetConnection connected, Session session, RdpCredentials account, RelayCounters counters, LiveSession held,
        CancellationToken ended)
    {
        var plan = new RdpConnectPlan(
            session.Clipboard == ClipboardPolicy.Both ? ChannelPolicy.WithClipboard : ChannelPolicy.DisplayOnly,
            account,
            (uint)session.KeyboardLayout,
            Selected: connected.SignedIn);
        var limits = new RelayLimits(options.Value.HandshakeTime, options.Value.IdleTime, RelayLimits.RdpDrain);
        var relay = new ByteRelay(CloseCodes.BrowserSide(socket, browser, held, cancel => close.AskedAsync(session.Id, cancel)), connected.Side, counters, limits, clock);
        return CloseCodes.Meant(await relay.RunAsync(new RdpStartUp(plan), ended), socket);
    }

    private async Task CloseAsync(WebSocket socket, HandshakeFailure why, CancellationToken cancel)
    {
        if (CloseCodes.Of(why) is not { } code || socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
            return;
        using var limit = new CancellationTokenSource(FarewellTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await socket.CloseOutputAsync(code, "", either.Token);
            // A socket that is dropped at once takes the code with it: the page answers first.
            var nothing = new byte[256];
            while (socket.State == WebSocketState.CloseSent && (await socket.ReceiveAsync(nothing, either.Token)).MessageType != WebSocketMessageType.Close)
            {
                // What it sent before it knew.
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // It left before it could be told, or does not answer.
        }
    }
}
