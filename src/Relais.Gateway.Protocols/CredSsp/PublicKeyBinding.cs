using System.Security.Cryptography;

namespace Relais.Gateway.Protocols.CredSsp;

/// <summary>
/// The proof, since version 5 of CredSSP, that both ends of the NTLM or Kerberos exchange see the same TLS key, so that nobody sits in
/// the middle ([MS-CSSP] 3.1.5, processing of the public key).
/// </summary>
public static class PublicKeyBinding
{
    /// <summary>What the client sends, encrypted.</summary>
    /// <param name="nonce"><see cref="TsRequest.NonceLength"/> random bytes, sent beside it.</param>
    /// <param name="subjectPublicKey">The content of the certificate's subjectPublicKey bit string; for RSA, an RSAPublicKey.</param>
    public static byte[] OfClient(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> subjectPublicKey) =>
        Hash("CredSSP Client-To-Server Binding Hash\0"u8, nonce, subjectPublicKey);

    /// <summary>What the server sends back, encrypted. Differs from the client's, which a liar could merely repeat.</summary>
    public static byte[] OfServer(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> subjectPublicKey) =>
        Hash("CredSSP Server-To-Client Binding Hash\0"u8, nonce, subjectPublicKey);

    private static byte[] Hash(ReadOnlySpan<byte> magic, ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> subjectPublicKey)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(magic);
        hash.AppendData(nonce);
        hash.AppendData(subjectPublicKey);
        return hash.GetHashAndReset();
    }
}
