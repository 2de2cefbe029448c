using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Relais.Access.SystemKeys;

/// <summary>
/// What another system of the institute shows instead of a sign-in. It is nobody's: it stays when whoever made it leaves, and only an administrator
/// makes or ends it. Kept as a hash; 256 random bits need no slow one.
/// </summary>
internal sealed class SystemKey
{
    public const int NameLength = 80;
    public const int LongestDays = 1830;
    private const string Prefix = "relais_";
    private const int SecretBytes = 32;
    private const int HintLength = 6;

    // Different words before the same bytes than any other secret's: what is kept opens nothing else.
    private static readonly byte[] HashUse = "relais system key:"u8.ToArray();

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    public required byte[] Hash { get; init; }

    /// <summary>How the key begins, so that whoever finds one knows which it is.</summary>
    public required string Hint { get; init; }

    /// <summary>Ids of <see cref="Contracts.KeyResource"/>, or <see cref="Contracts.SystemKeyClaims.Everything"/>.</summary>
    public required string[] Resources { get; init; }

    public required bool MayWrite { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required string CreatedByName { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public DateTimeOffset? LastUsedAt { get; set; }

    /// <summary>Where it was last used from.</summary>
    public string? Address { get; set; }

    public bool IsLive(DateTimeOffset now) => RevokedAt is null && now < ExpiresAt;

    public static string NewSecret() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(SecretBytes));

    public static string HintOf(string secret) => secret[..(Prefix.Length + HintLength)];

    public static byte[] HashOf(string secret) => SHA256.HashData([.. HashUse, .. Encoding.UTF8.GetBytes(secret)]);

    public static bool Looks(string text) => text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length is > 40 and < 80;
}
