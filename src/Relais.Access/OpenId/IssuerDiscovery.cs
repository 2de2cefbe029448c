using System.Collections.Concurrent;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace Relais.Access.OpenId;

/// <summary>What issuers say about themselves: their addresses and keys, asked at first use and kept for a while. No restart when rows change.</summary>
internal sealed class IssuerDiscovery : IDisposable
{
    private const int LongestAnswer = 1024 * 1024;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, ConfigurationManager<OpenIdConnectConfiguration>> _known = new(StringComparer.Ordinal);

    /// <summary>Follows nobody elsewhere: a token goes where the issuer's own document says and nowhere else.</summary>
    public HttpClient Client { get; } = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        Timeout = Patience,
        MaxResponseContentBufferSize = LongestAnswer,
    };

    /// <returns>Null when it does not answer, or not with a document of an issuer.</returns>
    public async Task<OpenIdConnectConfiguration?> FindAsync(string authority, CancellationToken cancel)
    {
        try
        {
            return await Of(authority).GetConfigurationAsync(cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is InvalidOperationException or IOException or HttpRequestException or OperationCanceledException or ArgumentException)
        {
            // What failed is asked anew at the next try.
            _known.TryRemove(authority, out _);
            return null;
        }
    }

    /// <summary>Asks anew: keys change, and addresses.</summary>
    public void Forget(string authority) => _known.TryRemove(authority, out _);

    /// <summary>Whether the document is of the issuer that was asked: another name in it would let one issuer speak for another.</summary>
    public static bool IsOf(OpenIdConnectConfiguration found, string authority) =>
        string.Equals(found.Issuer?.TrimEnd('/'), authority.TrimEnd('/'), StringComparison.Ordinal);

    /// <summary>Plain HTTP is for trying on this machine alone.</summary>
    public static bool IsSafe(string? address) => Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private ConfigurationManager<OpenIdConnectConfiguration> Of(string authority) => _known.GetOrAdd(authority, _ => new ConfigurationManager<OpenIdConnectConfiguration>(
        $"{authority.TrimEnd('/')}/.well-known/openid-configuration",
        new OpenIdConnectConfigurationRetriever(),
        new HttpDocumentRetriever(Client) { RequireHttps = new Uri(authority).Scheme == Uri.UriSchemeHttps }));

    public void Dispose() => Client.Dispose();
}
