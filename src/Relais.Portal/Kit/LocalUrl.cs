using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Relais.Portal.Kit;

/// <summary>Addresses that a form brings back: only those of this site are followed.</summary>
public static class LocalUrl
{
    public static string OrHome(string? url) => url is not null && IsLocal(url) ? url : "/";

    /// <summary>The address of the page being shown, for a form's return field.</summary>
    public static string Of(HttpRequest request) => UriHelper.BuildRelative(default, request.Path, request.QueryString);

    // "//host" and "/\host" are other sites to a browser.
    private static bool IsLocal(string url) =>
        url is ['/', ..] && url is not ['/', '/' or '\\', ..] && !url.Any(char.IsControl);
}
