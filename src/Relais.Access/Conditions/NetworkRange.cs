using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Relais.Access.Conditions;

/// <summary>What is wrong with a network as it was typed.</summary>
internal enum NetworkFault
{
    None,
    NotANetwork,

    /// <summary>It has bits beyond its prefix: whoever typed it may mean one address or the whole network.</summary>
    HostBits,
}

/// <summary>A range of addresses, of one family.</summary>
internal readonly record struct NetworkRange(IPAddress First, int Prefix)
{
    /// <param name="text">An address alone, or with a prefix.</param>
    /// <param name="suggestion">With <see cref="NetworkFault.HostBits"/>: the network of that prefix.</param>
    public static NetworkFault TryParse(string text, out NetworkRange range, out string suggestion)
    {
        (range, suggestion) = (default, "");
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        // Of what IPAddress reads besides ("10", "0x0a.1", zones of IPv6), nobody means what it makes of it.
        if (address.Contains('%', StringComparison.Ordinal) || !IPAddress.TryParse(address, out var parsed)
            || (parsed.AddressFamily == AddressFamily.InterNetwork && !string.Equals(parsed.ToString(), address, StringComparison.Ordinal)))
        {
            return NetworkFault.NotANetwork;
        }

        parsed = Plain(parsed);
        var bits = parsed.GetAddressBytes().Length * 8;
        var prefix = bits;
        if (slash >= 0 && (!int.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out prefix) || prefix > bits))
            return NetworkFault.NotANetwork;
        range = new NetworkRange(FirstOf(parsed, prefix), prefix);
        if (range.First.Equals(parsed))
            return NetworkFault.None;
        suggestion = range.ToString();
        return NetworkFault.HostBits;
    }

    public bool Contains(IPAddress address)
    {
        var plain = Plain(address);
        return plain.AddressFamily == First.AddressFamily && FirstOf(plain, Prefix).Equals(First);
    }

    public override string ToString() => $"{First}/{Prefix}";

    /// <summary>IPv4 as such, also where a socket of both families shows it as IPv6.</summary>
    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 && address.ScopeId != 0 ? new IPAddress(address.GetAddressBytes())
        : address;

    private static IPAddress FirstOf(IPAddress address, int prefix)
    {
        var bytes = address.GetAddressBytes();
        for (var i = 0; i < bytes.Length; i++)
        {
            var kept = Math.Clamp(prefix - (8 * i), 0, 8);
            bytes[i] &= (byte)(0xff << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
