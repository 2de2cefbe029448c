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

    /// <param name="issuer">Who said that it is this person, when it was not their password.</param>
    public void Write(HttpContext context, Person person, Guid? issuer = null) =>
        context.Response.Cookies.Append(
            Cookie, _protector.Protect($"{person.Id:N} {(clock.GetUtcNow() + Life).ToUnixTimeSeconds()} {Stamp(person)} {issuer:N}"), OptionsFor(issuer));

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

    /// <summary>The issuer of a good ticket; null when there was none.</summary>
    public Guid? IssuerOf(HttpContext context) =>
        Read(context, out _) is not null
        // A node that is not brought up to date yet writes three parts.
        && _protector.Unprotect(context.Request.Cookies[Cookie] ?? "").Split(' ') is [_, _, _, var said]
        && Guid.TryParseExact(said, "N", out var issuer) ? issuer : null;

    public static void Forget(HttpContext context) => context.Response.Cookies.Delete(Cookie, OptionsFor(issuer: null));

    /// <summary>Changes with the password: a ticket from before a reset is worth nothing.</summary>
    public static string Stamp(Person person) =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(person.PasswordHash ?? "")).AsSpan(0, 8));

    // Coming back from another site, a browser does not show what is strictly ours.
    private static CookieOptions OptionsFor(Guid? issuer) =>
        new() { HttpOnly = true, Secure = true, SameSite = issuer is null ? SameSiteMode.Strict : SameSiteMode.Lax, Path = "/", IsEssential = true };
}
