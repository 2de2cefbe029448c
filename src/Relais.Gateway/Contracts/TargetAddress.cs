using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Relais.Gateway.Contracts;

/// <summary>Addresses that the gateway does not dial for anybody, whoever enrolled them.</summary>
public static class TargetAddress
{
    // What people may not reach through the gateway by calling it a workstation.
    private static readonly (IPNetwork Network, AddressRefusal Why)[] Refused =
    [
        (IPNetwork.Parse("0.0.0.0/8"), AddressRefusal.Unspecified),
        (IPNetwork.Parse("::/128"), AddressRefusal.Unspecified),
        (IPNetwork.Parse("127.0.0.0/8"), AddressRefusal.Loopback),
        (IPNetwork.Parse("::1/128"), AddressRefusal.Loopback),
        (IPNetwork.Parse("169.254.0.0/16"), AddressRefusal.LinkLocal),
        (IPNetwork.Parse("fe80::/10"), AddressRefusal.LinkLocal),
        // Where a cloud answers its machines' questions about their own secrets.
        (IPNetwork.Parse("fd00:ec2::254/128"), AddressRefusal.LinkLocal),
        (IPNetwork.Parse("224.0.0.0/4"), AddressRefusal.Multicast),
        (IPNetwork.Parse("ff00::/8"), AddressRefusal.Multicast),
        (IPNetwork.Parse("240.0.0.0/4"), AddressRefusal.Multicast),
    ];

    // IPv6 forms that carry an IPv4 address: ::a.b.c.d, 64:ff9b:: (RFC 6052), 2002:: (RFC 3056).
    private static readonly (IPNetwork Network, int At)[] Carriers =
        [(IPNetwork.Parse("::/96"), 12), (IPNetwork.Parse("64:ff9b::/96"), 12), (IPNetwork.Parse("2002::/16"), 2)];

    /// <summary>Says why an address is not dialled, or null when it may be.</summary>
    /// <param name="address">Where a connection would go.</param>
    /// <param name="own">The desktops' network, if there is one.</param>
    /// <param name="here">This machine's own addresses.</param>
    /// <param name="allowed">What the operator allows all the same.</param>
    /// <returns>Null when it may be dialled.</returns>
    public static AddressRefusal? Check(IPAddress address, IPNetwork? own, IEnumerable<IPAddress> here, IReadOnlyList<IPNetwork> allowed)
    {
        var plain = Plain(address);
        if (allowed.Any(network => network.Contains(plain)))
            return null;
        foreach (var (network, why) in Refused)
        {
            if (network.Contains(plain))
                return why;
        }

        if (own is { } desktops && desktops.Contains(plain))
            return AddressRefusal.Desktops;
        if (here.Any(mine => Plain(mine).Equals(plain)))
            return AddressRefusal.ThisServer;
        return Carried(plain) is { } inner ? Check(inner, own, here, allowed) : null;
    }

    /// <summary>Reads an address in its one usual form: "127.1", "0x7f.1" and "2130706433" are none.</summary>
    public static IPAddress? Parse(string text) =>
        IPAddress.TryParse(text, out var address)
        && (address.AddressFamily == AddressFamily.InterNetworkV6
            ? address.ScopeId == 0 && !text.Contains('%', StringComparison.Ordinal) && !text.Contains('[', StringComparison.Ordinal)
            : string.Equals(address.ToString(), text, StringComparison.Ordinal))
            ? address
            : null;

    /// <summary>The address that a connection would really go to.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>This machine's addresses. Read each time: they come and go with the networks that it joins.</summary>
    public static IEnumerable<IPAddress> OfThisServer() =>
        NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address);

    private static IPAddress? Carried(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return null;
        foreach (var (network, at) in Carriers)
        {
            if (network.Contains(address))
                return new IPAddress(address.GetAddressBytes().AsSpan(at, 4));
        }

        return null;
    }
}

/// <summary>Why an address is not dialled.</summary>
public enum AddressRefusal
{
    /// <summary>Of one machine only.</summary>
    Loopback,

    /// <summary>Of one cable, or where a cloud answers its machines.</summary>
    LinkLocal,

    /// <summary>No address at all.</summary>
    Unspecified,

    /// <summary>Of many machines at once, or reserved.</summary>
    Multicast,

    /// <summary>In the network of the desktops.</summary>
    Desktops,

    /// <summary>This server's own.</summary>
    ThisServer,

    /// <summary>A port that Relais itself listens at.</summary>
    Relais,
}
