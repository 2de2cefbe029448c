using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Relais.Access.OpenId;

/// <summary>What a browser that was sent to an issuer must bring back: only it can end what it began, once, within some minutes.</summary>
/// <param name="State">Comes back in the address.</param>
/// <param name="Nonce">Comes back in the signed token.</param>
/// <param name="Verifier">Opens the code at the issuer (PKCE): whoever only sees the code has nothing.</param>
/// <param name="Proving">A person who is signed in proves again who they are.</param>
internal sealed record OpenIdTrip(Guid Issuer, string State, string Nonce, string Verifier, string ReturnUrl, DateTimeOffset BegunAt, bool Proving)
{
    public static OpenIdTrip To(Guid issuer, string returnUrl, bool proving, DateTimeOffset now) => new(issuer, Random(), Random(), Random(), returnUrl, now, proving);

    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public bool IsState(string? state) =>
        state is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(state), Encoding.UTF8.GetBytes(State));

    private static string Random() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}

/// <summary>Keeps a trip in a sealed cookie, so that nothing is kept here for those who never come back.</summary>
internal sealed class TripCookie(IDataProtectionProvider protection)
{
    public const string Name = "__Host-relais-openid";
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _protector = protection.CreateProtector("Relais.Access.OpenIdTrip");

    public void Write(HttpContext context, OpenIdTrip trip) =>
        context.Response.Cookies.Append(Name, _protector.Protect(JsonSerializer.Serialize(trip)), Options);

    /// <summary>The trip, which ends with this: a second answer to the same question finds nothing. Null when there is none of ours.</summary>
    public OpenIdTrip? Take(HttpContext context)
    {
        if (context.Request.Cookies[Name] is not { Length: > 0 } kept)
            return null;
        context.Response.Cookies.Delete(Name, Options);
        try
        {
            return JsonSerializer.Deserialize<OpenIdTrip>(_protector.Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    // Lax: it comes with the way back from the issuer's site.
    private static CookieOptions Options => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
