using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Relais.Traffic.Links;

internal enum LinkKind
{
    Wall,
    Channel,
    View,
}

/// <summary>
/// An address under which one thing is shown to whoever has it, without signing in: the wall, one channel, or one view of the explorer. Its token is kept as a hash; 256 random
/// bits need no slow one.
/// </summary>
internal sealed class PublicLink
{
    public const int LongestName = 80;
    public const int LongestDays = 730;
    public const int MostHosts = 20;
    private const int TokenBytes = 32;
    private const int HintLength = 6;

    // Different words before the same bytes than any other secret's: what is kept opens nothing else.
    private static readonly byte[] HashUse = "relais public traffic link:"u8.ToArray();

    public Guid Id { get; set; }

    public required string Name { get; set; }

    public LinkKind Kind { get; set; }

    /// <summary>The channel's name, or the view's address beginning with "?"; empty for the wall.</summary>
    public required string Target { get; set; }

    public required byte[] Hash { get; set; }

    /// <summary>How the token begins, so that whoever finds an address knows which it is.</summary>
    public required string Hint { get; set; }

    /// <summary>Hosts whose pages may show it in a frame; none: no page may.</summary>
    public string[] Hosts { get; set; } = [];

    public required string MadeBy { get; set; }

    public DateTimeOffset CreatedAt { get; set; }

    public DateTimeOffset ExpiresAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenBytes));

    public static string HintOf(string token) => token[..HintLength];

    public static byte[] HashOf(string token) => SHA256.HashData([.. HashUse, .. Encoding.UTF8.GetBytes(token)]);

    /// <summary>Whether a text can be a token at all.</summary>
    public static bool Looks(string text) => text.Length == Base64Url.GetEncodedLength(TokenBytes) && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
