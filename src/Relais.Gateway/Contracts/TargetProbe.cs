using System.Net;
using System.Security.Authentication;
using Relais.Gateway.Consoles;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;
using Relais.Gateway.Sites;

namespace Relais.Gateway.Contracts;

/// <summary>What a target showed when it was knocked at.</summary>
/// <param name="Answers">Whether it took the connection and, over RDP, secured it.</param>
/// <param name="CertificateSha256">What it proved to hold the key of; null where the protocol has nothing of the kind, or nothing was proved.</param>
/// <param name="WantsSignIn">Whether it chose network level authentication.</param>
public sealed record TargetSight(bool Answers, byte[]? CertificateSha256 = null, bool WantsSignIn = false)
{
    public static readonly TargetSight Silent = new(Answers: false);

    /// <summary>Why nothing can be said about it: its site's agent did not knock.</summary>
    public SiteFault? Site { get; init; }
}

/// <summary>Knocks at targets as a session would, without signing in.</summary>
public sealed class TargetProbe
{
    private readonly DialTarget _dial;
    private readonly TimeProvider _clock;

    internal TargetProbe(DialTarget dial, TimeProvider clock) => (_dial, _clock) = (dial, clock);

    /// <summary>Connects to exactly this address. Never throws for what the target does.</summary>
    /// <param name="address">Where it is.</param>
    /// <param name="site">The site whose agent knocks; null for this server.</param>
    /// <param name="protocol">What it speaks.</param>
    /// <param name="time">How long it may take.</param>
    /// <param name="cancel">Ends it with an exception.</param>
    public async Task<TargetSight> LookAsync(IPEndPoint address, string? site, TargetProtocol protocol, TimeSpan time, CancellationToken cancel)
    {
        var reach = _dial.Through(site);
        using var limit = new CancellationTokenSource(time, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return protocol switch
            {
                TargetProtocol.Rdp => await NegotiateAsync(address, reach, either.Token),
                TargetProtocol.Ssh => await ReadKeyAsync(address, site is null ? null : reach, time, either.Token) is { } key
                    ? new TargetSight(Answers: true, key)
                    : TargetSight.Silent,
                TargetProtocol.Vnc => await ConnectAsync(address, reach, either.Token),
            };
        }
        catch (SiteException e)
        {
            return TargetSight.Silent with { Site = e.Fault };
        }
        catch (Exception e) when (ConnectionLoss.Explains(e) || e is AuthenticationException)
        {
            cancel.ThrowIfCancellationRequested();
            return TargetSight.Silent;
        }
    }

    private static async Task<TargetSight> NegotiateAsync(IPEndPoint address, ReachTarget reach, CancellationToken cancel)
    {
        var offer = new X224Request(SecurityProtocols.Tls | SecurityProtocols.Hybrid | SecurityProtocols.HybridEx, 0, 0);
        var dial = new TargetDial(new RdpTarget(address, CertificateSha256: null) { Reach = reach }, offer);
        if (await dial.ConnectAsync(cancel) is not { } connection)
            return TargetSight.Silent;
        await using (connection)
        {
            var signIn = X224Confirm.TryRead(connection.Confirm.Span, out var confirm) && confirm.Selected != SecurityProtocols.Tls;
            return new TargetSight(Answers: true, connection.CertificateSha256, signIn);
        }
    }

    private async Task<byte[]?> ReadKeyAsync(IPEndPoint address, ReachTarget? reach, TimeSpan time, CancellationToken cancel)
    {
        if (reach is null)
            return await HostKeys.ReadAsync(address, time, cancel);
        await using var bridge = SshBridge.Over(await reach(address, cancel), _clock);
        return await HostKeys.ReadAsync(address, bridge, time, cancel);
    }

    private static async Task<TargetSight> ConnectAsync(IPEndPoint address, ReachTarget reach, CancellationToken cancel)
    {
        await using var link = await reach(address, cancel);
        return new TargetSight(Answers: true);
    }
}
