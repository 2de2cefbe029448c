using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// Fast-path updates that carry RemoteFX ([MS-RDPBCGR] 2.2.9.2, [MS-RDPRFX] 2.2.2). A server sends the codec's headers (sync, versions,
/// channels, context) before its first picture only; who joins later needs them before theirs.
/// </summary>
internal static class SurfaceBits
{
    private const byte SurfaceCommands = 4;
    private const ushort FrameMarker = 4;
    private const int FrameMarkerLength = 8;
    private const int LengthOffset = 18;
    private const int DataOffset = 22;
    private const int ExtendedHeaderLength = 24;
    private const ushort Sync = 0xCCC0;
    private const ushort LastHeader = 0xCCC3;

    /// <summary>Whether a fast-path frame continues nothing: its first update is whole, or the first part of one.</summary>
    public static bool Begins(ReadOnlySpan<byte> frame)
    {
        var header = frame.Length < 2 ? frame.Length : RdpFrame.FastPathHeaderLength(frame);
        // Fragmentation, bits 4 and 5: 0 single, 1 last, 2 first, 3 next.
        return frame.Length > header && (frame[header] & 0x10) == 0;
    }

    /// <summary>The codec's headers, if the frame's picture begins with them.</summary>
    public static bool TryReadCodecHeaders(ReadOnlySpan<byte> frame, out ReadOnlySpan<byte> headers)
    {
        headers = default;
        if (!TryLocate(frame, out var place) || BlockType(frame[place.Data..]) != Sync)
            return false;
        var length = 0;
        for (var rest = frame[place.Data..]; BlockType(rest) is >= Sync and <= LastHeader;)
        {
            // A block: type, length with these six bytes (2.2.2.1.1).
            var block = BinaryPrimitives.ReadUInt32LittleEndian(rest[2..]);
            if (block < 6 || block > rest.Length)
                return false;
            length += (int)block;
            rest = rest[(int)block..];
        }

        headers = frame.Slice(place.Data, length);
        return true;
    }

    /// <summary>The frame with these headers before its picture, or as it is where that does not apply or would not fit.</summary>
    public static byte[] With(ReadOnlySpan<byte> headers, ReadOnlySpan<byte> frame)
    {
        if (headers.IsEmpty || !TryLocate(frame, out var place) || BlockType(frame[place.Data..]) is 0 or (>= Sync and <= LastHeader))
            return frame.ToArray();
        var (from, size) = (RdpFrame.FastPathHeaderLength(frame), BinaryPrimitives.ReadUInt16LittleEndian(frame[(place.Update + 1)..]));
        var length = 3 + frame.Length - from + headers.Length;
        if (length > RdpFrame.FastPathLimit || size + headers.Length > ushort.MaxValue)
            return frame.ToArray();

        var made = new byte[length];
        made[0] = frame[0];
        BinaryPrimitives.WriteUInt16BigEndian(made.AsSpan(1), (ushort)(0x8000 | length));
        frame[from..place.Data].CopyTo(made.AsSpan(3));
        var moved = 3 - from;
        BinaryPrimitives.WriteUInt16LittleEndian(made.AsSpan(place.Update + 1 + moved), (ushort)(size + headers.Length));
        var picture = BinaryPrimitives.ReadUInt32LittleEndian(frame[place.Length..]);
        BinaryPrimitives.WriteUInt32LittleEndian(made.AsSpan(place.Length + moved), picture + (uint)headers.Length);
        headers.CopyTo(made.AsSpan(place.Data + moved));
        frame[place.Data..].CopyTo(made.AsSpan(place.Data + moved + headers.Length));
        return made;
    }

    // RemoteFX blocks have types from 0xCCC0 on; anything else is another codec's picture.
    private static ushort BlockType(ReadOnlySpan<byte> data) =>
        data.Length >= 6 && BinaryPrimitives.ReadUInt16LittleEndian(data) is >= Sync and < Sync + 0x10 and var type ? type : (ushort)0;

    private static bool TryLocate(ReadOnlySpan<byte> frame, out (int Update, int Length, int Data) place)
    {
        place = default;
        if (frame.IsEmpty || !RdpFrame.IsFastPath(frame[0]) || !Begins(frame))
            return false;
        var update = RdpFrame.FastPathHeaderLength(frame);
        // Update code, fragmentation, and no compression, which would put a byte between.
        if ((frame[update] & 0x0F) != SurfaceCommands || (frame[update] & 0xC0) != 0)
            return false;
        var at = update + 3;
        while (at + 2 <= frame.Length && BinaryPrimitives.ReadUInt16LittleEndian(frame[at..]) == FrameMarker)
            at += FrameMarkerLength;
        // Set (1) or stream (6) surface bits: destination, depth, flags, codec, size, length, and perhaps an extended header.
        if (at + DataOffset > frame.Length || BinaryPrimitives.ReadUInt16LittleEndian(frame[at..]) is not (1 or 6))
            return false;
        var data = at + DataOffset + ((frame[at + 11] & 1) != 0 ? ExtendedHeaderLength : 0);
        place = (update, at + LengthOffset, data);
        return data <= frame.Length;
    }
}
