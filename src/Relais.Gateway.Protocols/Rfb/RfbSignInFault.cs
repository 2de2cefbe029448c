namespace Relais.Gateway.Protocols.Rfb;

/// <summary>Why a VNC server was not entered.</summary>
public enum RfbSignInFault
{
    /// <summary>Nothing is wrong so far.</summary>
    None,

    /// <summary>It does not speak RFB, or not as it should.</summary>
    NotRfb,

    /// <summary>It refused before any password: see the reason.</summary>
    Refused,

    /// <summary>It offers neither VNC authentication nor none.</summary>
    SecurityUnknown,

    /// <summary>It wants a password and there is none to give.</summary>
    PasswordMissing,

    /// <summary>The password is wrong.</summary>
    PasswordRefused,

    /// <summary>Too many wrong passwords were given lately.</summary>
    TooManyAttempts,
}
