using System.Formats.Asn1;

namespace Relais.Gateway.Protocols.CredSsp;

/// <summary>Writes <see cref="TsRequest"/> in DER.</summary>
public static class TsRequestWriter
{
    /// <summary>The message as bytes. Absent fields are left out.</summary>
    public static byte[] Write(TsRequest request)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (Field(writer, 0))
                writer.WriteInteger(request.Version);
            if (request.NegoToken is { } token)
            {
                using (Field(writer, 1))
                using (writer.PushSequence())
                using (writer.PushSequence())
                    WriteOctets(writer, 0, token);
            }

            WriteOctets(writer, 2, request.AuthInfo);
            WriteOctets(writer, 3, request.PublicKeyAuth);
            if (request.ErrorCode is { } error)
            {
                using (Field(writer, 4))
                    writer.WriteInteger(unchecked((int)error));
            }

            WriteOctets(writer, 5, request.ClientNonce);
        }

        return writer.Encode();
    }

    internal static AsnWriter.Scope Field(AsnWriter writer, int number) =>
        writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, number));

    private static void WriteOctets(AsnWriter writer, int number, ReadOnlyMemory<byte>? octets)
    {
        if (octets is not { } present)
            return;
        using (Field(writer, number))
            writer.WriteOctetString(present.Span);
    }
}
