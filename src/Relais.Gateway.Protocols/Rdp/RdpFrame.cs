using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// One frame of RDP after its start: TPKT (RFC 1006), or fast path, whose first byte ends in two zero bits and whose length is one byte, or
/// two when the first has its upper bit set ([MS-RDPBCGR] 2.2.8.1.2 and 2.2.9.1.2). Lengths count the header.
/// </summary>
public static class RdpFrame
{
    /// <summary>The longest of fast path: 15 bits.</summary>
    public const int FastPathLimit = 0x7FFF;

    private const byte ActionMask = 0x03;

    /// <summary>Whether a frame that begins so is fast path.</summary>
    public static bool IsFastPath(byte first) => (first & ActionMask) == 0;

    /// <summary>Reads how long the frame at the front is, in bytes; it need not be there as a whole.</summary>
    public static ReadResult TryReadLength(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.IsEmpty)
            return ReadResult.NeedMore;
        if (IsFastPath(bytes[0]))
            return TryReadFastPathLength(bytes, out length);
        if (bytes[0] != Tpkt.Version)
            return ReadResult.Malformed;
        if (bytes.Length < Tpkt.HeaderLength)
            return ReadResult.NeedMore;
        return Judge(BinaryPrimitives.ReadUInt16BigEndian(bytes[2..]), Tpkt.HeaderLength, out length);
    }

    /// <summary>Bytes of a fast-path header that has a length of one or of two bytes.</summary>
    internal static int FastPathHeaderLength(ReadOnlySpan<byte> frame) => (frame[1] & 0x80) == 0 ? 2 : 3;

    private static ReadResult TryReadFastPathLength(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < 2 || bytes.Length < FastPathHeaderLength(bytes))
            return ReadResult.NeedMore;
        var header = FastPathHeaderLength(bytes);
        return Judge(header == 2 ? bytes[1] : BinaryPrimitives.ReadUInt16BigEndian(bytes[1..]) & FastPathLimit, header, out length);
    }

    private static ReadResult Judge(int said, int header, out int length)
    {
        length = said > header ? said : 0;
        return length > 0 ? ReadResult.Complete : ReadResult.Malformed;
    }
}
