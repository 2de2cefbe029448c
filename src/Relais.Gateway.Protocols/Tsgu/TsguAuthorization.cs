using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Tsgu;

/// <summary>What the client is asked not to redirect (HTTP_TUNNEL_REDIR, [MS-TSGU] 2.2.5.3.7). A client that was changed may do otherwise.</summary>
[Flags]
public enum TsguRedirection : uint
{
    /// <summary>Nothing is asked.</summary>
    None = 0,

    /// <summary>No drives.</summary>
    NoDrives = 0x1,

    /// <summary>No printers.</summary>
    NoPrinters = 0x2,

    /// <summary>No ports.</summary>
    NoPorts = 0x4,

    /// <summary>No clipboard.</summary>
    NoClipboard = 0x8,

    /// <summary>No plug and play devices.</summary>
    NoDevices = 0x10,
}

/// <summary>HTTP_TUNNEL_AUTH_PACKET ([MS-TSGU] 2.2.10.14): the name of the client's device. A statement of health behind it is not read.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguTunnelAuthorize(string ClientName)
{
    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguTunnelAuthorize packet)
    {
        var fields = new TsguBody(body);
        var name = "";
        var read = fields.TryUInt16(out _) && fields.TryText(out name);
        packet = new TsguTunnelAuthorize(name);
        return read;
    }

    /// <summary>The whole packet.</summary>
    public byte[] Write() => new TsguPacketWriter(TsguPacketType.TunnelAuthorize).UInt16(0).Text(ClientName).ToPacket();
}

/// <summary>HTTP_TUNNEL_AUTH_RESPONSE ([MS-TSGU] 2.2.10.15).</summary>
/// <param name="Code">Whether the device may go on.</param>
/// <param name="Redirection">What it is asked.</param>
/// <param name="IdleMinutes">After how long without input the gateway ends the tunnel.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguTunnelAuthorizeResponse(TsguCode Code, TsguRedirection Redirection = TsguRedirection.None, uint IdleMinutes = 0)
{
    private const ushort HasRedirection = 1;
    private const ushort HasIdleTime = 2;

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguTunnelAuthorizeResponse response)
    {
        response = default;
        var fields = new TsguBody(body);
        if (!fields.TryUInt32(out var code) || !fields.TryUInt16(out var present) || !fields.TryUInt16(out _))
            return false;
        uint redirection = 0, idle = 0;
        if (((present & HasRedirection) != 0 && !fields.TryUInt32(out redirection)) || ((present & HasIdleTime) != 0 && !fields.TryUInt32(out idle)))
            return false;
        response = new TsguTunnelAuthorizeResponse((TsguCode)code, (TsguRedirection)redirection, idle);
        return true;
    }

    /// <summary>The whole packet; a refusal is its code alone.</summary>
    public byte[] Write()
    {
        var packet = new TsguPacketWriter(TsguPacketType.TunnelAuthorizeResponse).UInt32((uint)Code);
        return Code == TsguCode.Ok
            ? packet.UInt16(HasRedirection | HasIdleTime).UInt16(0).UInt32((uint)Redirection).UInt32(IdleMinutes).ToPacket()
            : packet.UInt16(0).UInt16(0).ToPacket();
    }
}
