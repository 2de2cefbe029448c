using System.Buffers;
using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rdp;

/// <summary>TPKT, the outermost frame of RDP's slow path (RFC 1006, 6): version 3, a reserved byte, a length that counts itself.</summary>
public static class Tpkt
{
    /// <summary>The first byte of each frame.</summary>
    public const byte Version = 3;

    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = 4;

    /// <summary>The longest frame.</summary>
    public const int MaxLength = ushort.MaxValue;

    // RFC 1006, 6: the smallest TPDU has three bytes.
    private const int MinLength = HeaderLength + 3;

    /// <summary>Takes one frame off the front of <paramref name="buffer"/> and gives what it carries.</summary>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out ReadOnlySequence<byte> payload)
    {
        var result = TryReadFrame(ref buffer, MaxLength, out var frame);
        payload = result == ReadResult.Complete ? frame.Slice(HeaderLength) : default;
        return result;
    }

    /// <summary>Takes one frame, header included, off the front of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Bytes received so far; advanced only on <see cref="ReadResult.Complete"/>.</param>
    /// <param name="limit">Longest frame that is accepted.</param>
    /// <param name="frame">The frame, when complete: a slice of the buffer, not a copy.</param>
    public static ReadResult TryReadFrame(ref ReadOnlySequence<byte> buffer, int limit, out ReadOnlySequence<byte> frame)
    {
        frame = default;
        if (buffer.IsEmpty)
            return ReadResult.NeedMore;
        if (buffer.FirstSpan is [not Version, ..])
            return ReadResult.Malformed;
        if (buffer.Length < HeaderLength)
            return ReadResult.NeedMore;

        Span<byte> header = stackalloc byte[HeaderLength];
        buffer.Slice(0, HeaderLength).CopyTo(header);
        var length = BinaryPrimitives.ReadUInt16BigEndian(header[2..]);
        if (header[0] != Version || length < MinLength || length > limit)
            return ReadResult.Malformed;
        if (buffer.Length < length)
            return ReadResult.NeedMore;

        frame = buffer.Slice(0, length);
        buffer = buffer.Slice(length);
        return ReadResult.Complete;
    }

    /// <summary>Writes a header for a frame of <paramref name="length"/> bytes, header included.</summary>
    public static void WriteHeader(Span<byte> destination, int length)
    {
        destination[0] = Version;
        destination[1] = 0;
        BinaryPrimitives.WriteUInt16BigEndian(destination[2..], checked((ushort)length));
    }
}
