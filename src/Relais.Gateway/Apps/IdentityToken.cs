using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Relais.Gateway.Apps;

/// <summary>Who a person is, as an app is told: a JWT (RFC 7519) signed with ES256 (RFC 7518, 3.4).</summary>
internal static class IdentityToken
{
    public const string Header = "X-Relais-Identity";

    /// <summary>The same without a signature, for apps that are set to get it.</summary>
    public const string UserHeader = "X-Relais-User";

    private static readonly JsonSerializerOptions Names = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="Iss">The portal's address.</param>
    /// <param name="Aud">The app's host name.</param>
    /// <param name="Sub">The person's id, which never changes.</param>
    /// <param name="PreferredUsername">The person's user name.</param>
    /// <param name="Name">As people read it.</param>
    /// <param name="Locale">"fr" or "en".</param>
    /// <param name="Groups">Names of those groups of the person that the app is published for.</param>
    /// <param name="Iat">When it was signed, in seconds since 1970.</param>
    /// <param name="Exp">When it ends, in the same.</param>
    public sealed record Claims(
        string Iss, string Aud, string Sub, string PreferredUsername, string Name, string Locale, IReadOnlyList<string> Groups, long Iat, long Exp);

    public static string Sign(Claims claims, IdentityKey key)
    {
        var head = Part(new { alg = "ES256", typ = "JWT", kid = key.Id });
        var signed = $"{head}.{Part(claims)}";
        // Made each time: one instance may not sign on two threads at once.
        using var signer = ECDsa.Create(key.Parameters);
        var signature = signer.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value, Names));
}
