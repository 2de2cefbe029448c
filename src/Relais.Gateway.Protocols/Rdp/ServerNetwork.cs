using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>The numbers that a target gives to the static channels, SC_NET ([MS-RDPBCGR] 2.2.1.4.4).</summary>
public static class ServerNetwork
{
    private const ushort Type = 0x0C03;
    private const int BlockHeaderLength = 4;
    private const int ArrayOffset = 8;

    /// <summary>Reads them from an MCS Connect Response; they stand in the order in which the client named its channels.</summary>
    /// <param name="frame">The whole frame.</param>
    public static bool TryReadNumbers(ReadOnlySpan<byte> frame, out IReadOnlyList<ushort> numbers)
    {
        numbers = [];
        // T.125, 7: Connect-Response is application 102. In its user data T.124's key "McDn" stands before the blocks.
        if (!McsFrame.TryReadData(frame, out var pdu) || !pdu.StartsWith<byte>([0x7F, 0x66]) || pdu.IndexOf("McDn"u8) is not (>= 0 and var key))
            return false;
        var blocks = pdu[(key + 4)..];
        if (!Per.TryReadLength(ref blocks, out _))
            return false;
        while (blocks.Length >= BlockHeaderLength)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(blocks[2..]);
            if (length < BlockHeaderLength || length > blocks.Length)
                return false;
            if (BinaryPrimitives.ReadUInt16LittleEndian(blocks) == Type)
                return TryReadBlock(blocks[..length], out numbers);
            blocks = blocks[length..];
        }

        return false;
    }

    private static bool TryReadBlock(ReadOnlySpan<byte> block, out IReadOnlyList<ushort> numbers)
    {
        numbers = [];
        if (block.Length < ArrayOffset)
            return false;
        var count = BinaryPrimitives.ReadUInt16LittleEndian(block[6..]);
        if (count > ClientNetwork.MaxChannels || block.Length < ArrayOffset + (2 * count))
            return false;
        var read = new ushort[count];
        for (var i = 0; i < count; i++)
            read[i] = BinaryPrimitives.ReadUInt16LittleEndian(block[(ArrayOffset + (2 * i))..]);
        numbers = read;
        return true;
    }
}
