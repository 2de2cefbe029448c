using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Relais.Access.SignIns;

/// <summary>What the browser keeps of a sign-in: a random token, new at every sign-in, and nothing that could be read or forged.</summary>
internal static class SignInCookie
{
    public const string Name = "__Host-relais";
    private const int LengthBytes = 32;

    /// <summary>Gives the browser a new token, and the caller the hash to keep.</summary>
    public static byte[] Write(HttpContext context)
    {
        var token = RandomNumberGenerator.GetBytes(LengthBytes);
        context.Response.Cookies.Append(Name, Base64Url.EncodeToString(token), Options);
        return SHA256.HashData(token);
    }

    /// <summary>The hash of the browser's token, or null when it has none.</summary>
    public static byte[]? Read(HttpContext context) => HashOf(context.Request.Cookies[Name]);

    public static void Forget(HttpContext context) => context.Response.Cookies.Delete(Name, Options);

    /// <summary>The hash of a token of ours as a cookie carries it, or null when it can't be one.</summary>
    internal static byte[]? HashOf(string? cookie)
    {
        Span<byte> token = stackalloc byte[LengthBytes];
        return cookie is not null
            && Base64Url.DecodeFromChars(cookie, token, out _, out var length) is OperationStatus.Done && length == LengthBytes
            ? SHA256.HashData(token)
            : null;
    }

    private static CookieOptions Options => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
