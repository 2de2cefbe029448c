using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>A TPKT frame that carries X.224 data, and in it an MCS PDU (ITU-T T.125).</summary>
internal static class McsFrame
{
    /// <summary>TPKT and X.224 data headers.</summary>
    public const int HeaderLength = Tpkt.HeaderLength + 3;

    public const byte ErectDomainRequest = 1 << 2;
    public const byte DisconnectProviderUltimatum = 8 << 2;
    public const byte AttachUserRequest = 10 << 2;
    public const byte ChannelJoinRequest = 14 << 2;
    public const byte SendDataRequest = 25 << 2;
    public const byte SendDataIndication = 26 << 2;
    public const byte AttachUserConfirm = 11 << 2;

    /// <summary>Gives the MCS PDU of a whole frame.</summary>
    public static bool TryReadData(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> pdu)
    {
        pdu = default;
        // X.224, 13.7: length indicator 2, DT TPDU, end of TSDU.
        if (frame.Length <= HeaderLength || frame[0] != Tpkt.Version || BinaryPrimitives.ReadUInt16BigEndian(frame[2..]) != frame.Length
            || !frame[Tpkt.HeaderLength..].StartsWith<byte>([0x02, 0xF0, 0x80]))
        {
            return false;
        }

        pdu = frame[HeaderLength..];
        return true;
    }

    /// <summary>Gives what a frame sends in a channel: initiator, channel and priority precede it, and its length.</summary>
    public static bool TryReadSent(ReadOnlySpan<byte> frame, byte choice, out ushort channel, out ReadOnlySpan<byte> content)
    {
        channel = 0;
        content = default;
        if (!TryReadData(frame, out var pdu) || Choice(pdu) != choice || pdu.Length < 7)
            return false;
        channel = BinaryPrimitives.ReadUInt16BigEndian(pdu[3..]);
        content = pdu[6..];
        return Per.TryReadLength(ref content, out var length) && length <= content.Length;
    }

    /// <summary>The choice of a domain PDU: the upper six bits of its first byte.</summary>
    public static byte Choice(ReadOnlySpan<byte> pdu) => (byte)(pdu[0] & 0xFC);
}
