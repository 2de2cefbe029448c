using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Relais.Kernel.Audit;
using Yarp.ReverseProxy.Forwarder;

namespace Relais.Gateway.Apps;

/// <summary>What of a request an app gets to see, and what of its answer a browser does.</summary>
/// <param name="origin">The app's own, as browsers know it.</param>
internal sealed class AppTransform(WebApp app, string userName, string identity, string origin) : HttpTransformer
{
    // Answers that reach beyond the app's own host: they would clear or redirect the portal's.
    private static readonly string[] Withheld = ["Clear-Site-Data", "Alt-Svc", "Strict-Transport-Security", "Public-Key-Pins", "Expect-CT"];

    private static readonly string[] Claimed = ["forwarded", "x-real-ip", "x-client-ip", "x-cluster-client-ip", "true-client-ip", "x-original-url", "x-rewrite-url", "x-original-host"];

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var headers = proxyRequest.Headers;
        foreach (var name in headers.NonValidated.Select(header => header.Key).Where(IsOurs).ToList())
            headers.Remove(name);
        if (IsOurToken(httpContext.Request.Headers.Authorization))
            headers.Remove(HeaderNames.Authorization);
        headers.Remove(HeaderNames.Cookie);
        if (CookiesOf(httpContext.Request) is { Length: > 0 } cookies)
            headers.TryAddWithoutValidation(HeaderNames.Cookie, cookies);

        var typed = httpContext.Request.Host.Value;
        headers.Host = app.PassHost ? typed : null;
        if (Actor.Of(httpContext).Address is { } address)
            headers.TryAddWithoutValidation("X-Forwarded-For", address);
        headers.TryAddWithoutValidation("X-Forwarded-Host", typed);
        headers.TryAddWithoutValidation("X-Forwarded-Proto", "https");
        headers.TryAddWithoutValidation(IdentityToken.Header, identity);
        if (app.SendUser)
            headers.TryAddWithoutValidation(IdentityToken.UserHeader, userName);
    }

    public override async ValueTask<bool> TransformResponseAsync(HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        // What the host itself said before, such as for how long HTTPS is a must, stands.
        var own = httpContext.Response.Headers.StrictTransportSecurity;
        var copied = await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
        if (proxyResponse is null)
            return copied;
        var headers = httpContext.Response.Headers;
        foreach (var name in Withheld)
            headers.Remove(name);
        headers.StrictTransportSecurity = own;
        if (headers.SetCookie.Count > 0)
            headers.SetCookie = new StringValues([.. headers.SetCookie.Select(OwnHostOnly).OfType<string>()]);
        if (headers.Location is [{ } location])
            headers.Location = Outside(location);
        return copied;
    }

    // A program behind a gateway interface reads "X_Relais_Identity" and "X-Relais-Identity" as one name.
    internal static bool IsOurs(string name)
    {
        var plain = name.Replace('_', '-').ToLowerInvariant();
        return plain.StartsWith("x-relais-", StringComparison.Ordinal) || plain.StartsWith("x-forwarded-", StringComparison.Ordinal)
            || Claimed.Contains(plain, StringComparer.Ordinal);
    }

    /// <summary>A token of relais connect, which is good for the portal; any other authorization is the app's own.</summary>
    internal static bool IsOurToken(string? authorization) =>
        AuthenticationHeaderValue.TryParse(authorization, out var value) && string.Equals(value.Scheme, "Bearer", StringComparison.OrdinalIgnoreCase)
        && value.Parameter is { Length: 64 } token && token.All(char.IsAsciiHexDigitLower);

    // As they came, but for Relais's own: an app may have written its cookies in a form of its own.
    internal static string CookiesOf(HttpRequest request) => string.Join("; ", request.Headers.Cookie
        .SelectMany(line => (line ?? "").Split(';', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        .Where(cookie => !cookie.StartsWith(AppCookies.OwnPrefix, StringComparison.OrdinalIgnoreCase)));

    /// <summary>The cookie for the app's own host and for HTTPS, or null when it would be one of Relais's.</summary>
    internal static string? OwnHostOnly(string? cookie)
    {
        var parts = (cookie ?? "").Split(';', StringSplitOptions.TrimEntries);
        // One without a name would be read by its value.
        if (parts[0].Length == 0 || parts[0].TrimStart('=', ' ', '\t').StartsWith(AppCookies.OwnPrefix, StringComparison.OrdinalIgnoreCase))
            return null;
        var kept = parts.Skip(1).Where(part => part.Length > 0 && !Is(part, "domain") && !Is(part, "secure"));
        return string.Join("; ", [parts[0], .. kept, "Secure"]);

        static bool Is(string part, string name) => string.Equals(part.Split('=')[0].Trim(), name, StringComparison.OrdinalIgnoreCase);
    }

    // The app may name itself by the address that only the gateway knows.
    private string Outside(string location) =>
        Uri.TryCreate(location, UriKind.Absolute, out var to)
        && string.Equals(to.GetLeftPart(UriPartial.Authority), app.Upstream, StringComparison.OrdinalIgnoreCase)
            ? string.Create(CultureInfo.InvariantCulture, $"{origin}{to.PathAndQuery}{to.Fragment}")
            : location;
}
