using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Relais.Tests.OpenId;

/// <summary>An issuer in the hand of the test, which says what a certified one never would.</summary>
internal sealed class LyingIssuer : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly RSA _key = RSA.Create(2048);
    private readonly RSA _strange = RSA.Create(2048);

    private LyingIssuer(WebApplication server, string address) => (_server, Address) = (server, address);

    public string Address { get; }

    /// <summary>What it calls itself in its document.</summary>
    public string Name { get; set; } = "";

    /// <summary>The next token.</summary>
    public string Token { get; set; } = "";

    public static async Task<LyingIssuer> StartAsync()
    {
        var port = TestProgram.FreePort();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        var issuer = new LyingIssuer(builder.Build(), $"http://127.0.0.1:{port.ToString(CultureInfo.InvariantCulture)}");
        issuer.Name = issuer.Address;
        issuer.Map();
        await issuer._server.StartAsync();
        return issuer;
    }

    private void Map()
    {
        _server.MapGet("/.well-known/openid-configuration", () => TypedResults.Text(JsonSerializer.Serialize(new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["issuer"] = Name, ["authorization_endpoint"] = $"{Address}/auth", ["token_endpoint"] = $"{Address}/token", ["jwks_uri"] = $"{Address}/keys",
        }), "application/json"));
        _server.MapGet("/keys", () => TypedResults.Text(JsonSerializer.Serialize(new { keys = new[] { PublicKey() } }), "application/json"));
        _server.MapPost("/token", () => TypedResults.Text(JsonSerializer.Serialize(new { access_token = "x", token_type = "Bearer", id_token = Token }), "application/json"));
    }

    /// <summary>A token as it should be, for this nonce, with the claims changed that are given.</summary>
    public string Sign(string nonce, string mail, DateTimeOffset now, string algorithm = "RS256", bool strange = false, params (string Name, object Value)[] changed)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["iss"] = Address, ["aud"] = "relais", ["sub"] = "somebody", ["nonce"] = nonce, ["iat"] = now.ToUnixTimeSeconds(), ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
            ["email"] = mail, ["email_verified"] = true,
        };
        foreach (var (name, value) in changed)
            claims[name] = value;
        var body = $"{Encode(JsonSerializer.SerializeToUtf8Bytes(new { alg = algorithm, typ = "JWT", kid = "1" }))}.{Encode(JsonSerializer.SerializeToUtf8Bytes(claims))}";
        var bytes = Encoding.ASCII.GetBytes(body);
        var signature = algorithm switch
        {
            "none" => [],
            // A public key passed off as a shared secret.
            "HS256" => HMACSHA256.HashData(_key.ExportSubjectPublicKeyInfo(), bytes),
            _ => (strange ? _strange : _key).SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        };
        return $"{body}.{Encode(signature)}";
    }

    private Dictionary<string, string> PublicKey()
    {
        var key = _key.ExportParameters(includePrivateParameters: false);
        return new(StringComparer.Ordinal) { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = "1", ["n"] = Encode(key.Modulus!), ["e"] = Encode(key.Exponent!) };
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _key.Dispose();
        _strange.Dispose();
    }
}
