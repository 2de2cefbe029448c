using Relais.Access.Accounts;

namespace Relais.Access.SignIns;

/// <summary>One sign-in on one browser. The browser holds a random token; only its hash is kept here.</summary>
internal sealed class SignIn
{
    public const int UserAgentLength = 300;

    public Guid Id { get; init; } = Guid.CreateVersion7();

    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public required byte[] TokenHash { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When the person last proved who they are: what sensitive changes ask for.</summary>
    public DateTimeOffset ProvenAt { get; set; }

    public string? Address { get; set; }

    public required string UserAgent { get; init; }

    public SignInMethod Method { get; init; }

    /// <summary>Two factors were given, or one passkey that verified the person.</summary>
    public bool SecondFactor { get; set; }

    /// <summary>When the last one was given; null for a sign-in from before that was noted, which gave it at its beginning.</summary>
    public DateTimeOffset? SecondFactorAt { get; set; }

    /// <summary>It came from a browser that the person had not signed in with before.</summary>
    public bool NewDevice { get; init; }

    /// <summary>A second factor must be set up before anything else is open.</summary>
    public bool SecondFactorDue { get; set; }

    /// <summary>The issuer that said who this is; null when nobody else was asked.</summary>
    public Guid? IssuerId { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsLive(DateTimeOffset now, SignInLifeOptions options) =>
        RevokedAt is null && now - LastSeenAt < options.IdleLife && now - CreatedAt < options.Life;
}

internal enum SignInMethod
{
    Password = 0,
    PasswordAndCode = 1,
    PasswordAndRecoveryCode = 2,
    Passkey = 3,

    /// <summary>No browser's: see <see cref="NativeClients.NativeClient"/>.</summary>
    NativeClient = 4,

    /// <summary>Another issuer said who it is, and nothing more was asked.</summary>
    OpenId = 5,

    /// <summary>The issuer asked for a second factor, and its word counts for that.</summary>
    OpenIdWithFactor = 6,
    OpenIdAndCode = 7,
    OpenIdAndRecoveryCode = 8,

    /// <summary>The directory's password.</summary>
    Directory = 9,
    DirectoryAndCode = 10,
    DirectoryAndRecoveryCode = 11,
}

internal static class SignInMethods
{
    /// <summary>Whether another issuer or the directory, and no password of ours, opened the sign-in.</summary>
    public static bool IsElsewhere(this SignInMethod method) =>
        method is SignInMethod.OpenId or SignInMethod.OpenIdWithFactor or SignInMethod.OpenIdAndCode or SignInMethod.OpenIdAndRecoveryCode
            or SignInMethod.Directory or SignInMethod.DirectoryAndCode or SignInMethod.DirectoryAndRecoveryCode;

    /// <summary>Whether nothing but a password, or an issuer's word, was given.</summary>
    public static bool IsOneFactor(this SignInMethod method) => method is SignInMethod.Password or SignInMethod.OpenId or SignInMethod.Directory;
}
