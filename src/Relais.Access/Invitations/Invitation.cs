using Relais.Access.Accounts;

namespace Relais.Access.Invitations;

/// <summary>A link by which somebody who has no password yet chooses one, once. Only the hash of its token is kept.</summary>
internal sealed class Invitation
{
    public const int FailureLength = 300;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public required byte[] TokenHash { get; init; }

    public InvitationWay Way { get; init; }

    /// <summary>Those that were made together: a printed sheet.</summary>
    public Guid Batch { get; init; }

    /// <summary>Where the portal is for whoever opens it: scheme, name and port.</summary>
    public required string Portal { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When the mail server took it.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>What the mail server said against it, in its own words.</summary>
    public string? Failure { get; set; }

    /// <summary>Whether the mail server will never take it: it is not sent again by itself.</summary>
    public bool Refused { get; set; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>A newer invitation took its place.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    public bool Holds(DateTimeOffset now) => UsedAt is null && EndedAt is null && now < ExpiresAt;
}

internal enum InvitationWay
{
    Mail = 0,
    Sheet = 1,
}
