using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Relais.Telephony.Bench.Impaired;

/// <summary>The candidates (RFC 8839) of a session description with one media section.</summary>
internal static class IceCandidates
{
    private const string Line = "a=candidate:";
    private const string End = "a=end-of-candidates";

    /// <summary>The UDP addresses in it, IPv4, in their order.</summary>
    public static IReadOnlyList<IPEndPoint> Of(string sdp) =>
    [
        .. Lines(sdp).Where(line => line.StartsWith(Line, StringComparison.Ordinal)).Select(line => line.Split(' '))
            .Where(parts => parts.Length > 5 && parts[2].Equals("udp", StringComparison.OrdinalIgnoreCase))
            .Select(parts => IPAddress.TryParse(parts[4], out var address) && address.AddressFamily is AddressFamily.InterNetwork
                && ushort.TryParse(parts[5], NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? new IPEndPoint(address, port) : null)
            .OfType<IPEndPoint>(),
    ];

    /// <summary>The same description with one candidate alone.</summary>
    public static string Replace(string sdp, IPEndPoint by)
    {
        var kept = Lines(sdp).Where(line => !line.StartsWith(Line, StringComparison.Ordinal) && !line.StartsWith(End, StringComparison.Ordinal));
        return string.Concat([.. kept.Select(line => line + "\r\n"), string.Create(CultureInfo.InvariantCulture, $"{Line}1 1 udp 2122260223 {by.Address} {by.Port} typ host\r\n"), End + "\r\n"]);
    }

    private static string[] Lines(string sdp) => sdp.Split(["\r\n", "\n"], StringSplitOptions.RemoveEmptyEntries);
}
