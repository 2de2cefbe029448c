using System.Net;

namespace Relais.Gateway.Relay;

/// <summary>Where to connect and whom to expect there. Made from the gateway's own rows.</summary>
/// <param name="Address">The only address dialled.</param>
/// <param name="CertificateSha256">Hash of the DER certificate; null trusts whatever comes first and reports it.</param>
/// <param name="Destination">What the browser must have written in its request; null ignores what it wrote.</param>
internal sealed record RdpTarget(IPEndPoint Address, byte[]? CertificateSha256, string? Destination = null);
