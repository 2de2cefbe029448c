using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Relais.Access.Accounts;

namespace Relais.Access.SignIns;

/// <summary>Carries a person whose password was right to the page that asks for the second factor. It opens nothing else.</summary>
internal sealed class SignInTicket(IDataProtectionProvider protection, TimeProvider clock)
{
    public const string Cookie = "__Host-relais-step";
    private static readonly TimeSpan Life = TimeSpan.FromMinutes(10);

    private readonly IDataProtector _protector = protection.CreateProtector("Relais.Access.SignInTicket");

    public void Write(HttpContext context, Person person) =>
        context.Response.Cookies.Append(
            Cookie, _protector.Protect($"{person.Id:N} {(clock.GetUtcNow() + Life).ToUnixTimeSeconds()} {Stamp(person)}"), Options);

    /// <summary>The person, or null when the ticket is absent, too old or not ours.</summary>
    public Guid? Read(HttpContext context, out string stamp)
    {
        stamp = "";
        if (context.Request.Cookies[Cookie] is not { Length: > 0 } kept)
            return null;
        try
        {
            var parts = _protector.Unprotect(kept).Split(' ');
            stamp = parts[2];
            return clock.GetUtcNow().ToUnixTimeSeconds() < long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)
                ? Guid.ParseExact(parts[0], "N")
                : null;
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    public static void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, Options);

    /// <summary>Changes with the password: a ticket from before a reset is worth nothing.</summary>
    public static string Stamp(Person person) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(person.PasswordHash ?? "")).AsSpan(0, 8));

    private static CookieOptions Options => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Strict, Path = "/", IsEssential = true };
}
