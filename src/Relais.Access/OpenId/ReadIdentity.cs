using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Relais.Access.OpenId;

/// <summary>Whom an issuer speaks of, once its word was checked.</summary>
internal sealed record OpenIdIdentity(string Subject, string? Mail, bool MailVerified, string? Name, string? UserName, IReadOnlyList<string> Groups, bool TwoFactors, DateTimeOffset? AskedAt);

internal abstract record IdentityAnswer
{
    private IdentityAnswer() { }

    internal sealed record Known(OpenIdIdentity Identity) : IdentityAnswer;

    internal sealed record Failed(OpenIdProblem Problem) : IdentityAnswer;
}

/// <summary>Changes a code for a token at the issuer, and checks who signed it, for whom, when, and that it answers our question.</summary>
internal sealed class ReadIdentity(IssuerDiscovery discovery, IssuerSecrets secrets, TimeProvider clock)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    // Signatures with a key pair only: with "none" nobody signs, and with a shared secret a public key could be passed off as one.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    // RFC 8176: any of these says that more than a password was asked.
    private static readonly HashSet<string> Factors = new(["mfa", "otp", "hwk", "swk", "fpt", "face", "iris", "sc", "sms", "pop"], StringComparer.Ordinal);

    public async Task<IdentityAnswer> HandleAsync(OpenIdIssuer issuer, OpenIdTrip trip, string code, string returnAddress, CancellationToken cancel)
    {
        if (await discovery.FindAsync(issuer.Authority, cancel) is not { } found || !IssuerDiscovery.IsSafe(found.TokenEndpoint))
            return new IdentityAnswer.Failed(OpenIdProblem.Away);
        if (!IssuerDiscovery.IsOf(found, issuer.Authority))
            return new IdentityAnswer.Failed(OpenIdProblem.WrongIssuer);

        try
        {
            var (tokens, problem) = await ExchangeAsync(issuer, found, trip, code, returnAddress, cancel);
            if (tokens is not { } given)
                return new IdentityAnswer.Failed(problem);
            if (Text(given, "id_token") is not { } signed)
                return new IdentityAnswer.Failed(OpenIdProblem.Away);
            var (token, wrong) = await CheckAsync(issuer, found, signed, trip, cancel);
            if (token is null)
                return new IdentityAnswer.Failed(wrong);
            var more = await MoreAsync(issuer, found, token, Text(given, "access_token"), cancel);
            return new IdentityAnswer.Known(Identity(issuer, token, more));
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && e is HttpRequestException or JsonException or OperationCanceledException or IOException)
        {
            return new IdentityAnswer.Failed(OpenIdProblem.Away);
        }
    }

    private async Task<(JsonElement? Tokens, OpenIdProblem Problem)> ExchangeAsync(
        OpenIdIssuer issuer, OpenIdConnectConfiguration found, OpenIdTrip trip, string code, string returnAddress, CancellationToken cancel)
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = returnAddress, ["code_verifier"] = trip.Verifier,
        };
        using var request = new HttpRequestMessage(HttpMethod.Post, found.TokenEndpoint);
        var methods = found.TokenEndpointAuthMethodsSupported;
        if (issuer.Secret is not { } secret)
        {
            form["client_id"] = issuer.ClientId;
        }
        else if (methods.Count == 0 || methods.Contains("client_secret_basic"))
        {
            var pair = $"{Uri.EscapeDataString(issuer.ClientId)}:{Uri.EscapeDataString(secrets.Open(secret))}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }
        else
        {
            (form["client_id"], form["client_secret"]) = (issuer.ClientId, secrets.Open(secret));
        }

        request.Content = new FormUrlEncodedContent(form);
        using var response = await discovery.Client.SendAsync(request, cancel);
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancel));
        if (response.IsSuccessStatusCode && body.RootElement.ValueKind is JsonValueKind.Object)
            return (body.RootElement.Clone(), default);
        var grant = response.StatusCode is HttpStatusCode.BadRequest && Text(body.RootElement, "error") is "invalid_grant";
        return (null, grant ? OpenIdProblem.Replayed : OpenIdProblem.Away);
    }

    private async Task<(JsonWebToken? Token, OpenIdProblem Problem)> CheckAsync(
        OpenIdIssuer issuer, OpenIdConnectConfiguration found, string signed, OpenIdTrip trip, CancellationToken cancel)
    {
        var result = await ValidateAsync(issuer, found, signed);
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException)
        {
            // It has new keys since we asked.
            discovery.Forget(issuer.Authority);
            if (await discovery.FindAsync(issuer.Authority, cancel) is not { } again)
                return (null, OpenIdProblem.Away);
            result = await ValidateAsync(issuer, again, signed);
        }

        return result switch
        {
            { IsValid: true, SecurityToken: JsonWebToken token } when Answers(token, issuer, trip) => (token, default),
            { Exception: SecurityTokenInvalidIssuerException } => (null, OpenIdProblem.WrongIssuer),
            { Exception: SecurityTokenExpiredException or SecurityTokenInvalidLifetimeException } => (null, OpenIdProblem.Expired),
            _ => (null, OpenIdProblem.Untrusted),
        };
    }

    private Task<TokenValidationResult> ValidateAsync(OpenIdIssuer issuer, OpenIdConnectConfiguration found, string signed) =>
        new JsonWebTokenHandler { MapInboundClaims = false }.ValidateTokenAsync(signed, new TokenValidationParameters
        {
            ValidIssuer = found.Issuer,
            ValidAudience = issuer.ClientId,
            IssuerSigningKeys = found.SigningKeys,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            LifetimeValidator = (from, until, _, _) => until is { } end && clock.GetUtcNow().UtcDateTime <= end + Skew && (from is not { } start || start - Skew <= clock.GetUtcNow().UtcDateTime),
        });

    // A token for several must name us as the one who asked (OpenID Connect Core, 3.1.3.7).
    private static bool Answers(JsonWebToken token, OpenIdIssuer issuer, OpenIdTrip trip) =>
        string.Equals(Claim(token, "nonce"), trip.Nonce, StringComparison.Ordinal)
        && token.Subject is { Length: > 0 and <= OpenIdLink.SubjectLength }
        && (token.Audiences.Count() == 1 || string.Equals(Claim(token, "azp"), issuer.ClientId, StringComparison.Ordinal));

    // Many issuers tell the address only where the access token is shown.
    private async Task<JsonElement?> MoreAsync(OpenIdIssuer issuer, OpenIdConnectConfiguration found, JsonWebToken token, string? access, CancellationToken cancel)
    {
        var complete = Claim(token, issuer.MailClaim) is not null && (issuer.GroupsClaim is not { } groups || token.TryGetPayloadValue<object>(groups, out _));
        if (complete || access is null || !IssuerDiscovery.IsSafe(found.UserInfoEndpoint))
            return null;
        using var request = new HttpRequestMessage(HttpMethod.Get, found.UserInfoEndpoint);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        using var response = await discovery.Client.SendAsync(request, cancel);
        if (!response.IsSuccessStatusCode || response.Content.Headers.ContentType?.MediaType is not "application/json")
            return null;
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancel));

        // What it says there counts only for the person whom the token is about (5.3.2).
        return string.Equals(Text(body.RootElement, "sub"), token.Subject, StringComparison.Ordinal) ? body.RootElement.Clone() : null;
    }

    private static OpenIdIdentity Identity(OpenIdIssuer issuer, JsonWebToken token, JsonElement? more)
    {
        using var payload = JsonDocument.Parse(Base64UrlEncoder.Decode(token.EncodedPayload));
        var own = payload.RootElement;
        // The address and whether it is verified come from one place, never from two.
        var of = Text(own, issuer.MailClaim) is null && more is { } further ? further : own;
        var groups = issuer.GroupsClaim is { } claim ? Texts(own, claim).Concat(more is { } wider ? Texts(wider, claim) : []).Distinct(StringComparer.Ordinal).ToList() : [];
        var amr = Texts(own, "amr").Any(Factors.Contains);
        var acr = Text(own, "acr") is { } level && (issuer.FactorAcr ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(level, StringComparer.Ordinal);
        return new OpenIdIdentity(
            token.Subject, Text(of, issuer.MailClaim), IsTrue(of, "email_verified"), Text(of, "name") ?? Text(own, "name"), Text(of, "preferred_username") ?? Text(own, "preferred_username"),
            groups, amr || acr, own.TryGetProperty("auth_time", out var at) && at.TryGetInt64(out var seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null);
    }

    private static string? Claim(JsonWebToken token, string name) => token.TryGetPayloadValue<object>(name, out var value) ? value as string : null;

    private static string? Text(JsonElement of, string name) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var value) && value.ValueKind is JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static IEnumerable<string> Texts(JsonElement of, string name) => !of.TryGetProperty(name, out var value) ? []
        : value.ValueKind is JsonValueKind.Array ? value.EnumerateArray().Where(v => v.ValueKind is JsonValueKind.String).Select(v => v.GetString() ?? "").ToList()
        : value.ValueKind is JsonValueKind.String ? [value.GetString() ?? ""] : [];

    // Some say it as a word.
    private static bool IsTrue(JsonElement of, string name) =>
        of.TryGetProperty(name, out var value) && (value.ValueKind is JsonValueKind.True || (value.ValueKind is JsonValueKind.String && value.GetString() is "true"));
}
