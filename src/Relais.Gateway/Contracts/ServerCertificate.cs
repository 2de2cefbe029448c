using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Gateway.Contracts;

/// <summary>Who the server is: the names that people type, and the certificate with its key that proves them.</summary>
/// <param name="leaf">With its private key.</param>
/// <param name="chain">What stands between it and a root, if anything.</param>
/// <param name="names">The first one is the public name.</param>
public sealed class ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection chain, IReadOnlyList<string> names)
{
    /// <summary>The certificate.</summary>
    public X509Certificate2 Leaf { get; } = leaf;

    /// <summary>Intermediate certificates.</summary>
    public X509Certificate2Collection Chain { get; } = chain;

    /// <summary>Names and addresses that the certificate is for.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    // Made once: it holds the chain that each TLS handshake sends. Offline, because a start must not wait for somebody else's server.
    internal SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(leaf, chain, offline: true);
}
