using System.Buffers.Binary;
using System.Globalization;
using System.Net;

namespace Relais.Desktops.Engine;

/// <summary>Networks and ports with holes in them, as LXD's rules take them: lists of ranges.</summary>
internal static class InnerNetwork
{
    private const int LastPort = 65535;

    /// <summary>All of an IPv4 network but these addresses; the network itself when none of them is in it.</summary>
    public static string Without(IPNetwork network, params IPAddress[] addresses)
    {
        var holes = addresses.Where(network.Contains).Select(a => (long)Number(a)).ToList();
        if (holes.Count == 0)
            return network.ToString();
        var first = Number(network.BaseAddress);
        var last = first + (uint)((1L << (32 - network.PrefixLength)) - 1);
        return string.Join(',', Around(first, last, holes).Select(range => $"{Address((uint)range.From)}-{Address((uint)range.To)}"));
    }

    /// <summary>All ports but these.</summary>
    public static string PortsWithout(params int[] ports) => string.Join(
        ',', Around(1, LastPort, [.. ports.Select(port => (long)port)]).Select(range => string.Create(CultureInfo.InvariantCulture, $"{range.From}-{range.To}")));

    private static IEnumerable<(long From, long To)> Around(long first, long last, IEnumerable<long> holes)
    {
        foreach (var hole in holes.Distinct().Order())
        {
            if (hole > first)
                yield return (first, hole - 1);
            first = hole + 1;
        }

        if (first <= last)
            yield return (first, last);
    }

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static IPAddress Address(uint number)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, number);
        return new IPAddress(bytes);
    }
}
