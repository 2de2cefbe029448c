using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Text;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Protocols.CredSsp;

/// <summary>TSCredentials with TSPasswordCreds ([MS-CSSP] 2.2.1.2): the account, as it is encrypted into <see cref="TsRequest.AuthInfo"/>.</summary>
public static class TsCredentials
{
    private const int PasswordType = 1;

    /// <summary>Writes them in the clear: to be encrypted, and cleared after use.</summary>
    public static byte[] Write(RdpCredentials credentials)
    {
        var inner = new AsnWriter(AsnEncodingRules.DER);
        using (inner.PushSequence())
        {
            WriteText(inner, 0, credentials.Domain);
            WriteText(inner, 1, credentials.UserName);
            WriteText(inner, 2, credentials.Password);
        }

        var password = inner.Encode();
        var outer = new AsnWriter(AsnEncodingRules.DER);
        using (outer.PushSequence())
        {
            using (TsRequestWriter.Field(outer, 0))
                outer.WriteInteger(PasswordType);
            using (TsRequestWriter.Field(outer, 1))
                outer.WriteOctetString(password);
        }

        var written = outer.Encode();
        CryptographicOperations.ZeroMemory(password);
        // A writer clears its buffer when it is reset, and only then.
        inner.Reset();
        outer.Reset();
        return written;
    }

    /// <summary>Reads a password's credentials. Smart cards and remote guard are not read.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> bytes, out RdpCredentials? credentials)
    {
        credentials = null;
        try
        {
            var whole = new AsnReader(bytes, AsnEncodingRules.DER);
            var outer = whole.ReadSequence();
            if (whole.HasData || !Enter(outer, 0).TryReadInt32(out var type) || type != PasswordType)
                return false;
            var password = new AsnReader(Enter(outer, 1).ReadOctetString(), AsnEncodingRules.DER);
            var inner = password.ReadSequence();
            if (outer.HasData || password.HasData)
                return false;
            var (domain, name, secret) = (ReadText(inner, 0), ReadText(inner, 1), ReadText(inner, 2));
            if (inner.HasData || !RdpCredentials.Fits(domain) || !RdpCredentials.Fits(name) || !RdpCredentials.Fits(secret))
                return false;
            credentials = new RdpCredentials(name, secret, domain);
            return true;
        }
        catch (AsnContentException)
        {
            return false;
        }
    }

    private static AsnReader Enter(AsnReader reader, int number) =>
        reader.ReadSequence(new Asn1Tag(TagClass.ContextSpecific, number, isConstructed: true));

    private static void WriteText(AsnWriter writer, int number, string text)
    {
        var bytes = Encoding.Unicode.GetBytes(text);
        using (TsRequestWriter.Field(writer, number))
            writer.WriteOctetString(bytes);
        CryptographicOperations.ZeroMemory(bytes);
    }

    private static string ReadText(AsnReader reader, int number) => Encoding.Unicode.GetString(Enter(reader, number).ReadOctetString());
}
