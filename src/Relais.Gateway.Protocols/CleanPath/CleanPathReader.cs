using System.Buffers;
using System.Formats.Asn1;

namespace Relais.Gateway.Protocols.CleanPath;

/// <summary>Reads RDCleanPath PDUs: a DER SEQUENCE of explicitly tagged optional fields.</summary>
public static class CleanPathReader
{
    /// <summary>The longest request that is read: token and destination are short, the X.224 request is under 300 bytes.</summary>
    public const int RequestLimit = 16 * 1024;

    /// <summary>The longest text of a field.</summary>
    public const int TextLimit = 8 * 1024;

    /// <summary>The most certificates of an answer.</summary>
    public const int CertificateLimit = 16;

    private const byte Sequence = 0x30;

    /// <summary>Takes one PDU off the front of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Bytes received so far; advanced only on <see cref="ReadResult.Complete"/>.</param>
    /// <param name="limit">Longest PDU that is accepted, header included. A longer one is refused as soon as its length is known.</param>
    /// <param name="pdu">The PDU, when complete. It owns its bytes.</param>
    /// <param name="fault">What is wrong, when malformed.</param>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, int limit, out CleanPathPdu? pdu, out CleanPathFault fault)
    {
        pdu = null;
        var framed = TryReadLength(buffer, limit, out var length, out fault);
        if (framed != ReadResult.Complete)
            return framed;
        if (buffer.Length < length)
            return ReadResult.NeedMore;

        var bytes = buffer.Slice(0, length).ToArray();
        try
        {
            var outer = new AsnReader(bytes, AsnEncodingRules.DER);
            pdu = ReadFields(outer.ReadSequence(), out fault);
        }
        catch (AsnContentException)
        {
            fault = CleanPathFault.BadField;
        }

        if (pdu is null)
            return ReadResult.Malformed;
        buffer = buffer.Slice(length);
        return ReadResult.Complete;
    }

    // ITU-T X.690, 8.1.3 and 10.1: DER lengths are definite and minimal.
    private static ReadResult TryReadLength(ReadOnlySequence<byte> buffer, int limit, out int length, out CleanPathFault fault)
    {
        length = 0;
        fault = CleanPathFault.None;
        Span<byte> header = stackalloc byte[6];
        header = header[..(int)Math.Min(header.Length, buffer.Length)];
        buffer.Slice(0, header.Length).CopyTo(header);
        if (header.Length > 0 && header[0] != Sequence)
            fault = CleanPathFault.NotASequence;
        else if (header.Length > 1 && (header[1] == 0x80 || header[1] > 0x84))
            fault = CleanPathFault.BadLength;
        if (fault != CleanPathFault.None)
            return ReadResult.Malformed;
        if (header.Length < 2)
            return ReadResult.NeedMore;

        var lengthBytes = header[1] < 0x80 ? 0 : header[1] - 0x80;
        if (header.Length < 2 + lengthBytes)
            return ReadResult.NeedMore;
        long content = lengthBytes == 0 ? header[1] : 0;
        foreach (var octet in header.Slice(2, lengthBytes))
            content = (content << 8) | octet;

        if (lengthBytes > 0 && (content < 0x80 || header[2] == 0))
            fault = CleanPathFault.BadLength;
        else if (2 + lengthBytes + content > limit)
            fault = CleanPathFault.TooLong;
        length = (int)Math.Min(2 + lengthBytes + content, int.MaxValue);
        return fault == CleanPathFault.None ? ReadResult.Complete : ReadResult.Malformed;
    }

    private static CleanPathPdu? ReadFields(AsnReader fields, out CleanPathFault fault)
    {
        long? version = null;
        CleanPathError? error = null;
        var texts = new string?[10];
        ReadOnlyMemory<byte>? x224 = null;
        IReadOnlyList<ReadOnlyMemory<byte>>? certificates = null;
        var last = -1;
        while (fields.HasData)
        {
            var tag = fields.PeekTag();
            fault = CleanPathFault.UnexpectedField;
            if (tag.TagClass != TagClass.ContextSpecific || !tag.IsConstructed || tag.TagValue <= last || tag.TagValue > 9)
                return null;
            last = tag.TagValue;
            var field = fields.ReadSequence(tag);
            fault = CleanPathFault.BadField;
            switch (last)
            {
                case 0:
                    version = field.TryReadInt64(out var number) ? number : null;
                    break;
                case 1:
                    error = ReadError(field.ReadSequence());
                    if (error is null)
                        return null;
                    break;
                case 2 or 3 or 4 or 5 or 9:
                    texts[last] = field.ReadCharacterString(UniversalTagNumber.UTF8String);
                    if (texts[last] is { Length: > TextLimit })
                        return null;
                    break;
                case 6:
                    x224 = field.ReadOctetString();
                    break;
                case 7:
                    certificates = ReadCertificates(field.ReadSequence());
                    if (certificates is null)
                        return null;
                    break;
                default:
                    // [8], a stapled OCSP answer, is in nobody's use.
                    fault = CleanPathFault.UnexpectedField;
                    return null;
            }

            if (field.HasData)
                return null;
        }

        fault = version is null ? CleanPathFault.NoVersion : CleanPathFault.None;
        return version is not { } v ? null : new CleanPathPdu
        {
            Version = v,
            Error = error,
            Destination = texts[2],
            ProxyAuth = texts[3],
            ServerAuth = texts[4],
            PreconnectionBlob = texts[5],
            X224 = x224,
            Certificates = certificates,
            ServerAddress = texts[9],
        };
    }

    private static CleanPathError? ReadError(AsnReader fields)
    {
        var values = new int?[4];
        var last = -1;
        while (fields.HasData)
        {
            var tag = fields.PeekTag();
            if (tag.TagClass != TagClass.ContextSpecific || !tag.IsConstructed || tag.TagValue <= last || tag.TagValue > 3)
                return null;
            last = tag.TagValue;
            var field = fields.ReadSequence(tag);
            if (!field.TryReadInt32(out var value) || value < 0 || value > (last == 3 ? byte.MaxValue : ushort.MaxValue) || field.HasData)
                return null;
            values[last] = value;
        }

        return values[0] is { } code
            ? new CleanPathError((ushort)code, (ushort?)values[1], (ushort?)values[2], (byte?)values[3])
            : null;
    }

    private static List<ReadOnlyMemory<byte>>? ReadCertificates(AsnReader items)
    {
        var certificates = new List<ReadOnlyMemory<byte>>();
        while (items.HasData)
        {
            if (certificates.Count == CertificateLimit)
                return null;
            certificates.Add(items.ReadOctetString());
        }

        return certificates;
    }
}
