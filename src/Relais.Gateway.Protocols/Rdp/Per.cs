using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>PER length determinants as MCS uses them (ITU-T X.691, 10.9): one byte below 128, two below 16,384.</summary>
internal static class Per
{
    public const int MaxLength = 0x3FFF;

    public static int LengthOf(int value) => value < 0x80 ? 1 : 2;

    public static bool TryReadLength(ref ReadOnlySpan<byte> bytes, out int length)
    {
        switch (bytes)
        {
            case [< 0x80 and var one, ..]:
                length = one;
                bytes = bytes[1..];
                return true;
            case [>= 0x80 and < 0xC0 and var high, var low, ..]:
                length = ((high & 0x3F) << 8) | low;
                bytes = bytes[2..];
                return true;
            default:
                // Fragmented lengths (11xxxxxx) are for more than 16 KB, which no start-up PDU has.
                length = 0;
                return false;
        }
    }

    public static void WriteLength(Span<byte> destination, int value)
    {
        if (value < 0x80)
            destination[0] = (byte)value;
        else
            BinaryPrimitives.WriteUInt16BigEndian(destination, (ushort)(0x8000 | value));
    }
}
