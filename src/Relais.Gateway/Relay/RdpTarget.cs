using System.Net;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>Where to connect and whom to expect there. Made from the gateway's own rows.</summary>
/// <param name="Address">The only address dialled.</param>
/// <param name="CertificateSha256">Hash of the DER certificate; null trusts whatever comes first and reports it.</param>
/// <param name="Destination">What the browser must have written in its request; null ignores what it wrote.</param>
/// <param name="SignIn">Demands network level authentication and signs in with this account; null asks for TLS alone.</param>
internal sealed record RdpTarget(IPEndPoint Address, byte[]? CertificateSha256, string? Destination = null, RdpCredentials? SignIn = null)
{
    /// <summary>How the address is reached.</summary>
    public ReachTarget Reach { get; init; } = TargetLink.DialAsync;
}
