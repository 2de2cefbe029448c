namespace Relais.Gateway.Protocols.Tsgu;

/// <summary>Results that clients know, as HRESULTs ([MS-TSGU] 2.2.6).</summary>
public enum TsguCode : uint
{
    /// <summary>Success.</summary>
    Ok = 0,

    /// <summary>E_PROXY_INTERNALERROR: the gateway failed, or the client broke the protocol.</summary>
    InternalError = 0x800759D8,

    /// <summary>E_PROXY_RAP_ACCESSDENIED: this person may not connect to this target.</summary>
    TargetDenied = 0x800759DA,

    /// <summary>E_PROXY_NAP_ACCESSDENIED: this person may not use the gateway.</summary>
    AccessDenied = 0x800759DB,

    /// <summary>E_PROXY_TS_CONNECTFAILED: the target does not answer.</summary>
    ConnectFailed = 0x800759DD,

    /// <summary>E_PROXY_CAPABILITYMISMATCH: the client knows none of what the gateway does.</summary>
    CapabilityMismatch = 0x800759E9,

    /// <summary>E_PROXY_SESSIONTIMEOUT: idle for too long.</summary>
    SessionTimeout = 0x800759F6,

    /// <summary>E_PROXY_COOKIE_BADPACKET: there is no cookie, or not a readable one.</summary>
    CookieMalformed = 0x800759F7,

    /// <summary>E_PROXY_COOKIE_AUTHENTICATION_ACCESS_DENIED: the cookie is not accepted.</summary>
    CookieDenied = 0x800759F8,

    /// <summary>E_PROXY_UNSUPPORTED_AUTHENTICATION_METHOD: the client does not offer a cookie.</summary>
    UnsupportedAuthentication = 0x800759F9,
}
