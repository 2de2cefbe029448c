using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relais.Gateway.Sites;

namespace Relais.Gateway.Agent;

/// <summary>How an agent speaks with its server: over TLS, through the proxy of HTTPS_PROXY and NO_PROXY if there is one.</summary>
internal static class AgentHttp
{
    private const int AuthorityLimitBytes = 16 * 1024;

    /// <summary>For one connection at a time: each handshake adds what the server shows to the policy, which is not to be shared.</summary>
    /// <param name="authority">The only authority trusted, in PEM; null for those of the system.</param>
    public static HttpClient Open(Uri server, string? authority)
    {
        var options = new SslClientAuthenticationOptions();
        if (authority is not null)
        {
            options.CertificateChainPolicy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            options.CertificateChainPolicy.CustomTrustStore.ImportFromPem(authority);
        }

        return new HttpClient(new SocketsHttpHandler { SslOptions = options, UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = server };
    }

    /// <summary>Gets the server's authority and compares it with the pin of the command. Whoever answers is believed no further than that.</summary>
    /// <returns>In PEM; null when it is not the pinned one.</returns>
    public static async Task<string?> FetchAuthorityAsync(Uri server, byte[] pin, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = Unchecked(), UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = server, MaxResponseContentBufferSize = AuthorityLimitBytes,
        };
        using var answer = await http.GetAsync(new Uri("/api/agent/authority", UriKind.Relative), cancel);
        if (!answer.IsSuccessStatusCode)
            return null;
        try
        {
            using var authority = X509Certificate2.CreateFromPem(await answer.Content.ReadFromJsonAsync<string>(cancel));
            return CryptographicOperations.FixedTimeEquals(SHA256.HashData(authority.RawData), pin) ? authority.ExportCertificatePem() : null;
        }
        catch (Exception e) when (e is CryptographicException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    /// <summary>Null when the server refuses the token; it is told why.</summary>
    public static async Task<AgentIdentity?> EnrolAsync(Uri server, string? authority, string token, TextWriter say, CancellationToken cancel)
    {
        using var http = Open(server, authority);
        using var answer = await http.PostAsJsonAsync("/api/agent/enrolments", new EnrolAgent.Request(token, Name), cancel);
        if (answer.StatusCode == HttpStatusCode.OK && await answer.Content.ReadFromJsonAsync<EnrolAgent.Response>(cancel) is { } enrolled)
            return new AgentIdentity(server, enrolled.Agent, enrolled.Site, enrolled.Secret, authority);
        var said = await answer.Content.ReadAsStringAsync(cancel);
        await say.WriteLineAsync(said switch
        {
            _ when said.Contains("agent-token-used", StringComparison.Ordinal) => "relais: this token was used already: ask for a new command on the page of the site",
            _ when said.Contains("agent-token-expired", StringComparison.Ordinal) => "relais: this token has expired: ask for a new command on the page of the site",
            _ when said.Contains("agent-token-unknown", StringComparison.Ordinal) => "relais: this is no token of this server: copy the whole command from the page of the site",
            _ when said.Contains("agent-name", StringComparison.Ordinal) => $"relais: the server does not take this machine's name: it has control characters or is empty. Give the machine another host name of at most {SiteAgent.NameLength} characters and run the same command again",
            _ => $"relais: {server.Authority} does not enrol this agent ({(int)answer.StatusCode})",
        });
        return null;
    }

    private static string Name => Environment.MachineName is { Length: > SiteAgent.NameLength } name ? name[..SiteAgent.NameLength] : Environment.MachineName;

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5359", Justification = "Only a certificate is read, and compared with its pin; nothing is sent.")]
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "MA0039", Justification = "The same.")]
    private static SslClientAuthenticationOptions Unchecked() => new() { RemoteCertificateValidationCallback = (_, _, _, _) => true };
}
