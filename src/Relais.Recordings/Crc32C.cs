using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;

namespace Relais.Recordings;

/// <summary>CRC-32C (Castagnoli, RFC 3720, B.4): finds what a disk or a torn write changed. It proves nothing against an attacker.</summary>
internal static class Crc32C
{
    public static uint Of(in ReadOnlySequence<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var part in bytes)
            crc = Add(crc, part.Span);
        return ~crc;
    }

    public static uint Of(ReadOnlySpan<byte> bytes) => ~Add(uint.MaxValue, bytes);

    private static uint Add(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var one in bytes)
            crc = BitOperations.Crc32C(crc, one);
        return crc;
    }
}
