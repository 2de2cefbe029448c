using System.Formats.Asn1;

namespace Relais.Gateway.Protocols.CleanPath;

/// <summary>Writes RDCleanPath PDUs in DER.</summary>
public static class CleanPathWriter
{
    /// <summary>The PDU as bytes, to be sent as one binary message. Absent fields are left out.</summary>
    public static byte[] Write(CleanPathPdu pdu)
    {
        var writer = new AsnWriter(AsnEncodingRules.DER);
        using (writer.PushSequence())
        {
            using (Field(writer, 0))
                writer.WriteInteger(pdu.Version);
            if (pdu.Error is { } error)
                WriteError(writer, error);
            WriteText(writer, 2, pdu.Destination);
            WriteText(writer, 3, pdu.ProxyAuth);
            WriteText(writer, 4, pdu.ServerAuth);
            WriteText(writer, 5, pdu.PreconnectionBlob);
            if (pdu.X224 is { } x224)
            {
                using (Field(writer, 6))
                    writer.WriteOctetString(x224.Span);
            }

            if (pdu.Certificates is { } certificates)
                WriteCertificates(writer, certificates);
            WriteText(writer, 9, pdu.ServerAddress);
        }

        return writer.Encode();
    }

    private static AsnWriter.Scope Field(AsnWriter writer, int number) =>
        writer.PushSequence(new Asn1Tag(TagClass.ContextSpecific, number));

    private static void WriteText(AsnWriter writer, int number, string? text)
    {
        if (text is null)
            return;
        using (Field(writer, number))
            writer.WriteCharacterString(UniversalTagNumber.UTF8String, text);
    }

    private static void WriteCertificates(AsnWriter writer, IReadOnlyList<ReadOnlyMemory<byte>> certificates)
    {
        using (Field(writer, 7))
        using (writer.PushSequence())
        {
            foreach (var certificate in certificates)
                writer.WriteOctetString(certificate.Span);
        }
    }

    private static void WriteError(AsnWriter writer, CleanPathError error)
    {
        using (Field(writer, 1))
        using (writer.PushSequence())
        {
            WriteNumber(writer, 0, error.Code);
            WriteNumber(writer, 1, error.HttpStatus);
            WriteNumber(writer, 2, error.WinsockError);
            WriteNumber(writer, 3, error.TlsAlert);
        }
    }

    private static void WriteNumber(AsnWriter writer, int number, long? value)
    {
        if (value is not { } present)
            return;
        using (Field(writer, number))
            writer.WriteInteger(present);
    }
}
