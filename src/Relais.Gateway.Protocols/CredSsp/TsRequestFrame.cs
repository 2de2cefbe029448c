using System.Buffers;

namespace Relais.Gateway.Protocols.CredSsp;

/// <summary>Framing of [MS-CSSP] TSRequest, a DER SEQUENCE, without a look inside.</summary>
public static class TsRequestFrame
{
    private const byte Sequence = 0x30;

    /// <summary>Takes one TSRequest off the front of <paramref name="buffer"/>.</summary>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, int limit, out ReadOnlySequence<byte> request)
    {
        request = default;
        Span<byte> header = stackalloc byte[5];
        header = header[..(int)Math.Min(header.Length, buffer.Length)];
        buffer.Slice(0, header.Length).CopyTo(header);
        if (header.Length > 0 && header[0] != Sequence)
            return ReadResult.Malformed;
        if (header.Length < 2)
            return ReadResult.NeedMore;

        var lengthBytes = header[1] < 0x80 ? 0 : header[1] - 0x80;
        // One to three bytes of length: none means "indefinite", more means megabytes.
        if (header[1] == 0x80 || lengthBytes > 3)
            return ReadResult.Malformed;
        if (header.Length < 2 + lengthBytes)
            return ReadResult.NeedMore;
        var content = lengthBytes == 0 ? header[1] : 0;
        foreach (var octet in header.Slice(2, lengthBytes))
            content = (content << 8) | octet;

        var length = 2 + lengthBytes + content;
        if (length > limit)
            return ReadResult.Malformed;
        if (buffer.Length < length)
            return ReadResult.NeedMore;
        request = buffer.Slice(0, length);
        buffer = buffer.Slice(length);
        return ReadResult.Complete;
    }
}
