using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Tsgu;

/// <summary>What a tunnel can do (HTTP_CAPABILITY_TYPE, [MS-TSGU] 2.2.5.3.9).</summary>
[Flags]
public enum TsguCapabilities : uint
{
    /// <summary>Nothing beyond carrying bytes.</summary>
    None = 0,

    /// <summary>Statements of health.</summary>
    Quarantine = 0x1,

    /// <summary>The gateway may end what is idle.</summary>
    IdleTimeout = 0x2,

    /// <summary>The person is shown terms to agree to.</summary>
    Consent = 0x4,

    /// <summary>The person is shown words of an administrator.</summary>
    ServiceMessages = 0x8,

    /// <summary>The client can prove itself anew within the tunnel.</summary>
    Reauthentication = 0x10,

    /// <summary>A UDP side transport.</summary>
    Udp = 0x20,
}

/// <summary>HTTP_TUNNEL_PACKET ([MS-TSGU] 2.2.10.18): asks for a tunnel.</summary>
/// <param name="Capabilities">What the client can do.</param>
/// <param name="Reauthenticates">It names an earlier tunnel that it proves itself anew for.</param>
/// <param name="Cookie">The secret; null if the packet holds none.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguTunnelCreate(TsguCapabilities Capabilities, bool Reauthenticates, string? Cookie)
{
    private const ushort HasCookie = 1;
    private const ushort HasReauthentication = 2;
    private const int ContextLength = sizeof(ulong);

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguTunnelCreate packet)
    {
        packet = default;
        var fields = new TsguBody(body);
        if (!fields.TryUInt32(out var capabilities) || !fields.TryUInt16(out var present) || !fields.TryUInt16(out _))
            return false;
        var again = (present & HasReauthentication) != 0;
        if (again && !fields.TrySkip(ContextLength))
            return false;
        string? cookie = null;
        if ((present & HasCookie) != 0 && !fields.TryText(out cookie))
            return false;
        packet = new TsguTunnelCreate((TsguCapabilities)capabilities, again, cookie);
        return true;
    }

    /// <summary>The whole packet, without <see cref="Reauthenticates"/>.</summary>
    public byte[] Write()
    {
        var packet = new TsguPacketWriter(TsguPacketType.TunnelCreate)
            .UInt32((uint)Capabilities).UInt16(Cookie is null ? (ushort)0 : HasCookie).UInt16(0);
        return (Cookie is null ? packet : packet.Text(Cookie)).ToPacket();
    }

    /// <summary>Names the kind only: the cookie is a secret.</summary>
    public override string ToString() => nameof(TsguTunnelCreate);
}

/// <summary>HTTP_TUNNEL_RESPONSE ([MS-TSGU] 2.2.10.20), with the tunnel's number and capabilities when there is one.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguTunnelResponse(TsguCode Code, uint Tunnel = 0, TsguCapabilities Capabilities = TsguCapabilities.None)
{
    private const ushort HasTunnel = 1;
    private const ushort HasCapabilities = 2;

    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguTunnelResponse response)
    {
        response = default;
        var fields = new TsguBody(body);
        if (!fields.TryUInt16(out _) || !fields.TryUInt32(out var code) || !fields.TryUInt16(out var present) || !fields.TryUInt16(out _))
            return false;
        uint tunnel = 0, capabilities = 0;
        if (((present & HasTunnel) != 0 && !fields.TryUInt32(out tunnel)) || ((present & HasCapabilities) != 0 && !fields.TryUInt32(out capabilities)))
            return false;
        response = new TsguTunnelResponse((TsguCode)code, tunnel, (TsguCapabilities)capabilities);
        return true;
    }

    /// <summary>The whole packet; a refusal is its code alone.</summary>
    public byte[] Write()
    {
        var packet = new TsguPacketWriter(TsguPacketType.TunnelResponse).UInt16(0).UInt32((uint)Code);
        return Code == TsguCode.Ok
            ? packet.UInt16(HasTunnel | HasCapabilities).UInt16(0).UInt32(Tunnel).UInt32((uint)Capabilities).ToPacket()
            : packet.UInt16(0).UInt16(0).ToPacket();
    }
}
