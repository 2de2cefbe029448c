using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Relais.Gateway.Apps;

/// <summary>
/// Whether a page of another site or of another app made the browser send a request. The apps share a domain, so that a cookie's
/// SameSite attribute does not keep them apart: what browsers say of each request does.
/// </summary>
internal static class RequestIsolation
{
    /// <param name="request">With the app's cookie.</param>
    /// <param name="origin">The app's own.</param>
    public static bool IsForeign(HttpRequest request, string origin)
    {
        if (IsUpgrade(request))
            return !HasOrigin(request, origin);
        var reads = HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);
        // A link from anywhere, opened as a page of its own.
        if (reads && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Dest"] == "document")
            return false;
        if (request.Headers.Origin.Count > 0)
            return !HasOrigin(request, origin);
        return request.Headers["Sec-Fetch-Site"] is [{ } site] ? site is not ("same-origin" or "none") : !reads;
    }

    /// <summary>A WebSocket, or any other protocol that would take the connection over.</summary>
    public static bool IsUpgrade(HttpRequest request) =>
        request.Headers.Upgrade.Count > 0 || request.HttpContext.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    /// <summary>A person who opens a page, and not a script that fetches something.</summary>
    public static bool IsNavigation(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && !IsUpgrade(request)
        && (request.Headers["Sec-Fetch-Mode"] is [{ } mode] ? mode is "navigate" : AppScreen.WantsPage(request));

    private static bool HasOrigin(HttpRequest request, string origin) =>
        request.Headers.Origin is [{ } given] && string.Equals(given, origin, StringComparison.OrdinalIgnoreCase);
}
