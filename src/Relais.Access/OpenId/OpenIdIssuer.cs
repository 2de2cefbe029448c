using Relais.Access.Accounts;

namespace Relais.Access.OpenId;

/// <summary>Somebody else who can say who a person is: the institute's own sign-in service, by OpenID Connect.</summary>
internal sealed class OpenIdIssuer
{
    public const int NameLength = 60;
    public const int AuthorityLength = 300;
    public const int ClientIdLength = 200;
    public const int ClaimLength = 60;
    public const int AcrLength = 300;

    public Guid Id { get; init; }

    /// <summary>What the button says.</summary>
    public required string Name { get; set; }

    /// <summary>Its address; what it says about itself lies below, at <c>.well-known/openid-configuration</c>.</summary>
    public required string Authority { get; set; }

    public required string ClientId { get; set; }

    /// <summary>Protected. Null for a public client, which PKCE alone protects.</summary>
    public byte[]? Secret { get; set; }

    public required string MailClaim { get; set; }

    /// <summary>The claim that names groups; null when groups are not taken from it.</summary>
    public string? GroupsClaim { get; set; }

    /// <summary>Whether somebody whom it knows and we do not gets an account. Else people are only matched.</summary>
    public bool CreatesPeople { get; set; }

    /// <summary>Whether its word that it asked for a second factor counts for ours.</summary>
    public bool FactorCounts { get; set; }

    /// <summary>Values of <c>acr</c> that mean two factors, separated by spaces; beside the usual ones of <c>amr</c>.</summary>
    public string? FactorAcr { get; set; }

    public bool Enabled { get; set; }

    public DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Who of an issuer's people is who of ours: by the issuer's own lasting name for them, whatever becomes of the e-mail address.</summary>
internal sealed class OpenIdLink
{
    public const int SubjectLength = 255;

    public Guid IssuerId { get; init; }

    public required string Subject { get; init; }

    public Guid PersonId { get; init; }

    public Person? Person { get; init; }

    public DateTimeOffset LinkedAt { get; init; }
}

/// <summary>Why a sign-in by an issuer did not come to its end.</summary>
internal enum OpenIdProblem
{
    /// <summary>No such issuer (any more).</summary>
    NoIssuer,

    /// <summary>It does not answer, or not as it should.</summary>
    Away,

    /// <summary>It says that it is somebody else than who was asked.</summary>
    WrongIssuer,

    /// <summary>It, or the person in front of it, refused.</summary>
    Declined,

    /// <summary>Not begun in this browser, or ended already: a changed state, a second use of the same answer.</summary>
    Lost,

    /// <summary>Begun too long ago, or its word is too old.</summary>
    Expired,

    /// <summary>It does not know the code (any more): used before, or made up.</summary>
    Replayed,

    /// <summary>Its word is not signed by it, or meant for somebody else.</summary>
    Untrusted,

    /// <summary>It gives no e-mail address, or one that it has not verified.</summary>
    NoVerifiedMail,

    /// <summary>Nobody here has this address.</summary>
    Unknown,

    /// <summary>The person is tied to another account of the same issuer.</summary>
    OtherAccount,
    Disabled,
    AccessEnded,
    TooManyTries,

    /// <summary>The institute's rules refuse it: from there, with this device or at this hour.</summary>
    Barred,
}

/// <summary>Client secrets are kept sealed: a copy of the database alone opens no issuer.</summary>
internal sealed class IssuerSecrets(Microsoft.AspNetCore.DataProtection.IDataProtectionProvider protection)
{
    private readonly Microsoft.AspNetCore.DataProtection.IDataProtector _protector = protection.CreateProtector("Relais.Access.OpenIdIssuer");

    public byte[] Seal(string secret) => _protector.Protect(System.Text.Encoding.UTF8.GetBytes(secret));

    public string Open(byte[] kept) => System.Text.Encoding.UTF8.GetString(_protector.Unprotect(kept));
}
