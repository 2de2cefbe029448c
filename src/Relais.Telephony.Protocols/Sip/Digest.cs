using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Relais.Telephony.Protocols.Sip;

/// <summary>What a server asks of whoever sends a request: WWW-Authenticate or Proxy-Authenticate (RFC 3261, 22; RFC 8760).</summary>
/// <param name="Algorithm">MD5 where none is named.</param>
/// <param name="Stale">The nonce was good and is too old: the same password with the new one.</param>
public sealed record DigestChallenge(string Realm, string Nonce, string? Opaque, string Algorithm, bool AsksAuth, bool Stale)
{
    /// <summary>Null for what is no Digest, or asks for what we can't do.</summary>
    public static DigestChallenge? TryParse(string? header)
    {
        if (header is null || !header.StartsWith("Digest ", StringComparison.OrdinalIgnoreCase))
            return null;
        var all = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var part in SipText.Split(header[7..], ','))
        {
            var at = part.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
                all.TryAdd(part[..at].Trim(), SipText.Unquote(part[(at + 1)..].Trim()));
        }

        var algorithm = all.GetValueOrDefault("algorithm", "MD5").ToUpperInvariant();
        var qop = all.GetValueOrDefault("qop")?.Split(',', StringSplitOptions.TrimEntries);
        if (!all.TryGetValue("realm", out var realm) || !all.TryGetValue("nonce", out var nonce) || !Digest.Knows(algorithm))
            return null;
        // "auth-int" alone would sign the body, which no trunk asks for.
        return qop is not null && !qop.Contains("auth", StringComparer.OrdinalIgnoreCase)
            ? null
            : new DigestChallenge(realm, nonce, all.GetValueOrDefault("opaque"), algorithm, qop is not null, "true".Equals(all.GetValueOrDefault("stale"), StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The strongest of those that a response offers (RFC 8760, 2.4); null where there is none.</summary>
    public static DigestChallenge? Best(SipResponse response) =>
        response.Headers.Of(response.Status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate").Select(TryParse).OfType<DigestChallenge>()
            .OrderByDescending(c => Digest.Strength(c.Algorithm)).FirstOrDefault();
}

/// <summary>Answers to digest challenges (RFC 2617, 3.2.2; with SHA-256 as RFC 7616).</summary>
public static class Digest
{
    /// <summary>The value of the Authorization or Proxy-Authorization header.</summary>
    /// <param name="count">How often this nonce was used, this time included: 1 the first time.</param>
    /// <param name="clientNonce">Random, of our own; used where the server asks for protection ("auth").</param>
    public static string Answer(DigestChallenge challenge, string user, string password, string method, string uri, uint count, string clientNonce)
    {
        var counted = count.ToString("x8", CultureInfo.InvariantCulture);
        var session = challenge.Algorithm.EndsWith("-SESS", StringComparison.Ordinal);
        var secret = Hash(challenge.Algorithm, $"{user}:{challenge.Realm}:{password}");
        if (session)
            secret = Hash(challenge.Algorithm, $"{secret}:{challenge.Nonce}:{clientNonce}");
        var what = Hash(challenge.Algorithm, $"{method}:{uri}");
        var response = Hash(
            challenge.Algorithm, challenge.AsksAuth ? $"{secret}:{challenge.Nonce}:{counted}:{clientNonce}:auth:{what}" : $"{secret}:{challenge.Nonce}:{what}");

        var header = new StringBuilder("Digest username=").Append(SipText.Quote(user)).Append(", realm=").Append(SipText.Quote(challenge.Realm))
            .Append(", nonce=").Append(SipText.Quote(challenge.Nonce)).Append(", uri=").Append(SipText.Quote(uri))
            .Append(CultureInfo.InvariantCulture, $", response=\"{response}\", algorithm={challenge.Algorithm}");
        if (challenge.Opaque is { } opaque)
            header.Append(", opaque=").Append(SipText.Quote(opaque));
        if (challenge.AsksAuth)
            header.Append(CultureInfo.InvariantCulture, $", qop=auth, nc={counted}");
        if (challenge.AsksAuth || session)
            header.Append(", cnonce=").Append(SipText.Quote(clientNonce));
        return header.ToString();
    }

    internal static bool Knows(string algorithm) => Strength(algorithm) > 0;

    internal static int Strength(string algorithm) => algorithm switch
    {
        "MD5" or "MD5-SESS" => 1,
        "SHA-256" or "SHA-256-SESS" => 2,
        _ => 0,
    };

    private static string Hash(string algorithm, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5351 // What trunks ask for; the strongest that they offer is taken.
        return Convert.ToHexStringLower(Strength(algorithm) == 2 ? SHA256.HashData(bytes) : MD5.HashData(bytes));
#pragma warning restore CA5351
    }
}
