using System.Globalization;
using System.Net;

namespace Relais.Gateway.Agent;

/// <summary>
/// Where an agent goes, decided on its own machine: whatever the server asks for, nothing else is dialled. Loopback, link-local, multicast and
/// unspecified addresses need a rule of their own; one for a larger network does not open them.
/// </summary>
internal sealed class AgentPolicy
{
    public const string Usual = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16 and fc00::/7, ports 22, 3389 and 5900-5999";

    private const string UsualPorts = "22,3389,5900-5999";

    private static readonly IPNetwork[] Particular =
    [
        IPNetwork.Parse("0.0.0.0/8"), IPNetwork.Parse("127.0.0.0/8"), IPNetwork.Parse("169.254.0.0/16"), IPNetwork.Parse("224.0.0.0/4"), IPNetwork.Parse("240.0.0.0/4"),
        IPNetwork.Parse("::/127"), IPNetwork.Parse("fe80::/10"), IPNetwork.Parse("ff00::/8"), IPNetwork.Parse("fd00:ec2::254/128"),
    ];

    private readonly IReadOnlyList<Rule> _rules;

    private AgentPolicy(IReadOnlyList<Rule> rules) => _rules = rules;

    private sealed record Rule(IPNetwork Network, IReadOnlyList<(int First, int Last)> Ports);

    /// <summary>Private networks, and the ports of RDP, VNC and SSH.</summary>
    public static AgentPolicy Default { get; } =
        Parse(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"]) ?? throw new InvalidOperationException("Written below.");

    /// <summary>Reads rules such as "10.1.0.0/16:3389,5900-5999,22", "10.1.0.7/32" (with the usual ports) and "[fd00:1::/64]:22"; null when one is none.</summary>
    public static AgentPolicy? Parse(IReadOnlyList<string> texts)
    {
        var rules = texts.Select(ParseRule).ToList();
        return rules.Contains(null) ? null : new AgentPolicy([.. rules.OfType<Rule>()]);
    }

    public bool Allows(IPEndPoint end) => Matching(end.Address).Any(rule => rule.Ports.Any(ports => end.Port >= ports.First && end.Port <= ports.Last));

    /// <summary>Whether any port of the address is allowed.</summary>
    public bool Allows(IPAddress address) => Matching(address).Any();

    private IEnumerable<Rule> Matching(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        var particular = Particular.Where(network => network.Contains(plain)).ToList();
        return _rules.Where(rule => rule.Network.Contains(plain) && particular.TrueForAll(network => Within(rule.Network, network)));
    }

    private static bool Within(IPNetwork inner, IPNetwork outer) => inner.PrefixLength >= outer.PrefixLength && outer.Contains(inner.BaseAddress);

    private static Rule? ParseRule(string text)
    {
        var (network, ports) = Halves(text);
        // Written with bits beyond its length, a network is not what somebody meant.
        return IPNetwork.TryParse(network, out var parsed) && IPAddress.TryParse(network.Split('/')[0], out var written) && written.Equals(parsed.BaseAddress)
            && ParsePorts(ports) is { Count: > 0 } ranges ? new Rule(parsed, ranges) : null;
    }

    private static (string Network, string Ports) Halves(string text)
    {
        // An IPv6 network has colons of its own, and stands in brackets when ports follow.
        if (text.StartsWith('[') && text.IndexOf("]:", StringComparison.Ordinal) is > 0 and var end)
            return (text[1..end], text[(end + 2)..]);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 || text.IndexOf(':', colon + 1) > 0 ? (text, UsualPorts) : (text[..colon], text[(colon + 1)..]);
    }

    private static List<(int First, int Last)> ParsePorts(string text)
    {
        var ranges = new List<(int First, int Last)>();
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-');
            if (ends.Length > 2 || Port(ends[0]) is not { } first || Port(ends[^1]) is not { } last || first > last)
                return [];
            ranges.Add((first, last));
        }

        return ranges;
    }

    private static int? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port is > 0 and <= IPEndPoint.MaxPort ? port : null;
}
