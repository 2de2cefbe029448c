namespace Relais.Gateway.Contracts;

/// <summary>Why a site's agent did not reach a target for the gateway.</summary>
public enum SiteFault
{
    /// <summary>No agent of the site is connected.</summary>
    Away,

    /// <summary>The agent's own rules do not allow the address or port.</summary>
    NotAllowed,

    /// <summary>The agent carries as many connections as it may.</summary>
    Busy,

    /// <summary>The agent could not open the connection to this server that was to carry the target's: it, or a proxy in between, refused it or was too slow.</summary>
    NotCarried,
}
