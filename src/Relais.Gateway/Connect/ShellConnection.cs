using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Gateway.Browser;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols;
using Relais.Gateway.Protocols.Ssh;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Gateway.Sites;
using Relais.Kernel.Audit;

namespace Relais.Gateway.Connect;

/// <summary>One SSH client of a person's own, whose bytes go to a host as they are: its keys and its trust in the host are its own.</summary>
internal sealed class ShellConnection(
    SessionDoor door, RedeemGrant redeem, HoldSession hold, DialTarget dial, AccessConditions conditions, IOptions<GatewayOptions> options, TimeProvider clock,
    ILogger<ShellConnection> log)
{
    public void Refused(HttpContext context, string why) => GatewayLog.Refused(log, Actor.Of(context).Address, why);

    /// <summary>A session, or the status that says why there is none.</summary>
    public async Task<(Session? Session, HttpStatusCode Refusal)> OpenAsync(
        PersonId person, SignInId signIn, SessionTarget target, Actor actor, CancellationToken cancel)
    {
        // The program at the other end is the person's own.
        var opening = new AccessAsked(
            person, signIn, AccessTarget.Workstation | AccessTarget.NativeClient, IPAddress.TryParse(actor.Address, out var from) ? from : null);
        if (await conditions.AskAsync(opening, actor, cancel) is not AccessAnswer.Allowed)
            return (null, HttpStatusCode.Forbidden);

        var asked = new GrantRequest(person, signIn, target, ClipboardPolicy.Both, 0, TakeOver: true, Resume: null);
        switch (await door.GrantAsync(asked, actor, cancel))
        {
            case GrantResult.Granted { Grant: { } grant }:
                var redemption = await redeem.HandleAsync(grant.Token, TargetProtocol.Ssh, person, signIn, actor, cancel);
                return ((redemption as Redemption.Accepted)?.Session, HttpStatusCode.TooManyRequests);
            case GrantResult.Full:
                return (null, HttpStatusCode.ServiceUnavailable);
            case GrantResult.NotRecordable:
                return (null, HttpStatusCode.Forbidden);
            default:
                return (null, HttpStatusCode.TooManyRequests);
        }
    }

    /// <summary>Fires when host and client together have taken too long to begin.</summary>
    public CancellationTokenSource StartLimit() => new(options.Value.HandshakeTime, clock);

    public Task RunAsync(WebSocket socket, Session session, CancellationToken late, CancellationToken stop) =>
        hold.RunAsync(session, (held, ended) => ServeAsync(socket, session, held, late, ended), stop);

    // Nobody takes an SSH connection up again: a new one is a new session.
    private async Task<RelayEnd> ServeAsync(WebSocket socket, Session session, LiveSession held, CancellationToken late, CancellationToken ended) =>
        await RelayAsync(socket, session, held, late, ended) is RelayEnd.Idle ? RelayEnd.Idle : RelayEnd.BrowserLeft;

    private async Task<RelayEnd> RelayAsync(WebSocket socket, Session session, LiveSession held, CancellationToken late, CancellationToken ended)
    {
        await using var client = new PageSocket(socket);
        var (target, fault) = await StartAsync(client, session, held.Counters, late, ended);
        if (target is null)
        {
            var code = held.Reason is null && fault is not null ? CloseCodes.SiteAway : CloseCodes.Of(held.Reason, RelayEnd.TargetLost);
            await CloseCodes.CloseAsync(socket, code, clock, CancellationToken.None);
            return RelayEnd.TargetLost;
        }

        await using var reached = target;

        // SSH closes a direction when it has no more to say, and goes on listening for as long as it takes.
        var limits = new RelayLimits(options.Value.HandshakeTime, options.Value.IdleTime, Timeout.InfiniteTimeSpan);
        return await new ByteRelay(CloseCodes.BrowserSide(client, client, held), target.Side, held.Counters, limits, clock).RunAsync(null, ended);
    }

    // Only what begins as SSH is let through, so that a pass is no way to other services of a host.
    private async Task<(TargetLink? Target, SiteFault? Fault)> StartAsync(
        Stream client, Session session, RelayCounters counters, CancellationToken late, CancellationToken ended)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late, ended);
        var buffer = new byte[16 * 1024];
        var filled = 0;
        TargetLink? target = null;
        try
        {
            target = await dial.Through(session.Site)(session.EndPoint, either.Token);
            while (filled < SshIdentification.Limit)
            {
                var read = await client.ReadAsync(buffer.AsMemory(filled), either.Token);
                if (read == 0)
                    return default;
                filled += read;
                var first = new ReadOnlySequence<byte>(buffer, 0, filled);
                var result = SshIdentification.TryRead(ref first, out _);
                if (result == ReadResult.NeedMore)
                    continue;
                if (result == ReadResult.Malformed)
                    break;
                counters.AddFromBrowser(filled);
                await target.Stream.WriteAsync(buffer.AsMemory(0, filled), either.Token);
                var started = target;
                target = null;
                return (started, null);
            }

            GatewayLog.TargetFailed(log, session.Id, "the client does not begin as SSH");
            return default;
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            GatewayLog.TargetFailed(log, session.Id, e.Message);
            return (null, (e as SiteException)?.Fault);
        }
        finally
        {
            if (target is not null)
                await target.DisposeAsync();
        }
    }
}
