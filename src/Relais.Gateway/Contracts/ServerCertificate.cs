using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Http;

namespace Relais.Gateway.Contracts;

/// <summary>Who the server is: the names that people type, and the certificate with its key that proves them.</summary>
/// <param name="leaf">With its private key.</param>
/// <param name="chain">What stands between it and a root, if anything.</param>
/// <param name="names">The first one is the public name.</param>
/// <param name="authority">The server's own authority, which nobody trusts by itself; null when the operator gave a certificate.</param>
public sealed class ServerCertificate(X509Certificate2 leaf, X509Certificate2Collection chain, IReadOnlyList<string> names, X509Certificate2? authority = null)
{
    /// <summary>The certificate.</summary>
    public X509Certificate2 Leaf { get; } = leaf;

    /// <summary>Intermediate certificates.</summary>
    public X509Certificate2Collection Chain { get; } = chain;

    /// <summary>Names and addresses that the certificate is for.</summary>
    public IReadOnlyList<string> Names { get; } = names;

    /// <summary>The server's own authority, if it issued the certificate.</summary>
    public X509Certificate2? Authority { get; } = authority;

    /// <summary>The name under which somebody reached this server, if it is one of ours; else the public one.</summary>
    public string NameFor(HostString reached) => Names.FirstOrDefault(own => string.Equals(own, reached.Host, StringComparison.OrdinalIgnoreCase)) ?? Names[0];

    // Made once: it holds the chain that each TLS handshake sends. Offline, because a start must not wait for somebody else's server.
    internal SslStreamCertificateContext Context { get; } = SslStreamCertificateContext.Create(leaf, chain, offline: true);
}
