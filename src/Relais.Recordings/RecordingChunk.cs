using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Relais.Recordings;

/// <summary>One thing that happened in a recorded session: docs/recording-format.md.</summary>
/// <param name="Kind">What happened. A reader skips the kinds that it does not know.</param>
/// <param name="Time">When, since the recording began.</param>
/// <param name="Payload">As it stands in the file: encrypted where the header says so.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RecordingChunk(RecordingChunkKind Kind, TimeSpan Time, ReadOnlySequence<byte> Payload)
{
    /// <summary>Bytes before the payload: its length (four), kind (one), time in microseconds (eight).</summary>
    public const int HeadLength = 13;

    /// <summary>Bytes after the payload: CRC-32C of all before.</summary>
    public const int CrcLength = 4;

    /// <summary>The longest payload, in bytes.</summary>
    public const int PayloadLimit = 256 * 1024;

    // Thirty years: more is no time of a session, and TimeSpan has room for it.
    private const ulong TimeLimit = 30UL * 366 * 24 * 3600 * 1_000_000;

    /// <summary>Writes the bytes before the payload.</summary>
    public static void WriteHead(Span<byte> head, int payloadLength, RecordingChunkKind kind, TimeSpan time)
    {
        BinaryPrimitives.WriteInt32BigEndian(head, payloadLength);
        head[4] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(head[5..], (long)time.TotalMicroseconds);
    }

    /// <summary>Writes the bytes after the payload.</summary>
    /// <param name="chunk">The whole chunk, whose last four bytes are written.</param>
    public static void WriteCrc(Span<byte> chunk) => BinaryPrimitives.WriteUInt32BigEndian(chunk[^CrcLength..], Crc32C.Of(chunk[..^CrcLength]));

    /// <summary>Writes a chunk whose payload is as it is to stand in the file.</summary>
    public static void Write(IBufferWriter<byte> output, RecordingChunkKind kind, TimeSpan time, ReadOnlySpan<byte> payload)
    {
        var length = HeadLength + payload.Length + CrcLength;
        var chunk = output.GetSpan(length)[..length];
        WriteHead(chunk, payload.Length, kind, time);
        payload.CopyTo(chunk[HeadLength..]);
        WriteCrc(chunk);
        output.Advance(length);
    }

    /// <summary>Reads one from the front of <paramref name="buffer"/>. What is cut off at the end of a file needs more, for ever.</summary>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out RecordingChunk chunk)
    {
        chunk = default;
        if (buffer.Length < HeadLength)
            return ReadResult.NeedMore;
        Span<byte> head = stackalloc byte[HeadLength];
        buffer.Slice(0, HeadLength).CopyTo(head);
        var length = BinaryPrimitives.ReadUInt32BigEndian(head);
        var time = BinaryPrimitives.ReadUInt64BigEndian(head[5..]);
        if (length > PayloadLimit || time > TimeLimit)
            return ReadResult.Malformed;
        var whole = HeadLength + (long)length + CrcLength;
        if (buffer.Length < whole)
            return ReadResult.NeedMore;

        Span<byte> crc = stackalloc byte[CrcLength];
        buffer.Slice(whole - CrcLength, CrcLength).CopyTo(crc);
        if (BinaryPrimitives.ReadUInt32BigEndian(crc) != Crc32C.Of(buffer.Slice(0, whole - CrcLength)))
            return ReadResult.Malformed;
        chunk = new RecordingChunk((RecordingChunkKind)head[4], TimeSpan.FromMicroseconds(time), buffer.Slice(HeadLength, length));
        buffer = buffer.Slice(whole);
        return ReadResult.Complete;
    }

    /// <summary>The payload of a size.</summary>
    public static byte[] Size(int columns, int rows)
    {
        var size = new byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(size, (ushort)columns);
        BinaryPrimitives.WriteUInt16BigEndian(size.AsSpan(2), (ushort)rows);
        return size;
    }
}

/// <summary>Kinds of <see cref="RecordingChunk"/>.</summary>
public enum RecordingChunkKind : byte
{
    /// <summary>Bytes that went to the person's client.</summary>
    Shown = 1,

    /// <summary>The terminal's size: columns and rows, two bytes each.</summary>
    Size = 2,

    /// <summary>The last one: nothing was lost after it. No payload.</summary>
    End = 3,

    /// <summary>A whole picture as JPEG or PNG, for whoever joins a screen in its midst. Never in a file.</summary>
    Picture = 4,

    /// <summary>What both sides of a telephone call said: docs/recording-format.md.</summary>
    Voice = 5,
}
