using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace Pilotage;

/// <summary>Who is signed in, as the gateway signed it.</summary>
internal sealed record Identity(string Subject, string UserName, string Name, IReadOnlyList<string> Groups);

/// <summary>
/// Checks the header X-Relais-Identity with the gateway's published keys. This is all that an app has to know of the gateway; a JWT library
/// does the same in a few lines of settings.
/// </summary>
/// <param name="issuer">The portal's address.</param>
/// <param name="audience">The host name that this app is published under.</param>
/// <param name="authority">File of the authority that signed the portal's certificate, when it is none that the system knows.</param>
internal sealed class IdentityCheck(Uri issuer, string audience, string? authority, TimeProvider clock) : IDisposable
{
    public const string Header = "X-Relais-Identity";

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(10);

    private readonly HttpClient _portal = new(Handler(authority)) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim _one = new(1, 1);
    private Dictionary<string, ECParameters> _keys = new(StringComparer.Ordinal);
    private DateTimeOffset _asked = DateTimeOffset.MinValue;

    /// <summary>The person, or null when the header is absent, forged, too old or meant for another app.</summary>
    public async Task<Identity?> OfAsync(HttpRequest request, CancellationToken cancel)
    {
        if (request.Headers[Header] is not [{ } token] || token.Split('.') is not [{ } head, { } body, { } signature])
            return null;
        try
        {
            using var header = JsonDocument.Parse(Base64Url.DecodeFromChars(head));
            // The algorithm is ours to choose, not the token's.
            if (header.RootElement.GetProperty("alg").GetString() != "ES256"
                || await KeyAsync(header.RootElement.GetProperty("kid").GetString() ?? "", cancel) is not { } parameters)
                return null;
            using var key = ECDsa.Create(parameters);
            if (!key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{body}"), Base64Url.DecodeFromChars(signature), HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation))
                return null;
            using var claims = JsonDocument.Parse(Base64Url.DecodeFromChars(body));
            return Read(claims.RootElement);
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException or CryptographicException)
        {
            return null;
        }
    }

    private Identity? Read(JsonElement claims)
    {
        var now = clock.GetUtcNow();
        var good = claims.GetProperty("iss").GetString() == issuer.GetLeftPart(UriPartial.Authority)
            && claims.GetProperty("aud").GetString() == audience
            && DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("exp").GetInt64()) + ClockSkew > now
            && DateTimeOffset.FromUnixTimeSeconds(claims.GetProperty("iat").GetInt64()) - ClockSkew < now;
        return good
            ? new Identity(
                claims.GetProperty("sub").GetString() ?? "", claims.GetProperty("preferred_username").GetString() ?? "", claims.GetProperty("name").GetString() ?? "",
                [.. claims.GetProperty("groups").EnumerateArray().Select(g => g.GetString() ?? "")])
            : null;
    }

    // A key that is not known may be a new one: the list is fetched again, but not for every forged token.
    private async Task<ECParameters?> KeyAsync(string id, CancellationToken cancel)
    {
        if (_keys.TryGetValue(id, out var known))
            return known;
        await _one.WaitAsync(cancel);
        try
        {
            if (!_keys.ContainsKey(id) && clock.GetUtcNow() - _asked > AskAgain)
            {
                _keys = await FetchAsync(cancel);
                _asked = clock.GetUtcNow();
            }
        }
        catch (HttpRequestException)
        {
            // The portal is away for a moment: nobody is believed until it is back.
        }
        finally
        {
            _one.Release();
        }

        return _keys.TryGetValue(id, out var found) ? found : null;
    }

    private async Task<Dictionary<string, ECParameters>> FetchAsync(CancellationToken cancel)
    {
        var answer = await _portal.GetByteArrayAsync(new Uri(issuer, "/.well-known/relais/jwks.json"), cancel);
        using var list = JsonDocument.Parse(answer);
        return list.RootElement.GetProperty("keys").EnumerateArray()
            .Where(key => key.GetProperty("kty").GetString() == "EC" && key.GetProperty("crv").GetString() == "P-256")
            .ToDictionary(key => key.GetProperty("kid").GetString() ?? "", Public, StringComparer.Ordinal);
    }

    private static ECParameters Public(JsonElement key) => new()
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint
        {
            X = Base64Url.DecodeFromChars(key.GetProperty("x").GetString()),
            Y = Base64Url.DecodeFromChars(key.GetProperty("y").GetString()),
        },
    };

    private static SocketsHttpHandler Handler(string? authority)
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (authority is not null)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trust.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(authority));
            handler.SslOptions.CertificateChainPolicy = trust;
        }

        return handler;
    }

    public void Dispose()
    {
        _portal.Dispose();
        _one.Dispose();
    }
}
