using System.Security.Authentication;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Tsgu;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;
using Relais.Gateway.Sites;

namespace Relais.Gateway.Native;

/// <summary>One native client's connection, over either transport, from its first packet to its end.</summary>
internal sealed class NativeConnection(
    RedeemGrant redeem, HoldSession hold, DialTarget dial, Lobby lobby, ServerCertificate certificate, IOptions<GatewayOptions> options,
    TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<NativeConnection> log)
{
    /// <param name="visit">Given back as soon as the client is no stranger any more.</param>
    public async Task RunAsync(TsguPipe pipe, string? address, Lobby.Visit visit)
    {
        using var limit = new CancellationTokenSource(options.Value.HandshakeTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, lifetime.ApplicationStopping);
        var setUp = new TunnelSetUp(pipe, redeem);
        try
        {
            if (await setUp.AdmitAsync(address, either.Token) is { } accepted)
            {
                visit.Dispose();
                await hold.RunAsync(
                    accepted.Session, (held, ended) => HoldAsync(pipe, setUp, accepted, held, limit.Token, ended), CancellationToken.None);
                return;
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

    private async Task<RelayEnd> HoldAsync(
        TsguPipe pipe, TunnelSetUp setUp, Redemption.Accepted accepted, LiveSession held, CancellationToken limit, CancellationToken ended)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(limit, ended);
        try
        {
            return await ServeAsync(pipe, setUp, accepted, held, soon.Token, ended);
        }
        catch (Exception e) when (ConnectionLoss.Explains(e) || e is AuthenticationException)
        {
            return ended.IsCancellationRequested ? RelayEnd.Stopped : limit.IsCancellationRequested ? RelayEnd.BrowserTooSlow : RelayEnd.BrowserLost;
        }
    }

    private async Task<RelayEnd> ServeAsync(
        TsguPipe pipe, TunnelSetUp setUp, Redemption.Accepted accepted, LiveSession held, CancellationToken soon, CancellationToken ended)
    {
        var session = accepted.Session;
        if (!await setUp.AuthorizeAsync(accepted, options.Value.IdleTime, soon) || !await setUp.NameTargetAsync(session, certificate.Names, soon))
        {
            GatewayLog.Refused(log, session.ClientAddress, setUp.Why);
            return RelayEnd.BrowserBrokeProtocol;
        }

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
        (SessionEnd.AccessWithdrawn or SessionEnd.EndedByAdministrator or SessionEnd.NotRecorded or SessionEnd.NodeFull, _) => TsguCode.AccessDenied,
        (SessionEnd.Idle or SessionEnd.TimeLimit, _) or (_, RelayEnd.Idle) => TsguCode.SessionTimeout,
        (SessionEnd.Moved, _) or (_, RelayEnd.TargetLeft) => TsguCode.Ok,
        (SessionEnd.TargetGone, _) => TsguCode.ConnectFailed,
        (_, RelayEnd.BrowserBrokeProtocol or RelayEnd.BrowserTooSlow) => TsguCode.InternalError,
        _ => null,
    };
}
