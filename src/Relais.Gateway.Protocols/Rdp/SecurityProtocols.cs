namespace Relais.Gateway.Protocols.Rdp;

/// <summary>How an RDP connection is protected ([MS-RDPBCGR] 2.2.1.1.1, requestedProtocols).</summary>
[Flags]
public enum SecurityProtocols : uint
{
    /// <summary>RDP's own RC4, broken; never accepted.</summary>
    Rdp = 0,

    /// <summary>TLS.</summary>
    Tls = 1,

    /// <summary>TLS, then CredSSP (network level authentication).</summary>
    Hybrid = 2,

    /// <summary>RDSTLS.</summary>
    RdsTls = 4,

    /// <summary>As <see cref="Hybrid"/>, and the target says early whether the user may enter.</summary>
    HybridEx = 8,

    /// <summary>RDS with Entra ID.</summary>
    RdsAad = 16,
}
