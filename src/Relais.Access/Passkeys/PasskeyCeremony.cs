using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Relais.Access.Passkeys;

/// <summary>Keeps a ceremony's challenge between its two requests, in the browser, sealed and for five minutes.</summary>
internal sealed class PasskeyCeremony(IDataProtectionProvider protection)
{
    private const string Cookie = "__Host-relais-passkey";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Relais.Access.Passkey").ToTimeLimitedDataProtector();

    public void Begin(HttpContext context, string? state) => context.Response.Cookies.Append(Cookie, _protector.Protect(state ?? "", Life), Options);

    /// <summary>The state that <see cref="Begin"/> kept, once; null when there is none.</summary>
    public string? End(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } kept)
            return null;
        context.Response.Cookies.Delete(Cookie, Options);
        try
        {
            return _protector.Unprotect(kept);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static CookieOptions Options => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
