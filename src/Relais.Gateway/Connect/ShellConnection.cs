using System.Buffers;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Browser;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Ssh;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Connect;

/// <summary>One SSH client of a person's own, whose bytes go to a host as they are: its keys and its trust in the host are its own.</summary>
internal sealed class ShellConnection(
    SessionDoor door, RedeemGrant redeem, LiveSessions live, CloseConnection close, IOptions<GatewayOptions> options, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<ShellConnection> log)
{
    public void Refused(HttpContext context, string why) => GatewayLog.Refused(log, Actor.Of(context).Address, why);

    /// <summary>Null when the person has as many sessions open as one may have.</summary>
    public async Task<Session?> OpenAsync(PersonId person, SignInId signIn, SessionTarget target, Actor actor, CancellationToken cancel)
    {
        var asked = new GrantRequest(person, signIn, target, ClipboardPolicy.Both, 0, TakeOver: true, Resume: null);
        if (await door.GrantAsync(asked, actor, cancel) is not GrantResult.Granted { Grant: { } grant })
            return null;
        var redemption = await redeem.HandleAsync(grant.Token, TargetProtocol.Ssh, person, signIn, actor, cancel);
        return (redemption as Redemption.Accepted)?.Session;
    }

    public async Task RunAsync(WebSocket socket, Session session, CancellationToken stop)
    {
        var counters = new RelayCounters();
        using var held = new LiveSession(session, counters);
        live.Add(held);
        try
        {
            GatewayLog.Connected(log, session.Id, session.ClientAddress);
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(held.Stopped, lifetime.ApplicationStopping, stop);
            var end = await RelayAsync(socket, session, held, ended.Token);
            GatewayLog.Ended(log, session.Id, end.ToString(), counters.FromBrowser, counters.ToBrowser);
            // Nobody takes an SSH connection up again: a new one is a new session.
            await close.HandleAsync(session.Id, held, end is RelayEnd.Idle ? end : RelayEnd.BrowserLeft, CancellationToken.None);
        }
        finally
        {
            live.Remove(held);
        }
    }

    private async Task<RelayEnd> RelayAsync(WebSocket socket, Session session, LiveSession held, CancellationToken ended)
    {
        await using var client = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
        using var target = new Socket(session.EndPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var side = CloseCodes.BrowserSide(socket, client, held, cancel => close.AskedAsync(session.Id, cancel));
        if (!await StartAsync(client, target, session, held.Counters, ended))
        {
            using var farewell = new CancellationTokenSource(options.Value.HandshakeTime, clock);
            await FinishAsync(side, farewell.Token);
            return RelayEnd.TargetLost;
        }

        // SSH closes a direction when it has no more to say, and goes on listening for as long as it takes.
        var limits = new RelayLimits(options.Value.HandshakeTime, options.Value.IdleTime, Timeout.InfiniteTimeSpan);
        return await new ByteRelay(side, RelaySide.Of(target), held.Counters, limits, clock).RunAsync(null, ended);
    }

    // Only what begins as SSH is let through, so that a pass is no way to other services of a host.
    private async Task<bool> StartAsync(Stream client, Socket target, Session session, RelayCounters counters, CancellationToken ended)
    {
        using var limit = new CancellationTokenSource(options.Value.HandshakeTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, ended);
        var buffer = new byte[16 * 1024];
        var filled = 0;
        try
        {
            await target.ConnectAsync(session.EndPoint, either.Token);
            while (filled < SshIdentification.Limit)
            {
                var read = await client.ReadAsync(buffer.AsMemory(filled), either.Token);
                if (read == 0)
                    return false;
                filled += read;
                var first = new ReadOnlySequence<byte>(buffer, 0, filled);
                var result = SshIdentification.TryRead(ref first, out _);
                if (result == ReadResult.NeedMore)
                    continue;
                if (result == ReadResult.Malformed)
                    break;
                counters.AddFromBrowser(filled);
                await target.SendAsync(buffer.AsMemory(0, filled), either.Token);
                return true;
            }

            GatewayLog.TargetFailed(log, session.Id, "the client does not begin as SSH");
            return false;
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            GatewayLog.TargetFailed(log, session.Id, e.Message);
            return false;
        }
    }

    private static async Task FinishAsync(RelaySide side, CancellationToken limit)
    {
        try
        {
            await side.Finish(RelayEnd.TargetLost, limit);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // It left before it could be told.
        }
    }
}
