using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Tsgu;

/// <summary>How a client can prove who it is inside the transport (HTTP_EXTENDED_AUTH, [MS-TSGU] 2.2.5.3.2).</summary>
[Flags]
public enum TsguAuthentication : ushort
{
    /// <summary>What HTTP did before suffices.</summary>
    None = 0,

    /// <summary>A smart card.</summary>
    SmartCard = 1,

    /// <summary>A cookie from a pluggable authentication (PAA): here, a one-time token.</summary>
    Cookie = 2,

    /// <summary>NTLM or Kerberos in extended messages.</summary>
    Negotiate = 4,
}

/// <summary>HTTP_HANDSHAKE_REQUEST_PACKET ([MS-TSGU] 2.2.10.10).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguHandshakeRequest(byte Major, byte Minor, TsguAuthentication Authentication)
{
    /// <summary>Reads the body; what a later version adds behind it is left alone.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguHandshakeRequest request)
    {
        var fields = new TsguBody(body);
        var read = fields.TryByte(out var major) & fields.TryByte(out var minor) & fields.TryUInt16(out _) & fields.TryUInt16(out var offered);
        request = read ? new TsguHandshakeRequest(major, minor, (TsguAuthentication)offered) : default;
        return read;
    }

    /// <summary>The whole packet.</summary>
    public byte[] Write() =>
        new TsguPacketWriter(TsguPacketType.HandshakeRequest).Byte(Major).Byte(Minor).UInt16(0).UInt16((ushort)Authentication).ToPacket();
}

/// <summary>HTTP_HANDSHAKE_RESPONSE_PACKET ([MS-TSGU] 2.2.10.11).</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TsguHandshakeResponse(TsguCode Code, byte Major, byte Minor, TsguAuthentication Authentication)
{
    /// <summary>Reads the body.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out TsguHandshakeResponse response)
    {
        var fields = new TsguBody(body);
        var read = fields.TryUInt32(out var code) & fields.TryByte(out var major) & fields.TryByte(out var minor)
            & fields.TryUInt16(out _) & fields.TryUInt16(out var offered);
        response = read ? new TsguHandshakeResponse((TsguCode)code, major, minor, (TsguAuthentication)offered) : default;
        return read;
    }

    /// <summary>The whole packet.</summary>
    public byte[] Write() =>
        new TsguPacketWriter(TsguPacketType.HandshakeResponse)
            .UInt32((uint)Code).Byte(Major).Byte(Minor).UInt16(0).UInt16((ushort)Authentication).ToPacket();
}
