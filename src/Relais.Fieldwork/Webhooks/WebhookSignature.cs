using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;

namespace Relais.Fieldwork.Webhooks;

/// <summary>Signatures as Standard Webhooks 1.0 writes them: HMAC-SHA256 over id, time and body.</summary>
internal static class WebhookSignature
{
    public const string SecretPrefix = "whsec_";
    private const int SecretBytes = 32;
    private const int ShortestBytes = 24;
    private const int LongestBytes = 64;

    public static string NewSecret() => SecretPrefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(SecretBytes));

    /// <summary>The key that a secret's text holds; null: it is none, or not 24 to 64 bytes.</summary>
    public static byte[]? Key(string secret)
    {
        if (!secret.StartsWith(SecretPrefix, StringComparison.Ordinal))
            return null;
        var bytes = new byte[secret.Length];
        return Convert.TryFromBase64String(secret[SecretPrefix.Length..], bytes, out var length) && length is >= ShortestBytes and <= LongestBytes ? bytes[..length] : null;
    }

    /// <summary>A signature by each key; a receiver takes the message when one of them is its own.</summary>
    public static string Of(IEnumerable<byte[]> keys, string id, DateTimeOffset at, byte[] body) => string.Join(' ', keys.Select(key => Of(key, id, at, body)));

    public static string Of(byte[] key, string id, DateTimeOffset at, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.")));
        hash.AppendData(body);
        return "v1," + Convert.ToBase64String(hash.GetHashAndReset());
    }
}

/// <summary>Secrets of receivers are kept sealed: a copy of the database alone signs nothing.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private readonly IDataProtector _kept = protection.CreateProtector("Relais.Fieldwork.Webhook");

    public byte[] Seal(byte[] key) => _kept.Protect(key);

    public byte[] Open(byte[] kept) => _kept.Unprotect(kept);
}
