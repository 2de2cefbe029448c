using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Gateway.Sites;
using Relais.Gateway.Watching;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Browser;

/// <summary>One browser connection from its first message to its end.</summary>
internal sealed class RdpConnection(
    RedeemGrant redeem, HoldSession hold, DialTarget dial, IOptions<GatewayOptions> options, TimeProvider clock, ILogger<RdpConnection> log) : IBrowserConnection
{
    public async Task RunAsync(WebSocket socket, HttpContext context, CancellationToken late)
    {
        var actor = Actor.Of(context);
        var stop = context.RequestAborted;
        await using var browser = new PageSocket(socket, InlineSockets.Of(context));

        var reception = await CleanPathRequest.ReceiveAsync(browser, late, stop);
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

        await hold.RunAsync(accepted.Session, (held, ended) => ServeAsync(socket, browser, request, accepted, held, ended), stop);
    }

    private async Task<RelayEnd> ServeAsync(
        WebSocket socket, PageSocket browser, CleanPathRequest request, Redemption.Accepted accepted, LiveSession held, CancellationToken ended)
    {
        var session = accepted.Session;
        browser.TellOf(held);
        // The answer too: with it begins what a replay shows.
        held.Watchers.Screen = new RdpScreen();
        var client = new WatchedStream(held.Shown(browser), held.Watchers);
        var account = RdpCredentials.Of(session.UserName, accepted.Password);
        var target = new RdpTarget(session.EndPoint, session.CertificateSha256, SignIn: session.Security == RdpSecurity.Nla ? account : null)
        {
            Reach = dial.Through(session.Site),
        };
        var handshake = await RdCleanPathHandshake.ConnectAsync(client, request, target, options.Value.HandshakeTime, clock, ended);
        if (handshake is Handshake.Failed { Why: var why })
        {
            GatewayLog.TargetFailed(log, session.Id, why.ToString());
            if (held.Reason is { } reason)
                await CloseCodes.CloseAsync(socket, CloseCodes.Of(reason, RelayEnd.Stopped), clock, CancellationToken.None);
            // A desktop that is being rebuilt has another certificate at the next try; a workstation's must be looked at first.
            if (session.Security == RdpSecurity.Nla && CloseCodes.Of(why) is { } code)
            {
                await CloseCodes.CloseAsync(socket, code, clock, ended);
                return RelayEnd.TargetRefused;
            }

            return RelayEnd.TargetLost;
        }

        await using var connected = ((Handshake.Connected)handshake).Target;
        var plan = new RdpConnectPlan(session.Channels, account, (uint)session.KeyboardLayout, Selected: connected.SignedIn) { Clipboard = session.ClipboardGate };
        var limits = new RelayLimits(options.Value.HandshakeTime, options.Value.IdleTime, RelayLimits.RdpDrain);
        var relay = new ByteRelay(CloseCodes.BrowserSide(browser, client, held), connected.Side, held.Counters, limits, clock);
        return CloseCodes.Meant(await relay.RunAsync(new RdpStartUp(plan), ended), socket);
    }
}
