using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;

namespace Relais.Access.SignIns;

/// <summary>Recognises a browser that a person has signed in with before. It proves nothing else: the password is asked all the same.</summary>
internal static class DeviceCookie
{
    public const string Name = "__Host-relais-device";
    private const int LengthBytes = 32;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(180);

    public static async Task<bool> IsKnownAsync(HttpContext context, AccessDb db, Guid person, CancellationToken cancel) =>
        SignInCookie.HashOf(context.Request.Cookies[Name]) is { } hash
        && await db.KnownDevices.AnyAsync(d => d.PersonId == person && d.TokenHash == hash, cancel);

    /// <summary>Remembers this browser for the person, in the transaction that the caller saves.</summary>
    public static async Task RememberAsync(HttpContext context, AccessDb db, Guid person, DateTimeOffset now, CancellationToken cancel)
    {
        var hash = SignInCookie.HashOf(context.Request.Cookies[Name]) ?? Write(context);
        await db.KnownDevices.Where(d => d.PersonId == person && d.LastUsedAt < now - Kept).ExecuteDeleteAsync(cancel);
        await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO access.known_device (person_id, token_hash, last_used_at) VALUES ({person}, {hash}, {now})
             ON CONFLICT (person_id, token_hash) DO UPDATE SET last_used_at = excluded.last_used_at
             """,
            cancel);
    }

    private static byte[] Write(HttpContext context)
    {
        var token = RandomNumberGenerator.GetBytes(LengthBytes);
        context.Response.Cookies.Append(Name, Base64Url.EncodeToString(token), new CookieOptions
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Lax,
            MaxAge = Kept,
            Path = "/",
            IsEssential = true,
        });
        return SHA256.HashData(token);
    }
}
