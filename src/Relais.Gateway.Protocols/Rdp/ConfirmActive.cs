using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>
/// Edits of the Confirm Active PDU ([MS-RDPBCGR] 2.2.1.13.2), in which a client says what it can draw. None changes a length. What is left is
/// what IronRDP announces: bitmaps and RemoteFX, without drawing orders and without caches.
/// </summary>
public static class ConfirmActive
{
    private const int ControlType = 3;
    private const int ShareControlLength = 6;
    private const int ControlTypeMask = 0x0F;
    private const int SetHeaderLength = 4;

    // Share id, originator, and the lengths of the source descriptor and of all that follows it.
    private const int FixedLength = ShareControlLength + 10;

    private const ushort OrderSet = 3;
    private const ushort BitmapCacheSet = 4;
    private const ushort BrushSet = 15;
    private const ushort GlyphCacheSet = 16;
    private const ushort OffscreenCacheSet = 17;
    private const ushort BitmapCacheRevision2Set = 19;
    private const ushort DrawNineGridSet = 21;
    private const ushort DrawGdiPlusSet = 22;
    private const ushort RemoteProgramsSet = 23;
    private const ushort WindowListSet = 24;
    private const ushort LargePointerSet = 27;
    private const ushort SurfaceCommandsSet = 28;
    private const ushort BitmapCodecsSet = 29;

    // 2.2.7.1.3, offsets from the set's first byte.
    private const int OrderSupport = 36;
    private const int OrderSupportLength = 32;
    private const int OrderFlags = 34;
    private const int OrderSupportExtra = 70;
    private const int OrderSetLength = 88;
    private const ushort HasExtraOrders = 0x0080;

    private const int GuidLength = 16;
    private const int CodecHeaderLength = GuidLength + 3;

    // IronRDP knows RemoteFX by this number alone; every known client gives it.
    private const byte RemoteFxNumber = 3;

    // 2.2.7.2.10.1.1: {76772F12-BD72-4463-AFB3-B73C9C6F7886}.
    private static ReadOnlySpan<byte> RemoteFx => [0x12, 0x2F, 0x77, 0x76, 0x72, 0xBD, 0x63, 0x44, 0xAF, 0xB3, 0xB7, 0x3C, 0x9C, 0x6F, 0x78, 0x86];

    // The same: {9C4351A6-3535-42AE-910C-CDFCE5760B58}, CODEC_GUID_IGNORE.
    private static ReadOnlySpan<byte> Ignored => [0xA6, 0x51, 0x43, 0x9C, 0x35, 0x35, 0xAE, 0x42, 0x91, 0x0C, 0xCD, 0xFC, 0xE5, 0x76, 0x0B, 0x58];

    /// <summary>Narrows each Confirm Active that a client sends in a frame of the input/output channel; leaves all else as it is.</summary>
    /// <param name="content">What the frame sends, without the headers of MCS.</param>
    /// <param name="found">Set when there is one.</param>
    /// <returns>False when there is one that cannot be read to its end: then what the target would read in it is unknown.</returns>
    public static bool TryNarrow(Span<byte> content, ref bool found)
    {
        while (content.Length >= ShareControlLength)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(content);
            var isOne = (BinaryPrimitives.ReadUInt16LittleEndian(content[2..]) & ControlTypeMask) == ControlType;
            if (length < ShareControlLength || length > content.Length)
                return !isOne;
            if (isOne && !TryNarrowOne(content[..length]))
                return false;
            found |= isOne;
            content = content[length..];
        }

        return true;
    }

    private static bool TryNarrowOne(Span<byte> pdu)
    {
        if (pdu.Length < FixedLength)
            return false;
        var descriptor = BinaryPrimitives.ReadUInt16LittleEndian(pdu[(FixedLength - 4)..]);
        var combined = BinaryPrimitives.ReadUInt16LittleEndian(pdu[(FixedLength - 2)..]);
        // The count and two bytes of padding are part of the combined length.
        if (combined < 4 || FixedLength + descriptor + combined != pdu.Length)
            return false;
        var sets = pdu[(FixedLength + descriptor)..];
        var count = BinaryPrimitives.ReadUInt16LittleEndian(sets);
        sets = sets[4..];
        Span<byte> surfaceCommands = default;
        var hasRemoteFx = false;
        for (; count > 0; count--)
        {
            if (sets.Length < SetHeaderLength)
                return false;
            var type = BinaryPrimitives.ReadUInt16LittleEndian(sets);
            var length = BinaryPrimitives.ReadUInt16LittleEndian(sets[2..]);
            if (length < SetHeaderLength || length > sets.Length)
                return false;
            var set = sets[..length];
            switch (type)
            {
                case OrderSet:
                    if (!TryLeaveOutOrders(set))
                        return false;
                    break;
                case BitmapCacheRevision2Set:
                    // As long as the first revision, and empty it means the same.
                    BinaryPrimitives.WriteUInt16LittleEndian(set, BitmapCacheSet);
                    set[SetHeaderLength..].Clear();
                    break;
                case BitmapCacheSet or BrushSet or GlyphCacheSet or OffscreenCacheSet or DrawNineGridSet or DrawGdiPlusSet or RemoteProgramsSet
                    or WindowListSet or LargePointerSet:
                    set[SetHeaderLength..].Clear();
                    break;
                case SurfaceCommandsSet when surfaceCommands.IsEmpty:
                    surfaceCommands = set[SetHeaderLength..];
                    break;
                case SurfaceCommandsSet:
                    return false;
                case BitmapCodecsSet:
                    if (!TryLeaveOutCodecs(set[SetHeaderLength..], ref hasRemoteFx))
                        return false;
                    break;
                default:
                    break;
            }

            sets = sets[length..];
        }

        if (!hasRemoteFx)
            surfaceCommands.Clear();
        return sets.IsEmpty;
    }

    private static bool TryLeaveOutOrders(Span<byte> set)
    {
        if (set.Length < OrderSetLength)
            return false;
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(set[OrderFlags..]);
        BinaryPrimitives.WriteUInt16LittleEndian(set[OrderFlags..], (ushort)(flags & ~HasExtraOrders));
        set.Slice(OrderSupport, OrderSupportLength).Clear();
        set.Slice(OrderSupportExtra, sizeof(ushort)).Clear();
        return true;
    }

    private static bool TryLeaveOutCodecs(Span<byte> codecs, ref bool hasRemoteFx)
    {
        if (codecs.IsEmpty)
            return false;
        var count = codecs[0];
        codecs = codecs[1..];
        for (; count > 0; count--)
        {
            if (codecs.Length < CodecHeaderLength)
                return false;
            var length = CodecHeaderLength + BinaryPrimitives.ReadUInt16LittleEndian(codecs[(GuidLength + 1)..]);
            if (length > codecs.Length)
                return false;
            if (codecs.StartsWith(RemoteFx) && codecs[GuidLength] == RemoteFxNumber)
                hasRemoteFx = true;
            else
                Ignored.CopyTo(codecs);
            codecs = codecs[length..];
        }

        return true;
    }
}
