using System.Net;
using System.Net.Sockets;

namespace Relais.Fieldwork.Webhooks;

/// <summary>Which addresses may be sent to: public ones, and what the operator lists.</summary>
internal static class WebhookAddress
{
    // IANA's registries of special-purpose addresses (RFC 6890 and its updates), as far as they are not reachable by everybody.
    private static readonly IPNetwork[] NotPublic =
    [
        Of("0.0.0.0/8"), Of("10.0.0.0/8"), Of("100.64.0.0/10"), Of("127.0.0.0/8"), Of("169.254.0.0/16"), Of("172.16.0.0/12"), Of("192.0.0.0/24"), Of("192.0.2.0/24"),
        Of("192.88.99.0/24"), Of("192.168.0.0/16"), Of("198.18.0.0/15"), Of("198.51.100.0/24"), Of("203.0.113.0/24"), Of("224.0.0.0/4"), Of("240.0.0.0/4"),
        Of("::/96"), Of("64:ff9b::/96"), Of("64:ff9b:1::/48"), Of("100::/64"), Of("2001::/23"), Of("2001:db8::/32"), Of("2002::/16"), Of("3fff::/20"), Of("5f00::/16"),
        Of("fc00::/7"), Of("fe80::/10"), Of("fec0::/10"), Of("ff00::/8"),
    ];

    public static bool IsAllowed(IPAddress address, IReadOnlyList<IPNetwork> listed)
    {
        var plain = Plain(address);
        return listed.Any(n => n.Contains(plain)) || IsPublic(plain);
    }

    public static bool IsListed(IPAddress address, IReadOnlyList<IPNetwork> listed) => listed.Any(n => n.Contains(Plain(address)));

    public static bool IsPublic(IPAddress address)
    {
        var plain = Plain(address);
        return plain.AddressFamily is AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 && !Array.Exists(NotPublic, n => n.Contains(plain));
    }

    /// <summary>Whether an address may be kept at all: what it leads to is seen when it is dialled.</summary>
    public static Uri? Parse(string? text) =>
        Uri.TryCreate(text?.Trim(), UriKind.Absolute, out var url) && url.Scheme is "https" or "http" && url.UserInfo.Length == 0 && url.Fragment.Length == 0
        && url.HostNameType is UriHostNameType.Dns or UriHostNameType.IPv4 or UriHostNameType.IPv6 && url.AbsoluteUri.Length <= Webhook.UrlLength ? url : null;

    // ::ffff:127.0.0.1 is 127.0.0.1 by another way of writing.
    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static IPNetwork Of(string network) => IPNetwork.Parse(network);
}
