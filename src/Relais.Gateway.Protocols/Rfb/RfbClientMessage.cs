using System.Buffers;
using System.Buffers.Binary;

namespace Relais.Gateway.Protocols.Rfb;

/// <summary>
/// Lengths of what a client sends after ClientInit: RFC 6143, 7.5, and the extensions that noVNC uses. A client's messages are few and of known
/// lengths, which is what makes it possible to leave one kind out.
/// </summary>
public static class RfbClientMessage
{
    /// <summary>ClientCutText: the clipboard.</summary>
    public const byte CutText = 6;

    /// <summary>No message needs more bytes than this before its length is known.</summary>
    public const int HeaderLimit = 9;

    private const int CutTextHeader = 8;
    private const byte PointerButtonsExtended = 0x80;

    /// <summary>Reads the kind and the whole length of the message at the start of the buffer; consumes nothing.</summary>
    /// <returns>Malformed for a kind that is not known: nobody could say where the next message begins.</returns>
    public static ReadResult TryMeasure(in ReadOnlySequence<byte> buffer, out byte kind, out long length)
    {
        (kind, length) = (0, 0);
        Span<byte> header = stackalloc byte[HeaderLimit];
        var there = (int)Math.Min(HeaderLimit, buffer.Length);
        buffer.Slice(0, there).CopyTo(header);
        if (there == 0)
            return ReadResult.NeedMore;

        kind = header[0];
        var (needed, known) = Needed(kind);
        if (!known)
            return ReadResult.Malformed;
        if (there < needed)
            return ReadResult.NeedMore;
        length = LengthOf(header);
        return length < 0 ? ReadResult.Malformed : ReadResult.Complete;
    }

    /// <summary>Whether a message of this kind only asks for pictures and says how: it changes nothing at the server for anybody else.</summary>
    public static bool OnlyAsks(byte kind) => kind is 0 or 2 or 3 or 150 or 248;

    // How many bytes tell the length.
    private static (int Bytes, bool Known) Needed(byte kind) => kind switch
    {
        0 or 3 or 4 or 150 or 250 => (1, true),
        2 => (4, true),
        5 => (2, true),
        CutText => (CutTextHeader, true),
        248 => (9, true),
        251 => (7, true),
        255 => (2, true),
        _ => (0, false),
    };

    private static long LengthOf(ReadOnlySpan<byte> header) => header[0] switch
    {
        0 => 20, // SetPixelFormat
        2 => 4 + (4L * BinaryPrimitives.ReadUInt16BigEndian(header[2..])), // SetEncodings
        3 => 10, // FramebufferUpdateRequest
        4 => 8, // KeyEvent
        5 => (header[1] & PointerButtonsExtended) != 0 ? 7 : 6, // PointerEvent
        // Negative lengths mark the extended clipboard.
        CutText => CutTextHeader + Math.Abs((long)BinaryPrimitives.ReadInt32BigEndian(header[4..])),
        150 => 10, // EnableContinuousUpdates
        248 => 9 + header[8], // ClientFence
        250 => 4, // xvp
        251 => 8 + (16L * header[6]), // SetDesktopSize
        255 when header[1] == 0 => 12, // QEMU key event
        _ => -1,
    };
}
