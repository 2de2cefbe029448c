using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;

namespace Relais.Gateway.Apps;

/// <summary>Whom a host name means.</summary>
internal abstract record HostMeaning
{
    private HostMeaning() { }

    /// <summary>The portal and all that is under its own name.</summary>
    public sealed record Portal : HostMeaning;

    /// <summary>Perhaps an app: a label under the public name.</summary>
    public sealed record App(string Label) : HostMeaning;

    /// <summary>Nobody here.</summary>
    public sealed record Foreign : HostMeaning;
}

/// <summary>Tells the portal's host names and the apps' apart.</summary>
/// <param name="names">Names and addresses of the portal; the first one is the public name, under which the apps are.</param>
internal sealed partial class AppHosts(IReadOnlyList<string> names)
{
    private static readonly HostMeaning Portal = new HostMeaning.Portal();
    private static readonly HostMeaning Foreign = new HostMeaning.Foreign();

    public string PublicName { get; } = names[0].ToLowerInvariant();

    /// <summary>False when people reach Relais by an address only: there is no domain then.</summary>
    public bool HaveDomain => !IPAddress.TryParse(PublicName, out _);

    public HostMeaning Read(string host)
    {
        // Without a name, as HTTP/1.0 may be, or by address, as a health check asks: an app always has a name.
        if (host.Length == 0 || IPAddress.TryParse(host, out _) || IsPortals(host))
            return Portal;
        var lower = host.ToLowerInvariant();
        return HaveDomain && lower.EndsWith($".{PublicName}", StringComparison.Ordinal) && IsLabel(lower[..^(PublicName.Length + 1)])
            ? new HostMeaning.App(lower[..^(PublicName.Length + 1)])
            : Foreign;
    }

    public bool IsPortals(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) || names.Contains(host, StringComparer.OrdinalIgnoreCase);

    public string HostOf(string label) => $"{label}.{PublicName}";

    /// <summary>The app's address, at the port that this request came to.</summary>
    public string OriginOf(string label, HttpRequest request) => Origin(HostOf(label), request);

    public string PortalOrigin(HttpRequest request) => Origin(PublicName, request);

    /// <summary>
    /// A label that can be published: letters, digits and inner hyphens, no longer than <see cref="WebApp.LabelLength"/>. None with hyphens
    /// in third and fourth place, which mean other letters (punycode) and could look like another app's.
    /// </summary>
    public static bool IsLabel(string label) => Label().IsMatch(label) && label is not [_, _, '-', '-', ..];

    private static string Origin(string host, HttpRequest request) =>
        request.Host.Port is { } port and not 443 ? $"https://{host}:{port}" : $"https://{host}";

    [GeneratedRegex(@"^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?\z", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Label();
}
