using System.Buffers;
using System.Formats.Asn1;

namespace Relais.Gateway.Protocols.CredSsp;

/// <summary>Reads <see cref="TsRequest"/> in DER.</summary>
public static class TsRequestReader
{
    /// <summary>The longest message of a target: an NTLM challenge takes some hundred bytes, a Kerberos answer a few thousand.</summary>
    public const int Limit = 16 * 1024;

    /// <summary>Takes one message off the front of <paramref name="buffer"/>.</summary>
    /// <param name="buffer">Bytes received so far; advanced only on <see cref="ReadResult.Complete"/>.</param>
    /// <param name="limit">Longest message that is accepted, header included. A longer one is refused as soon as its length is known.</param>
    /// <param name="request">The message, when complete. It owns its bytes.</param>
    /// <param name="fault">What is wrong, when malformed.</param>
    public static ReadResult TryRead(ref ReadOnlySequence<byte> buffer, int limit, out TsRequest? request, out TsRequestFault fault)
    {
        request = null;
        var rest = buffer;
        var framed = TsRequestFrame.TryRead(ref rest, limit, out var frame);
        fault = framed == ReadResult.Malformed ? TsRequestFault.BadFrame : TsRequestFault.None;
        if (framed != ReadResult.Complete)
            return framed;

        try
        {
            var outer = new AsnReader(frame.ToArray(), AsnEncodingRules.DER);
            request = ReadFields(outer.ReadSequence(), out fault);
        }
        catch (AsnContentException)
        {
            fault = TsRequestFault.BadField;
        }

        if (request is null)
            return ReadResult.Malformed;
        buffer = rest;
        return ReadResult.Complete;
    }

    private static TsRequest? ReadFields(AsnReader fields, out TsRequestFault fault)
    {
        int? version = null;
        uint? error = null;
        var octets = new ReadOnlyMemory<byte>?[6];
        var last = -1;
        while (fields.HasData)
        {
            var tag = fields.PeekTag();
            fault = TsRequestFault.UnexpectedField;
            if (tag.TagClass != TagClass.ContextSpecific || !tag.IsConstructed || tag.TagValue <= last || tag.TagValue > 5)
                return null;
            last = tag.TagValue;
            var field = fields.ReadSequence(tag);
            fault = TsRequestFault.BadField;
            switch (last)
            {
                case 0 when field.TryReadInt32(out var number) && number >= 0:
                    version = number;
                    break;
                case 1:
                    octets[1] = ReadToken(field.ReadSequence());
                    break;
                case 4:
                    error = ReadStatus(field);
                    break;
                case 2 or 3 or 5:
                    octets[last] = field.ReadOctetString();
                    break;
                default:
                    return null;
            }

            if (field.HasData || (last == 4 ? error is null : last != 0 && octets[last] is null))
                return null;
        }

        fault = version is null ? TsRequestFault.NoVersion
            : octets[5] is { Length: not TsRequest.NonceLength } ? TsRequestFault.BadField
            : TsRequestFault.None;
        return version is not { } v || fault != TsRequestFault.None ? null : new TsRequest
        {
            Version = v,
            NegoToken = octets[1],
            AuthInfo = octets[2],
            PublicKeyAuth = octets[3],
            ErrorCode = error,
            ClientNonce = octets[5],
        };
    }

    // 2.2.1.1: NegoData is a SEQUENCE OF SEQUENCE { [0] OCTET STRING }.
    private static ReadOnlyMemory<byte>? ReadToken(AsnReader tokens)
    {
        var token = tokens.ReadSequence();
        var field = token.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true));
        var octets = field.ReadOctetString();
        // A bare null would become empty octets, by way of a null array.
        return field.HasData || token.HasData || tokens.HasData ? default(ReadOnlyMemory<byte>?) : octets;
    }

    // An NTSTATUS has its highest bit set: some write it as the negative number that it is, some as a positive one of five bytes.
    private static uint? ReadStatus(AsnReader field) =>
        field.TryReadInt64(out var status) && status is >= int.MinValue and <= uint.MaxValue ? unchecked((uint)status) : null;
}
