using System.Security.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;
using Relais.Gateway.Feed;
using Relais.Gateway.Protocols.Tsgu;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Gateway.Sites;

namespace Relais.Gateway.Native;

/// <summary>One native client's connection, over either transport, from its first packet to its end.</summary>
internal sealed class NativeConnection(
    RedeemGrant redeem, OpenFeedFile files, HoldSession hold, DialTarget dial, Lobby lobby, ServerCertificate certificate, IOptions<GatewayOptions> options,
    TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<NativeConnection> log)
{
    /// <param name="visit">Given back as soon as the client is no stranger any more.</param>
    /// <param name="limit">Ends a client that takes too long for the handshake; begun when its request came.</param>
    public async Task RunAsync(TsguPipe pipe, string? address, Lobby.Visit visit, CancellationTokenSource limit)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lifetime.ApplicationStopping);
        var setUp = new TunnelSetUp(pipe, redeem, files);
        try
        {
            switch (await setUp.AdmitAsync(address, either.Token))
            {
                case Admission.Once { Accepted: var accepted } once:
                    visit.Dispose();
                    await HoldAsync(
                        pipe, accepted, soon => PrepareAsync(setUp, once, accepted.Session.TargetKind, accepted.Session.TargetName, address, soon), limit.Token);
                    return;
                case Admission.Standing standing:
                    visit.Dispose();
                    await OpenAsync(pipe, setUp, standing, limit, either.Token);
                    return;
                default:
                    break;
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            GatewayLog.Refused(log, address, limit.IsCancellationRequested ? "too slow" : "broke off");
            return;
        }

        if (setUp.TokenRefused)
            lobby.Refuse(address);
        GatewayLog.Refused(log, address, setUp.Why);
    }

    // The target may have to start first, so the time for the handshake begins anew around that.
    private async Task OpenAsync(TsguPipe pipe, TunnelSetUp setUp, Admission.Standing standing, CancellationTokenSource limit, CancellationToken cancel)
    {
        var resource = standing.Shown.Resource;
        var address = standing.Shown.Caller.Actor.Address;
        if (!await PrepareAsync(setUp, standing, resource.Kind, resource.Name, address, cancel))
            return;

        limit.CancelAfter(options.Value.FeedOpenTime + options.Value.HandshakeTime);
        var (accepted, why) = await files.OpenAsync(standing.Shown, cancel);
        if (accepted is null)
        {
            GatewayLog.Refused(log, address, why);
            await pipe.WritePacketAsync(new TsguChannelResponse(TsguCode.ConnectFailed).Write(), cancel);
            return;
        }

        limit.CancelAfter(options.Value.HandshakeTime);
        await HoldAsync(pipe, accepted, _ => Task.FromResult(true), limit.Token);
    }

    private async Task<bool> PrepareAsync(TunnelSetUp setUp, Admission admission, string kind, string name, string? address, CancellationToken cancel)
    {
        if (await setUp.AuthorizeAsync(admission, options.Value.IdleTime, cancel) && await setUp.NameTargetAsync(kind, name, certificate.Names, cancel))
            return true;
        GatewayLog.Refused(log, address, setUp.Why);
        return false;
    }

    private Task HoldAsync(TsguPipe pipe, Redemption.Accepted accepted, Func<CancellationToken, Task<bool>> prepare, CancellationToken limit) =>
        hold.RunAsync(accepted.Session, (held, ended) => ServeAsync(pipe, accepted, held, prepare, limit, ended), CancellationToken.None);

    private async Task<RelayEnd> ServeAsync(
        TsguPipe pipe, Redemption.Accepted accepted, LiveSession held, Func<CancellationToken, Task<bool>> prepare, CancellationToken limit, CancellationToken ended)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(limit, ended);
        try
        {
            return await prepare(soon.Token) ? await RelayAsync(pipe, accepted, held, soon.Token, ended) : RelayEnd.BrowserBrokeProtocol;
        }
        catch (Exception e) when (ConnectionLoss.Explains(e) || e is AuthenticationException)
        {
            return ended.IsCancellationRequested ? RelayEnd.Stopped : limit.IsCancellationRequested ? RelayEnd.BrowserTooSlow : RelayEnd.BrowserLost;
        }
    }

    private async Task<RelayEnd> RelayAsync(
        TsguPipe pipe, Redemption.Accepted accepted, LiveSession held, CancellationToken soon, CancellationToken ended)
    {
        var session = accepted.Session;
        await using var target = await NativeTarget.DialAsync(accepted, dial.Through(session.Site), soon);
        if (target.Failure is { } failure)
        {
            GatewayLog.TargetFailed(log, session.Id, failure.ToString());
            await pipe.WritePacketAsync(new TsguChannelResponse(TsguCode.ConnectFailed).Write(), soon);
            return RelayEnd.TargetLost;
        }

        await pipe.WritePacketAsync(new TsguChannelResponse(TsguCode.Ok, Channel: 1).Write(), soon);
        await using var client = await target.MeetAsync(pipe, certificate, soon);
        if (client is null)
            return RelayEnd.BrowserBrokeProtocol;

        var side = new RelaySide(target.Shown(client, held), (end, cancel) => FarewellAsync(pipe, end, held, cancel), HalfCloses: false)
        {
            Socket = pipe.Carrier,
        };
        var limits = new RelayLimits(options.Value.HandshakeTime, options.Value.IdleTime, RelayLimits.RdpDrain);
        return await new ByteRelay(side, target.Side, held.Counters, limits, clock).RunAsync(target.StartUp(accepted), ended);
    }

    // A client that is told of an end does not try again by itself: so it is told of those that are meant, and otherwise just cut.
    private static async ValueTask FarewellAsync(TsguPipe pipe, RelayEnd end, LiveSession held, CancellationToken cancel)
    {
        if (CodeOf(await held.ReasonOfAsync(end, cancel), end) is { } code)
            await pipe.CloseAsync(code, cancel);
    }

    internal static TsguCode? CodeOf(SessionEnd? reason, RelayEnd end) => (reason, end) switch
    {
        (SessionEnd.AccessWithdrawn or SessionEnd.Barred or SessionEnd.EndedByAdministrator or SessionEnd.NotRecorded or SessionEnd.NodeFull, _) => TsguCode.AccessDenied,
        (SessionEnd.Idle or SessionEnd.TimeLimit, _) or (_, RelayEnd.Idle) => TsguCode.SessionTimeout,
        (SessionEnd.Moved or SessionEnd.TakenOver, _) or (_, RelayEnd.TargetLeft) => TsguCode.Ok,
        (SessionEnd.TargetGone, _) => TsguCode.ConnectFailed,
        (_, RelayEnd.BrowserBrokeProtocol or RelayEnd.BrowserTooSlow) => TsguCode.InternalError,
        _ => null,
    };
}
