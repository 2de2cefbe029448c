using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Contracts;

/// <summary>What a target showed when it was knocked at.</summary>
/// <param name="Answers">Whether it took the connection and, over RDP, secured it.</param>
/// <param name="CertificateSha256">What it proved to hold the key of; null where the protocol has nothing of the kind, or nothing was proved.</param>
/// <param name="WantsSignIn">Whether it chose network level authentication.</param>
public sealed record TargetSight(bool Answers, byte[]? CertificateSha256 = null, bool WantsSignIn = false)
{
    public static readonly TargetSight Silent = new(Answers: false);
}

/// <summary>Knocks at targets as a session would, without signing in.</summary>
public sealed class TargetProbe
{
    private readonly TimeProvider _clock;

    internal TargetProbe(TimeProvider clock) => _clock = clock;

    /// <summary>Connects to exactly this address. Never throws for what the target does.</summary>
    public async Task<TargetSight> LookAsync(IPEndPoint address, TargetProtocol protocol, TimeSpan time, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(time, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return protocol switch
            {
                TargetProtocol.Rdp => await NegotiateAsync(address, either.Token),
                TargetProtocol.Ssh => await HostKeys.ReadAsync(address, time, either.Token) is { } key ? new TargetSight(Answers: true, key) : TargetSight.Silent,
                TargetProtocol.Vnc => await ConnectAsync(address, either.Token),
            };
        }
        catch (Exception e) when (ConnectionLoss.Explains(e) || e is AuthenticationException)
        {
            cancel.ThrowIfCancellationRequested();
            return TargetSight.Silent;
        }
    }

    private static async Task<TargetSight> NegotiateAsync(IPEndPoint address, CancellationToken cancel)
    {
        var offer = new X224Request(SecurityProtocols.Tls | SecurityProtocols.Hybrid | SecurityProtocols.HybridEx, 0, 0);
        var dial = new TargetDial(new RdpTarget(address, CertificateSha256: null), offer);
        if (await dial.ConnectAsync(cancel) is not { } connection)
            return TargetSight.Silent;
        await using (connection)
        {
            var signIn = X224Confirm.TryRead(connection.Confirm.Span, out var confirm) && confirm.Selected != SecurityProtocols.Tls;
            return new TargetSight(Answers: true, connection.CertificateSha256, signIn);
        }
    }

    private static async Task<TargetSight> ConnectAsync(IPEndPoint address, CancellationToken cancel)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(address, cancel);
        return new TargetSight(Answers: true);
    }
}
