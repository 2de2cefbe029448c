using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Gateway.Protocols.RdpFiles;

/// <summary>CMS SignedData (RFC 5652, 5) over bytes that travel apart from it, with one signer, SHA-256 and no attributes.</summary>
public static class DetachedSignature
{
    private const string SignedData = "1.2.840.113549.1.7.2";
    private const string PlainData = "1.2.840.113549.1.7.1";
    private const string Sha256 = "2.16.840.1.101.3.4.2.1";
    private const string RsaEncryption = "1.2.840.113549.1.1.1";
    private const string EcdsaWithSha256 = "1.2.840.10045.4.3.2";

    /// <summary>Signs.</summary>
    /// <param name="content">What is signed.</param>
    /// <param name="signer">With its private key, RSA or ECDSA.</param>
    /// <param name="chain">Further certificates to send along.</param>
    /// <returns>DER.</returns>
    /// <exception cref="ArgumentException">The certificate has no key of these kinds.</exception>
    public static byte[] Of(byte[] content, X509Certificate2 signer, X509Certificate2Collection chain)
    {
        var (algorithm, signature) = Sign(content, signer);
        var der = new AsnWriter(AsnEncodingRules.DER);
        var context = new Asn1Tag(TagClass.ContextSpecific, 0, isConstructed: true);
        using (der.PushSequence())
        {
            der.WriteObjectIdentifier(SignedData);
            using (der.PushSequence(context))
            using (der.PushSequence())
            {
                der.WriteInteger(1);
                using (der.PushSetOf())
                    WriteAlgorithm(der, Sha256, withNull: true);
                using (der.PushSequence())
                    der.WriteObjectIdentifier(PlainData);
                using (der.PushSetOf(context))
                {
                    der.WriteEncodedValue(signer.RawDataMemory.Span);
                    foreach (var above in chain)
                        der.WriteEncodedValue(above.RawDataMemory.Span);
                }

                using (der.PushSetOf())
                    WriteSigner(der, signer, algorithm, signature);
            }
        }

        return der.Encode();
    }

    private static void WriteSigner(AsnWriter der, X509Certificate2 signer, string algorithm, byte[] signature)
    {
        using var _ = der.PushSequence();
        der.WriteInteger(1);
        using (der.PushSequence())
        {
            der.WriteEncodedValue(signer.IssuerName.RawData);
            der.WriteInteger(signer.SerialNumberBytes.Span);
        }

        WriteAlgorithm(der, Sha256, withNull: true);
        WriteAlgorithm(der, algorithm, withNull: algorithm == RsaEncryption);
        der.WriteOctetString(signature);
    }

    private static void WriteAlgorithm(AsnWriter der, string oid, bool withNull)
    {
        using var _ = der.PushSequence();
        der.WriteObjectIdentifier(oid);
        if (withNull)
            der.WriteNull();
    }

    private static (string Algorithm, byte[] Signature) Sign(byte[] content, X509Certificate2 signer)
    {
        using var rsa = signer.GetRSAPrivateKey();
        if (rsa is not null)
            return (RsaEncryption, rsa.SignData(content, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        using var ecdsa = signer.GetECDsaPrivateKey() ?? throw new ArgumentException("Without an RSA or ECDSA key.", nameof(signer));
        return (EcdsaWithSha256, ecdsa.SignData(content, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence));
    }
}
