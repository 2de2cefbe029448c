using Relais.Gateway.Contracts;
using Relais.Gateway.Feed;
using Relais.Gateway.Protocols.Tsgu;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Native;

/// <summary>Who came in at a tunnel's beginning.</summary>
internal abstract record Admission
{
    private Admission() { }

    /// <summary>With a token that is good once: its session is there.</summary>
    public sealed record Once(Redemption.Accepted Accepted) : Admission;

    /// <summary>With a file of the feed: its session comes when the client asks for the target.</summary>
    public sealed record Standing(FeedFileShown Shown) : Admission;
}

/// <summary>The packets from a native client's first byte to its wish for a target ([MS-TSGU] 3.3.5). Each refusal is told to the client.</summary>
internal sealed class TunnelSetUp(TsguPipe pipe, RedeemGrant redeem, OpenFeedFile files)
{
    private const TsguCapabilities Offered = TsguCapabilities.IdleTimeout;

    /// <summary>What was wrong, when a step gave null or false.</summary>
    public string Why { get; private set; } = "";

    /// <summary>Whether the token was what was wrong.</summary>
    public bool TokenRefused { get; private set; }

    /// <summary>Handshake and tunnel: the token is looked at here.</summary>
    public async Task<Admission?> AdmitAsync(string? address, CancellationToken cancel)
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

        if (await LookAsync(cookie, address, cancel) is not { } admission)
        {
            TokenRefused = true;
            await pipe.WritePacketAsync(new TsguTunnelResponse(TsguCode.CookieDenied).Write(), cancel);
            return null;
        }

        await pipe.WritePacketAsync(new TsguTunnelResponse(TsguCode.Ok, Tunnel: 1, create.Capabilities & Offered).Write(), cancel);
        return admission;
    }

    private async Task<Admission?> LookAsync(string cookie, string? address, CancellationToken cancel)
    {
        if (FeedToken.IsOne(cookie))
            return await files.ShowAsync(cookie, address, cancel) is { } shown ? new Admission.Standing(shown) : Refuse("file of the feed");
        var redemption = await redeem.HandleNativeAsync(cookie, address, cancel);
        return redemption is Redemption.Accepted accepted ? new Admission.Once(accepted) : Refuse(((Redemption.Refused)redemption).Why.ToString());
    }

    /// <summary>The device, which must be the same each time that a token takes its session up again, or that a file of the feed is opened.</summary>
    public async Task<bool> AuthorizeAsync(Admission admission, TimeSpan idle, CancellationToken cancel)
    {
        var (type, body) = await pipe.ReadPacketAsync(cancel);
        if (type != TsguPacketType.TunnelAuthorize || !TsguTunnelAuthorize.TryRead(body, out var device))
            return Refuse($"no device but {type}") is not null;
        var (same, clipboard) = admission switch
        {
            Admission.Once { Accepted: var accepted } =>
                (await redeem.IsSameDeviceAsync(accepted.Grant, device.ClientName, cancel), Told(accepted.Session.Clipboard, accepted.Session.Readable)),
            Admission.Standing { Shown: var shown } => (await files.IsSameDeviceAsync(shown, device.ClientName, cancel), Told(shown.Resource.Clipboard, shown.Resource.Inspected)),
            _ => throw new InvalidOperationException("Somebody came in otherwise."),
        };
        if (!same)
        {
            await pipe.WritePacketAsync(new TsguTunnelAuthorizeResponse(TsguCode.AccessDenied).Write(), cancel);
            return Refuse("another device") is not null;
        }

        // Where the gateway sees the channels it enforces this; where it does not, asking the client is all that can be done.
        var redirection = TsguRedirection.NoDrives | TsguRedirection.NoPrinters | TsguRedirection.NoPorts | TsguRedirection.NoDevices
            | (clipboard == ClipboardPolicy.None ? TsguRedirection.NoClipboard : TsguRedirection.None);
        await pipe.WritePacketAsync(new TsguTunnelAuthorizeResponse(TsguCode.Ok, redirection, (uint)Math.Ceiling(idle.TotalMinutes)).Write(), cancel);
        return true;
    }

    // One way is held by the gateway alone; a client knows only open and closed.
    private static ClipboardPolicy Told(ClipboardPolicy policy, bool seen) =>
        seen || policy == ClipboardPolicy.Both ? policy : ClipboardPolicy.None;

    /// <summary>
    /// The target that the client names. The name is never dialled: where to is in the session's row. But a client that names something
    /// else means something else, and is refused.
    /// </summary>
    public async Task<bool> NameTargetAsync(string kind, string name, IReadOnlyList<string> own, CancellationToken cancel)
    {
        var (type, body) = await pipe.ReadPacketAsync(cancel);
        if (type != TsguPacketType.ChannelCreate || !TsguChannelCreate.TryRead(body, out var channel) || channel is null)
            return Refuse($"no channel but {type}") is not null;
        // The server's own names, which the files that we give say; what people call the target; and its kind, to type by hand.
        string[] known = [kind, name, .. own];
        if (channel.Names.All(asked => known.Contains(asked, StringComparer.OrdinalIgnoreCase)))
            return true;
        await pipe.WritePacketAsync(new TsguChannelResponse(TsguCode.TargetDenied).Write(), cancel);
        return Refuse("another target") is not null;
    }

    private Admission? Refuse(string why)
    {
        Why = why;
        return null;
    }
}
