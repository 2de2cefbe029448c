using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;

namespace Relais.Traffic.Log;

/// <summary>What is before a block's records: magic, length, count, CRC-32C, first sequence, time, segment. Little endian.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BlockHeader(int PayloadLength, int Count, uint Crc, long First, long WrittenMs, long Segment)
{
    public const int Length = 40;

    /// <summary>Blocks begin on a sector of their own: a write that is torn cannot reach what was acknowledged before.</summary>
    public const int Alignment = 512;

    private const uint Magic = 0x31474C52; // "RLG1": the format's version is in it.
    private const int CrcAt = 12;

    // Far beyond what is ever written, and far from where adding to it overflows.
    private const long MostSequence = long.MaxValue >> 1;

    public static long Align(long at) => (at + Alignment - 1) & -Alignment;

    /// <summary>Writes the header in front of its payload, which is there already.</summary>
    public static void Seal(Span<byte> block, int count, long first, long writtenMs, long segment)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(block, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(block[4..], block.Length - Length);
        BinaryPrimitives.WriteInt32LittleEndian(block[8..], count);
        BinaryPrimitives.WriteInt64LittleEndian(block[16..], first);
        BinaryPrimitives.WriteInt64LittleEndian(block[24..], writtenMs);
        BinaryPrimitives.WriteInt64LittleEndian(block[32..], segment);
        BinaryPrimitives.WriteUInt32LittleEndian(block[CrcAt..], Checksum(block));
    }

    public static bool TryRead(ReadOnlySpan<byte> from, out BlockHeader header)
    {
        header = default;
        if (from.Length < Length || BinaryPrimitives.ReadUInt32LittleEndian(from) != Magic)
            return false;
        header = new BlockHeader(
            BinaryPrimitives.ReadInt32LittleEndian(from[4..]), BinaryPrimitives.ReadInt32LittleEndian(from[8..]), BinaryPrimitives.ReadUInt32LittleEndian(from[CrcAt..]),
            BinaryPrimitives.ReadInt64LittleEndian(from[16..]), BinaryPrimitives.ReadInt64LittleEndian(from[24..]), BinaryPrimitives.ReadInt64LittleEndian(from[32..]));
        return header is { PayloadLength: > 0, Count: > 0, First: >= 0 and <= MostSequence };
    }

    public bool Fits(ReadOnlySpan<byte> block) => block.Length == Length + PayloadLength && Checksum(block) == Crc;

    // Of everything but itself.
    private static uint Checksum(ReadOnlySpan<byte> block) => ~Crc32C(block[(CrcAt + 4)..], Crc32C(block[..CrcAt], uint.MaxValue));

    // Castagnoli's, RFC 3720 appendix B.4: the processor has an instruction for it.
    private static uint Crc32C(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (var eight in MemoryMarshal.Cast<byte, ulong>(bytes))
            crc = BitOperations.Crc32C(crc, eight);
        foreach (var one in bytes[(bytes.Length & ~7)..])
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
