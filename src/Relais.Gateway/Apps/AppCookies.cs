using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Relais.Gateway.Apps;

/// <summary>Relais's own cookies on an app's host. The prefix "__Host-" keeps other hosts of the domain from setting them.</summary>
internal static class AppCookies
{
    /// <summary>Begins the name of every cookie that is Relais's: none of them goes to an app, or comes from one.</summary>
    public const string OwnPrefix = "__Host-relais";

    /// <summary>The visit.</summary>
    public const string Visit = "__Host-relais-app";

    /// <summary>That this browser is on its way in.</summary>
    public const string Step = "__Host-relais-app-step";

    private const int LengthBytes = 32;
    private static readonly TimeSpan StepLife = TimeSpan.FromMinutes(30);

    public static string NewToken() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(LengthBytes));

    public static void WriteVisit(HttpContext context, string token) => context.Response.Cookies.Append(Visit, token, Options());

    public static byte[]? ReadVisit(HttpContext context) => HashOf(context.Request.Cookies[Visit]);

    public static byte[]? ReadStep(HttpContext context) => HashOf(context.Request.Cookies[Step]);

    public static void ForgetStep(HttpContext context) => context.Response.Cookies.Delete(Step, Options());

    /// <summary>Marks this browser, and gives the hash of the mark. Pages that are opened side by side share one.</summary>
    public static string MarkStep(HttpContext context)
    {
        var token = context.Request.Cookies[Step];
        if (HashOf(token) is not { } hash)
        {
            token = NewToken();
            hash = HashOf(token) ?? throw new InvalidOperationException("A new token is one.");
            var options = Options();
            options.MaxAge = StepLife;
            context.Response.Cookies.Append(Step, token, options);
        }

        return Base64Url.EncodeToString(hash);
    }

    /// <summary>The hash of a token of ours, or null when it can't be one.</summary>
    public static byte[]? HashOf(string? token) => Decode(token) is { } bytes ? SHA256.HashData(bytes) : null;

    /// <summary>32 bytes that were written in the letters of an address, or null.</summary>
    public static byte[]? Decode(string? text)
    {
        var bytes = new byte[LengthBytes];
        return text is { Length: 43 } && Base64Url.DecodeFromChars(text, bytes, out _, out var length) is OperationStatus.Done && length == LengthBytes
            ? bytes
            : null;
    }

    private static CookieOptions Options() => new() { HttpOnly = true, Secure = true, SameSite = SameSiteMode.Lax, Path = "/", IsEssential = true };
}
