using System.Collections.Concurrent;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Relais.Gateway.Contracts;

namespace Relais.Host.Tls;

/// <summary>
/// Which certificate a connection is shown. The operator's own, always. With the local authority, an internal app's host name gets one of
/// its own, made when it is first asked for: apps are published while the server runs, and browsers take no "*.localhost".
/// </summary>
/// <param name="authority">Null when the operator gave a certificate.</param>
internal sealed class ShownCertificates(
    X509Certificate2 server, X509Certificate2Collection chain, LocalAuthority? authority, PublishedHosts published, TimeProvider clock)
{
    private static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    // Offline, because a start must not wait for somebody else's server.
    private readonly SslStreamCertificateContext _server = SslStreamCertificateContext.Create(server, chain, offline: true);
    private readonly ConcurrentDictionary<string, SslStreamCertificateContext> _apps = new(StringComparer.OrdinalIgnoreCase);

    public async ValueTask<SslServerAuthenticationOptions> ForAsync(TlsHandshakeCallbackContext connection) =>
        new() { ServerCertificateContext = await AppsAsync(connection.ClientHelloInfo.ServerName, connection.CancellationToken) ?? _server };

    private async Task<SslStreamCertificateContext?> AppsAsync(string host, CancellationToken cancel)
    {
        if (authority is null || host.Length == 0)
            return null;
        if (_apps.TryGetValue(host, out var kept) && kept.TargetCertificate.NotAfter.ToUniversalTime() - clock.GetUtcNow() > RenewBefore)
            return kept;
        if (!await published.ContainsAsync(host, cancel))
            return null;
        // Two at once make two, and either is good.
        var made = SslStreamCertificateContext.Create(authority.IssueFor(host.ToLowerInvariant()), additionalCertificates: null, offline: true);
        _apps[host] = made;
        return made;
    }
}
