using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;

namespace Relais.Portal.Kit;

/// <summary>What an action has to say on the page that follows it, once: "Saved". In the reader's language.</summary>
public sealed class Notices(IDataProtectionProvider protection)
{
    private const string Cookie = "relais-notice";
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(1);

    private readonly ITimeLimitedDataProtector _protector = protection.CreateProtector("Relais.Portal.Notices").ToTimeLimitedDataProtector();

    public void Add(HttpContext context, string text) =>
        context.Response.Cookies.Append(Cookie, _protector.Protect(text, Kept), Options);

    internal string? Take(HttpContext context)
    {
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } kept)
            return null;
        if (!context.Response.HasStarted)
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

    private static CookieOptions Options => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, IsEssential = true };
}
