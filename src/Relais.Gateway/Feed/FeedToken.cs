using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Feed;

/// <summary>
/// What a file of the feed shows at RD Gateway: 256 bits made from the client's key and the one target that they open. The same at each fetch, so
/// that an unchanged file is one; the server keeps a hash of them and cannot make them without the client's password.
/// </summary>
internal static class FeedToken
{
    /// <summary>Says to whoever finds one what it is, and to the gateway that it is none of those that are good once.</summary>
    private const string Prefix = "relais-feed-";

    public static string For(ReadOnlySpan<byte> key, string kind, Guid target, bool inspected) =>
        Prefix + Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{kind} {target:N} {(inspected ? "inspected" : "passed")}")));

    public static bool IsOne(string cookie) => cookie.StartsWith(Prefix, StringComparison.Ordinal);

    public static byte[] HashOf(string token) => Grant.HashOf(token);
}
