using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Relais.Portal.Kit;

/// <summary>Addresses that a form brings back: only those of this site are followed.</summary>
public static class LocalUrl
{
    public static string OrHome(string? url) => url is not null && IsLocal(url) ? url : "/";

    /// <summary>The address that the person sees, for a form's return field. An error page's own is another.</summary>
    public static string Shown(HttpContext context) =>
        context.Features.Get<IStatusCodeReExecuteFeature>() is { } shown ? shown.OriginalPath + shown.OriginalQueryString
        : context.Features.Get<IExceptionHandlerPathFeature>() is { } failed ? failed.Path
        : UriHelper.BuildRelative(default, context.Request.Path, context.Request.QueryString);

    // "//host" and "/\host" are other sites to a browser.
    private static bool IsLocal(string url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);
}
