using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Relais.Portal.Security;

/// <summary>The nonce that this response's scripts carry.</summary>
internal sealed record ScriptNonce(string Value)
{
    private const int LengthBytes = 16;

    public static ScriptNonce Create() => new(Convert.ToBase64String(RandomNumberGenerator.GetBytes(LengthBytes)));
}

/// <summary>What every response says about how a browser may use it.</summary>
internal static class SecurityHeaders
{
    private const string Permissions =
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), "
        + "payment=(), usb=(), clipboard-read=(self), clipboard-write=(self), fullscreen=(self), publickey-credentials-get=(self), publickey-credentials-create=(self)";

    // Blazor's mark that a page may be swapped into the current document.
    private const string EnhancedNavigation = "blazor-enhanced-nav";

    public static void Use(IApplicationBuilder app) => app.Use((context, next) =>
    {
        var nonce = ScriptNonce.Create();
        context.Features.Set(nonce);

        // Late, because only then is the endpoint known, and the error handler clears what was set before it.
        context.Response.OnStarting(() =>
        {
            Write(context, nonce);
            return Task.CompletedTask;
        });
        return next(context);
    });

    private static void Write(HttpContext context, ScriptNonce nonce)
    {
        var headers = context.Response.Headers;
        var wider = context.GetEndpoint()?.Metadata.GetMetadata<ContentSecurityAttribute>();
        var frames = context.Features.Get<FrameAncestors>()?.Sources ?? [];
        headers.ContentSecurityPolicy = Policy(nonce, wider, frames);
        headers.XContentTypeOptions = "nosniff";
        // It knows no list of sites: where there is one, the policy alone says it.
        if (frames.Count == 0)
            headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Permissions-Policy"] = wider?.Microphone == true ? Permissions.Replace("microphone=()", "microphone=(self)", StringComparison.Ordinal) : Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = wider?.Shared == true ? "cross-origin" : "same-origin";
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        if (wider is not null)
            headers.Remove(EnhancedNavigation);
    }

    private static string Policy(ScriptNonce nonce, ContentSecurityAttribute? wider, IReadOnlyList<string> frames) => string.Join("; ", [
        "default-src 'none'",
        Directive($"script-src 'nonce-{nonce.Value}' 'strict-dynamic'", wider?.Scripts),
        Directive("style-src 'self'", wider?.Styles),
        Directive("connect-src 'self'", wider?.Connects),
        Directive("img-src 'self' data:", wider?.Images),
        "font-src 'self'",
        "media-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        $"frame-ancestors {(frames.Count == 0 ? "'none'" : string.Join(' ', frames))}",
        .. wider?.Workers is { Length: > 0 } workers ? [$"worker-src {workers}"] : Array.Empty<string>(),
    ]);

    private static string Directive(string sources, string? more) => string.IsNullOrEmpty(more) ? sources : $"{sources} {more}";
}
