using System.Text.RegularExpressions;

namespace Relais.Gateway.Sites;

/// <summary>An office network that this server does not reach, and whose agents connect to it instead.</summary>
internal sealed partial class Site
{
    public const int NameLength = 40;

    public Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>What makes "Lille" and "lille" one name.</summary>
    public required string NormalizedName { get; init; }

    public DateTimeOffset AddedAt { get; init; }

    public List<SiteAgent> Agents { get; } = [];

    public static string Normalize(string name) => name.Trim().ToUpperInvariant();

    public static bool IsName(string name) => name.Length <= NameLength && Form().IsMatch(name);

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._-]*\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Form();
}

/// <summary>One running <c>relais agent</c> of a site. It holds a random secret; only its hash is kept here.</summary>
internal sealed class SiteAgent
{
    public const int NameLength = 100;
    public const int VersionLength = 40;

    // Written every second or so while the link stands.
    private static readonly TimeSpan SeenLately = TimeSpan.FromSeconds(20);

    public Guid Id { get; init; }

    public Guid SiteId { get; init; }

    /// <summary>What its machine calls itself. Free text.</summary>
    public required string Name { get; init; }

    public required byte[] SecretHash { get; init; }

    public DateTimeOffset EnrolledAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public string? Version { get; set; }

    /// <summary>The address that it last connected from, as the server saw it.</summary>
    public string? Address { get; set; }

    /// <summary>Its link of the moment; null when it left in good order.</summary>
    public Guid? LinkId { get; set; }

    public DateTimeOffset? ConnectedSince { get; set; }

    /// <summary>When its link was last known to stand.</summary>
    public DateTimeOffset? SeenAt { get; set; }

    public bool IsConnected(DateTimeOffset now) => RevokedAt is null && LinkId is not null && SeenAt > now - SeenLately;
}

/// <summary>A token that lets one machine become an agent of a site, once. Kept as a hash.</summary>
internal sealed class SiteToken
{
    public Guid Id { get; init; }

    public Guid SiteId { get; init; }

    public required byte[] TokenHash { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}
