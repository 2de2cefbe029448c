using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Relais.Recordings;

/// <summary>The beginning of a recording: docs/recording-format.md.</summary>
/// <param name="Sealed">Whether the chunks' payloads are encrypted.</param>
/// <param name="Facts">What is recorded, as JSON in UTF-8.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordingHeader(bool Sealed, ReadOnlyMemory<byte> Facts)
{
    /// <summary>Version of the format that is written and read.</summary>
    public const ushort Version = 1;

    /// <summary>The longest facts, in bytes.</summary>
    public const int FactsLimit = 16 * 1024;

    private const int FixedLength = 16;
    private const int CrcLength = 4;
    private const ushort SealedFlag = 1;

    // As PNG's: a byte above 127, a name, and line ends that a transfer as text would change.
    private static ReadOnlySpan<byte> Magic => [0x89, (byte)'R', (byte)'L', (byte)'R', 0x0D, 0x0A, 0x1A, 0x0A];

    /// <summary>Bytes of the whole header.</summary>
    public int Length => FixedLength + Facts.Length + CrcLength;

    /// <summary>Writes it.</summary>
    /// <exception cref="InvalidOperationException">The facts are too long.</exception>
    public byte[] Write()
    {
        if (Facts.Length > FactsLimit)
            throw new InvalidOperationException($"The facts of a recording are at most {FactsLimit} bytes long.");
        var bytes = new byte[Length];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(8), Version);
        BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(10), Sealed ? SealedFlag : (ushort)0);
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(12), Facts.Length);
        Facts.Span.CopyTo(bytes.AsSpan(FixedLength));
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(^CrcLength..), Crc32C.Of(bytes.AsSpan(..^CrcLength)));
        return bytes;
    }

    /// <summary>Reads it from the front of <paramref name="buffer"/>, which then begins with the first chunk.</summary>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out RecordingHeader header)
    {
        header = default;
        Span<byte> start = stackalloc byte[FixedLength];
        var there = (int)Math.Min(FixedLength, buffer.Length);
        buffer.Slice(0, there).CopyTo(start);
        if (!start[..Math.Min(there, Magic.Length)].SequenceEqual(Magic[..Math.Min(there, Magic.Length)]))
            return ReadResult.Malformed;
        if (there < FixedLength)
            return ReadResult.NeedMore;

        var flags = BinaryPrimitives.ReadUInt16BigEndian(start[10..]);
        var length = BinaryPrimitives.ReadUInt32BigEndian(start[12..]);
        if (BinaryPrimitives.ReadUInt16BigEndian(start[8..]) != Version || (flags & ~SealedFlag) != 0 || length > FactsLimit)
            return ReadResult.Malformed;
        var whole = FixedLength + (int)length + CrcLength;
        if (buffer.Length < whole)
            return ReadResult.NeedMore;

        Span<byte> crc = stackalloc byte[CrcLength];
        buffer.Slice(whole - CrcLength, CrcLength).CopyTo(crc);
        if (BinaryPrimitives.ReadUInt32BigEndian(crc) != Crc32C.Of(buffer.Slice(0, whole - CrcLength)))
            return ReadResult.Malformed;
        header = new RecordingHeader((flags & SealedFlag) != 0, buffer.Slice(FixedLength, length).ToArray());
        buffer = buffer.Slice(whole);
        return ReadResult.Complete;
    }
}
