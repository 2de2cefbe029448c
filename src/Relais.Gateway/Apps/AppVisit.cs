namespace Relais.Gateway.Apps;

/// <summary>A person in an app, by one sign-in on one browser. The browser holds a random token; only its hash is kept.</summary>
internal sealed class AppVisit
{
    public Guid Id { get; init; }

    public Guid AppId { get; init; }

    public Guid PersonId { get; init; }

    public Guid SignInId { get; init; }

    public required byte[] TokenHash { get; init; }

    public DateTimeOffset EnteredAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>What the portal gives a browser to enter an app with, once and soon.</summary>
internal sealed class AppCode
{
    public Guid Id { get; init; }

    public Guid AppId { get; init; }

    public Guid PersonId { get; init; }

    public Guid SignInId { get; init; }

    public required byte[] CodeHash { get; init; }

    /// <summary>Hash of the random value that the app's host gave the same browser before: a code that was led astray opens nothing.</summary>
    public required byte[] StepHash { get; init; }

    public DateTimeOffset IssuedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RedeemedAt { get; set; }
}

/// <summary>A key that signs identities.</summary>
internal sealed class AppKey
{
    public Guid Id { get; init; }

    /// <summary>PKCS#8 of a P-256 key, encrypted.</summary>
    public required string Secret { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
