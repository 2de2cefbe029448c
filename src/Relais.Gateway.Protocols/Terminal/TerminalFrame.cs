using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Relais.Gateway.Protocols.Terminal;

/// <summary>
/// What the page of a terminal sends: one byte of kind, two of length (big endian), then so many bytes. What comes back has no frames: it is what
/// the shell wrote.
/// </summary>
/// <param name="Kind">What the payload is.</param>
/// <param name="Payload">Typed bytes, or two numbers of two bytes each (columns and rows), or one of four.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct TerminalFrame(TerminalFrameKind Kind, ReadOnlySequence<byte> Payload)
{
    /// <summary>Bytes before the payload.</summary>
    public const int HeaderLength = 3;

    private const int NumbersLength = 4;

    /// <summary>The longest payload.</summary>
    public const int PayloadLimit = 16 * 1024;

    /// <summary>The most columns or rows a terminal may have.</summary>
    public const int SizeLimit = 2000;

    /// <summary>Reads one frame.</summary>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, out TerminalFrame frame)
    {
        frame = default;
        Span<byte> header = stackalloc byte[HeaderLength];
        var there = (int)Math.Min(HeaderLength, buffer.Length);
        buffer.Slice(0, there).CopyTo(header);
        if (there > 0 && header[0] > (byte)TerminalFrameKind.Shown)
            return ReadResult.Malformed;
        if (there < HeaderLength)
            return ReadResult.NeedMore;

        var kind = (TerminalFrameKind)header[0];
        var length = BinaryPrimitives.ReadUInt16BigEndian(header[1..]);
        if (length > PayloadLimit || (kind != TerminalFrameKind.Input && length != NumbersLength))
            return ReadResult.Malformed;
        if (buffer.Length < HeaderLength + length)
            return ReadResult.NeedMore;

        frame = new TerminalFrame(kind, buffer.Slice(HeaderLength, length));
        if (kind == TerminalFrameKind.Size && !frame.TryReadSize(out _, out _))
            return ReadResult.Malformed;
        buffer = buffer.Slice(HeaderLength + length);
        return ReadResult.Complete;
    }

    /// <summary>The size in a frame of that kind: from one column and row to <see cref="SizeLimit"/>.</summary>
    public bool TryReadSize(out int columns, out int rows)
    {
        (columns, rows) = (0, 0);
        if (Kind != TerminalFrameKind.Size || Payload.Length != NumbersLength)
            return false;
        Span<byte> numbers = stackalloc byte[NumbersLength];
        Payload.CopyTo(numbers);
        columns = BinaryPrimitives.ReadUInt16BigEndian(numbers);
        rows = BinaryPrimitives.ReadUInt16BigEndian(numbers[2..]);
        return columns is > 0 and <= SizeLimit && rows is > 0 and <= SizeLimit;
    }

    /// <summary>The count in a frame of that kind.</summary>
    public bool TryReadShown(out long bytes)
    {
        bytes = 0;
        if (Kind != TerminalFrameKind.Shown || Payload.Length != NumbersLength)
            return false;
        Span<byte> number = stackalloc byte[NumbersLength];
        Payload.CopyTo(number);
        bytes = BinaryPrimitives.ReadUInt32BigEndian(number);
        return true;
    }
}

/// <summary>Kinds of <see cref="TerminalFrame"/>.</summary>
public enum TerminalFrameKind : byte
{
    /// <summary>What was typed or pasted, in UTF-8; a character may be split between frames.</summary>
    Input = 0,

    /// <summary>The terminal's size in characters.</summary>
    Size = 1,

    /// <summary>How many bytes more the page has shown, four bytes: without it nothing comes any more after 256 KiB.</summary>
    Shown = 2,
}
