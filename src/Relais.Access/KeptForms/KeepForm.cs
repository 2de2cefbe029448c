using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.SignIns;

namespace Relais.Access.KeptForms;

/// <summary>A form that waits: where it was sent to, and its fields.</summary>
internal sealed record WaitingForm(string Path, IReadOnlyList<KeyValuePair<string, string>> Fields);

/// <summary>Keeps a form for the browser and the person who sent it, gives it back, and forgets it.</summary>
internal sealed class KeepForm(AccessDb db, IDataProtectionProvider protection, TimeProvider clock)
{
    public const string Cookie = "__Host-relais-kept";

    /// <summary>Says with the form, when it is sent again, which one it was.</summary>
    public const string Field = "_kept";
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(30);
    private const int MostOfOne = 10;
    private const int TokenLengthBytes = 32;

    private readonly IDataProtector _protector = protection.CreateProtector("Relais.Access.KeptForm");

    /// <returns>Null when nobody is known who could have it back.</returns>
    public async Task<Guid?> HandleAsync(HttpContext context, Guid? person, string path, IFormCollection form, CancellationToken cancel)
    {
        // Who was signed out in the meantime is known by what their browser still holds.
        if (person is null && SignInCookie.Read(context) is { } token)
            person = await db.SignIns.Where(s => s.TokenHash == token).Select(s => (Guid?)s.PersonId).SingleOrDefaultAsync(cancel);
        if (person is not { } owner || path.Length > KeptForm.PathLength)
            return null;

        var now = clock.GetUtcNow();
        await ForgetOldAsync(db, now, cancel);
        var spare = await db.KeptForms.Where(f => f.PersonId == owner).OrderByDescending(f => f.KeptAt).ThenByDescending(f => f.Id).Skip(MostOfOne - 1).Select(f => f.Id).ToListAsync(cancel);
        await db.KeptForms.Where(f => spare.Contains(f.Id)).ExecuteDeleteAsync(cancel);
        var fields = form.Where(f => f.Key is not ("__RequestVerificationToken" or Field)).SelectMany(f => f.Value.Select(value => KeyValuePair.Create(f.Key, value ?? ""))).ToList();
        var kept = new KeptForm
        {
            PersonId = owner, BrowserHash = Browser(context), Path = path, KeptAt = now, Fields = _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(fields)),
        };
        db.KeptForms.Add(kept);
        await db.SaveChangesAsync(cancel);
        return kept.Id;
    }

    /// <summary>Null when there is none (any more), or it is another person's or another browser's.</summary>
    public async Task<WaitingForm?> FindAsync(HttpContext context, Guid person, Guid id, CancellationToken cancel)
    {
        if (HashOf(context) is not { } browser)
            return null;
        var oldest = clock.GetUtcNow() - Life;
        var kept = await db.KeptForms.AsNoTracking().SingleOrDefaultAsync(f => f.Id == id && f.PersonId == person && f.KeptAt > oldest, cancel);
        if (kept is null || !CryptographicOperations.FixedTimeEquals(kept.BrowserHash, browser))
            return null;
        return new WaitingForm(kept.Path, JsonSerializer.Deserialize<List<KeyValuePair<string, string>>>(_protector.Unprotect(kept.Fields)) ?? []);
    }

    /// <summary>It was sent again.</summary>
    public async Task ForgetAsync(HttpContext context, Guid id, CancellationToken cancel)
    {
        if (HashOf(context) is { } browser)
            await db.KeptForms.Where(f => f.Id == id && f.BrowserHash == browser).ExecuteDeleteAsync(cancel);
    }

    public static Task<int> ForgetOldAsync(AccessDb db, DateTimeOffset now, CancellationToken cancel) =>
        db.KeptForms.Where(f => f.KeptAt <= now - Life).ExecuteDeleteAsync(cancel);

    private static byte[] Browser(HttpContext context)
    {
        if (HashOf(context) is { } known)
            return known;
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TokenLengthBytes));
        context.Response.Cookies.Append(Cookie, token, new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true });
        return SignInCookie.HashOf(token) ?? [];
    }

    private static byte[]? HashOf(HttpContext context) => SignInCookie.HashOf(context.Request.Cookies[Cookie]);
}
