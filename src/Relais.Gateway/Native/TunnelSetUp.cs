using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Tsgu;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Native;

/// <summary>The packets from a native client's first byte to its wish for a target ([MS-TSGU] 3.3.5). Each refusal is told to the client.</summary>
internal sealed class TunnelSetUp(TsguPipe pipe, RedeemGrant redeem)
{
    private const TsguCapabilities Offered = TsguCapabilities.IdleTimeout;

    /// <summary>What was wrong, when a step gave null or false.</summary>
    public string Why { get; private set; } = "";

    /// <summary>Whether the token was what was wrong.</summary>
    public bool TokenRefused { get; private set; }

    /// <summary>Handshake and tunnel: the token is redeemed here.</summary>
    public async Task<Redemption.Accepted?> AdmitAsync(string? address, CancellationToken cancel)
    {
        var (type, body) = await pipe.ReadPacketAsync(cancel);
        if (type != TsguPacketType.HandshakeRequest || !TsguHandshakeRequest.TryRead(body, out var handshake))
            return Refuse($"no handshake but {type}");
        if (!handshake.Authentication.HasFlag(TsguAuthentication.Cookie))
        {
            await pipe.WritePacketAsync(new TsguHandshakeResponse(TsguCode.UnsupportedAuthentication, 1, 0, TsguAuthentication.Cookie).Write(), cancel);
            return Refuse("the client offers no cookie");
        }

        await pipe.WritePacketAsync(new TsguHandshakeResponse(TsguCode.Ok, 1, 0, TsguAuthentication.Cookie).Write(), cancel);
        (type, body) = await pipe.ReadPacketAsync(cancel);
        if (type != TsguPacketType.TunnelCreate || !TsguTunnelCreate.TryRead(body, out var create))
            return Refuse($"no tunnel but {type}");
        if (create.Cookie is not { Length: > 0 } cookie)
        {
            await pipe.WritePacketAsync(new TsguTunnelResponse(TsguCode.CookieMalformed).Write(), cancel);
            return Refuse("no cookie");
        }

        var redemption = await redeem.HandleNativeAsync(cookie, address, cancel);
        if (redemption is not Redemption.Accepted accepted)
        {
            TokenRefused = true;
            await pipe.WritePacketAsync(new TsguTunnelResponse(TsguCode.CookieDenied).Write(), cancel);
            return Refuse(((Redemption.Refused)redemption).Why.ToString());
        }

        await pipe.WritePacketAsync(new TsguTunnelResponse(TsguCode.Ok, Tunnel: 1, create.Capabilities & Offered).Write(), cancel);
        return accepted;
    }

    /// <summary>The device, which must be the same each time that a token takes its session up again.</summary>
    public async Task<bool> AuthorizeAsync(Redemption.Accepted accepted, TimeSpan idle, CancellationToken cancel)
    {
        var (type, body) = await pipe.ReadPacketAsync(cancel);
        if (type != TsguPacketType.TunnelAuthorize || !TsguTunnelAuthorize.TryRead(body, out var device))
            return Refuse($"no device but {type}") is not null;
        if (!await redeem.IsSameDeviceAsync(accepted.Grant, device.ClientName, cancel))
        {
            await pipe.WritePacketAsync(new TsguTunnelAuthorizeResponse(TsguCode.AccessDenied).Write(), cancel);
            return Refuse("another device") is not null;
        }

        // Where the gateway sees the channels it enforces this; where it does not, asking the client is all that can be done.
        var redirection = TsguRedirection.NoDrives | TsguRedirection.NoPrinters | TsguRedirection.NoPorts | TsguRedirection.NoDevices
            | (accepted.Session.Clipboard == ClipboardPolicy.None ? TsguRedirection.NoClipboard : TsguRedirection.None);
        await pipe.WritePacketAsync(new TsguTunnelAuthorizeResponse(TsguCode.Ok, redirection, (uint)Math.Ceiling(idle.TotalMinutes)).Write(), cancel);
        return true;
    }

    /// <summary>
    /// The target that the client names. The name is never dialled: where to is in the session's row. But a client that names something
    /// else means something else, and is refused.
    /// </summary>
    public async Task<bool> NameTargetAsync(Session session, IReadOnlyList<string> own, CancellationToken cancel)
    {
        var (type, body) = await pipe.ReadPacketAsync(cancel);
        if (type != TsguPacketType.ChannelCreate || !TsguChannelCreate.TryRead(body, out var channel) || channel is null)
            return Refuse($"no channel but {type}") is not null;
        if (channel.Names.All(name => Names(session, own).Contains(name, StringComparer.OrdinalIgnoreCase)))
            return true;
        await pipe.WritePacketAsync(new TsguChannelResponse(TsguCode.TargetDenied).Write(), cancel);
        return Refuse("another target") is not null;
    }

    // The server's own names, which the files that we give say; what people call the target; and its kind, to type by hand.
    private static IEnumerable<string> Names(Session session, IReadOnlyList<string> own) => [session.TargetKind, session.TargetName, .. own];

    private Redemption.Accepted? Refuse(string why)
    {
        Why = why;
        return null;
    }
}
