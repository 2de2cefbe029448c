using Relais.Gateway.Protocols.CleanPath;

namespace Relais.Gateway.Relay;

/// <summary>Every way in which a connection is not made, by phase and culprit.</summary>
internal enum HandshakeFailure
{
    /// <summary>The browser closed or broke off.</summary>
    BrowserLeft,

    /// <summary>The browser's request did not come in time.</summary>
    RequestTooSlow,

    /// <summary>The browser's request is no RDCleanPath request.</summary>
    RequestMalformed,

    /// <summary>The browser's request is longer than any.</summary>
    RequestTooLong,

    /// <summary>The browser's request is of another version.</summary>
    VersionUnsupported,

    /// <summary>The X.224 request in the browser's request is malformed or cannot do TLS.</summary>
    NegotiationMalformed,

    /// <summary>The browser names another destination than the one it was let in for.</summary>
    DestinationRefused,

    /// <summary>For the caller: the token was not accepted.</summary>
    AccessRefused,

    /// <summary>No agent of the target's site is connected.</summary>
    SiteAway,

    /// <summary>The agent of the target's site does not go there, or carries no more.</summary>
    SiteRefused,

    /// <summary>The target refused the TCP connection.</summary>
    TargetRefused,

    /// <summary>No way to the target.</summary>
    TargetUnreachable,

    /// <summary>The target did not answer in time, at any step.</summary>
    TargetTooSlow,

    /// <summary>The target broke off.</summary>
    TargetLost,

    /// <summary>The target's X.224 answer is malformed.</summary>
    ConfirmMalformed,

    /// <summary>The target refused in its X.224 answer, which the browser is given.</summary>
    NegotiationRefused,

    /// <summary>The target chose a security without TLS, or one that was not offered.</summary>
    SecurityTooWeak,

    /// <summary>TLS with the target failed.</summary>
    TlsFailed,

    /// <summary>The target's certificate is not the pinned one.</summary>
    CertificateChanged,

    /// <summary>The target did not prove that its end of TLS is this one: somebody may sit in the middle. It got no password.</summary>
    KeyNotProven,

    /// <summary>The target refused name or password.</summary>
    CredentialsRefused,

    /// <summary>The account is locked after too many wrong passwords.</summary>
    AccountLocked,

    /// <summary>The password has expired or must be changed at the target itself.</summary>
    PasswordExpired,

    /// <summary>The account is disabled, expired, or may not sign in on this target or now.</summary>
    AccountBarred,

    /// <summary>Signing in failed for another reason: the target broke the protocol, or failed.</summary>
    SignInFailed,

    /// <summary>The gateway was told to stop.</summary>
    Stopped,
}

internal static class HandshakeFailures
{
    /// <summary>What the browser is told, in the numbers that its RDP client knows. Nothing in it names the target.</summary>
    public static CleanPathError ToError(this HandshakeFailure failure) => failure switch
    {
        HandshakeFailure.BrowserLeft => CleanPathError.Http(400),
        HandshakeFailure.RequestTooSlow => CleanPathError.Http(408),
        HandshakeFailure.RequestMalformed => CleanPathError.Http(400),
        HandshakeFailure.RequestTooLong => CleanPathError.Http(413),
        HandshakeFailure.VersionUnsupported => CleanPathError.Http(505),
        HandshakeFailure.NegotiationMalformed => CleanPathError.Http(400),
        HandshakeFailure.DestinationRefused => CleanPathError.Http(403),
        HandshakeFailure.AccessRefused => CleanPathError.Http(403),
        HandshakeFailure.SiteAway => CleanPathError.Winsock(10050),
        HandshakeFailure.SiteRefused => CleanPathError.Winsock(10013),
        HandshakeFailure.TargetRefused => CleanPathError.Winsock(10061),
        HandshakeFailure.TargetUnreachable => CleanPathError.Winsock(10065),
        HandshakeFailure.TargetTooSlow => CleanPathError.Winsock(10060),
        HandshakeFailure.TargetLost => CleanPathError.Winsock(10054),
        HandshakeFailure.ConfirmMalformed => CleanPathError.Http(502),
        HandshakeFailure.NegotiationRefused => new CleanPathError(CleanPathError.Negotiation),
        HandshakeFailure.SecurityTooWeak => CleanPathError.Tls(71),
        HandshakeFailure.TlsFailed => CleanPathError.Tls(40),
        HandshakeFailure.CertificateChanged => CleanPathError.Tls(42),
        HandshakeFailure.KeyNotProven => CleanPathError.Tls(51),
        HandshakeFailure.CredentialsRefused => CleanPathError.Http(401),
        HandshakeFailure.AccountLocked => CleanPathError.Http(423),
        HandshakeFailure.PasswordExpired => CleanPathError.Http(407),
        HandshakeFailure.AccountBarred => CleanPathError.Http(406),
        HandshakeFailure.SignInFailed => CleanPathError.Http(502),
        HandshakeFailure.Stopped => CleanPathError.Http(503),
    };
}
