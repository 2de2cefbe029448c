using System.Buffers.Binary;

namespace Relais.Telephony.Protocols.Rtp;

/// <summary>An RTP packet (RFC 3550, 5.1), as a view of the datagram that it came in.</summary>
public readonly ref struct RtpPacket
{
    /// <summary>The fixed header, in bytes.</summary>
    public const int HeaderLength = 12;

    private const int Version = 2;

    private RtpPacket(bool marker, byte payloadType, ushort sequence, uint timestamp, uint source, ReadOnlySpan<byte> payload)
    {
        Marker = marker;
        PayloadType = payloadType;
        Sequence = sequence;
        Timestamp = timestamp;
        Source = source;
        Payload = payload;
    }

    /// <summary>For audio: the first packet after silence.</summary>
    public bool Marker { get; }

    /// <summary>0 to 127.</summary>
    public byte PayloadType { get; }

    public ushort Sequence { get; }

    /// <summary>In samples, from an arbitrary start.</summary>
    public uint Timestamp { get; }

    /// <summary>The sender's SSRC.</summary>
    public uint Source { get; }

    /// <summary>Without padding.</summary>
    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>Whether a datagram is RTP and no RTCP, which may share its port (RFC 5761, 4).</summary>
    public static bool LooksLike(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= HeaderLength && datagram[0] >> 6 == Version && (datagram[1] & 0x7F) is < 64 or > 95;

    /// <summary>Reads a datagram; false when it is no RTP.</summary>
    public static bool TryRead(ReadOnlySpan<byte> datagram, out RtpPacket packet)
    {
        packet = default;
        if (datagram.Length < HeaderLength || datagram[0] >> 6 != Version)
            return false;

        var offset = HeaderLength + (4 * (datagram[0] & 15));
        if ((datagram[0] & 0x10) != 0)
        {
            if (datagram.Length < offset + 4)
                return false;
            offset += 4 + (4 * BinaryPrimitives.ReadUInt16BigEndian(datagram[(offset + 2)..]));
        }

        var end = datagram.Length;
        if ((datagram[0] & 0x20) != 0)
        {
            // Its last byte counts the padding, itself included.
            var padding = datagram[^1];
            if (padding == 0)
                return false;
            end -= padding;
        }

        if (offset > end)
            return false;
        packet = new RtpPacket(
            (datagram[1] & 0x80) != 0, (byte)(datagram[1] & 0x7F), BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]),
            BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]), BinaryPrimitives.ReadUInt32BigEndian(datagram[8..]), datagram[offset..end]);
        return true;
    }

    /// <summary>Writes a packet without list of contributors, extension or padding.</summary>
    /// <returns>Its length in bytes; <paramref name="to"/> has room for the header and the payload.</returns>
    public static int Write(Span<byte> to, bool marker, byte payloadType, ushort sequence, uint timestamp, uint source, ReadOnlySpan<byte> payload)
    {
        to[0] = Version << 6;
        to[1] = (byte)((marker ? 0x80 : 0) | (payloadType & 0x7F));
        BinaryPrimitives.WriteUInt16BigEndian(to[2..], sequence);
        BinaryPrimitives.WriteUInt32BigEndian(to[4..], timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(to[8..], source);
        payload.CopyTo(to[HeaderLength..]);
        return HeaderLength + payload.Length;
    }
}
