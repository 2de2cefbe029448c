using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Relais.Desktops.Capacity;

namespace Relais.Desktops.Engine;

/// <summary>Brings the engine's pool, network and rules to what desktops need. May run at any time, any number of times.</summary>
internal sealed class EngineSetup(EngineClient engine, EngineDescription description, Uri? portal)
{
    // LXD 5.0 attaches rules to the network, not to the interface: one policy for all desktops of a bridge.
    private const string Rules = "relais-desktops";
    private const int Dns = 53;
    private const string NameRules = "raw.dnsmasq";
    private static readonly string[] Kinds = ["driver", "type"];
    private const string ExternalInterfaces = "bridge.external_interfaces";

    public async Task EnsureAsync(int poolGiB, string tcpPorts, CancellationToken cancel)
    {
        var members = await ReadCapacity.MembersAsync(engine, cancel);
        var size = string.Create(CultureInfo.InvariantCulture, $"{poolGiB}GiB");
        await EnsureAsync("/1.0/storage-pools", description.Pool, new JsonObject
        {
            ["name"] = description.Pool,
            ["driver"] = "btrfs",
            ["config"] = new JsonObject { ["size"] = size },
        }, "size", members, cancel);

        // The rules come first, so that there is never a network without them.
        if (await engine.FindAsync($"/1.0/network-acls/{Rules}", cancel) is null)
            await EnsureRulesAsync(tcpPorts, [], cancel);
        if (description.Uplink is { } uplink)
        {
            await EnsureSharedNetworkAsync(uplink, members, cancel);
            return;
        }

        await EnsureAsync("/1.0/networks", description.Bridge, new JsonObject
        {
            ["name"] = description.Bridge,
            ["type"] = "bridge",
            ["config"] = new JsonObject
            {
                ["ipv4.address"] = $"{description.Host}/{description.Network.PrefixLength}",
                ["ipv4.nat"] = "true",
                ["ipv4.firewall"] = "true",
                ["ipv6.address"] = "none",
                ["dns.mode"] = "managed",
                ["security.acls"] = Rules,
                ["security.acls.default.ingress.action"] = "drop",
                ["security.acls.default.egress.action"] = "reject",
            },
        }, null, members, cancel);
        await EnsureNamesAsync(cancel);
    }

    // No member has the gateway's address: the portal's machine holds it, at the other end of the uplinks, with way out and names.
    private Task EnsureSharedNetworkAsync(string uplink, IReadOnlyList<ClusterMember> members, CancellationToken cancel) =>
        EnsureAsync("/1.0/networks", description.Bridge, new JsonObject
        {
            ["name"] = description.Bridge,
            ["type"] = "bridge",
            ["config"] = new JsonObject
            {
                [ExternalInterfaces] = uplink,
                ["ipv4.address"] = "none",
                ["ipv6.address"] = "none",
                ["dns.mode"] = "none",
                ["security.acls"] = Rules,
                ["security.acls.default.ingress.action"] = "drop",
                ["security.acls.default.egress.action"] = "reject",
            },
        }, ExternalInterfaces, members, cancel);

    // The portal's name, and those of the apps under it, lead desktops to this host, whatever they lead to elsewhere.
    private async Task EnsureNamesAsync(CancellationToken cancel)
    {
        // What the host's own file of names says is the host's affair, and would come first.
        var wanted = portal is null ? "no-hosts" : $"no-hosts\naddress=/{portal.Host}/{description.Host}";
        var network = await engine.FindAsync($"/1.0/networks/{description.Bridge}", cancel);
        if ((network?["config"]?[NameRules]?.GetValue<string>() ?? "") == wanted)
            return;
        await engine.ChangeAsync(
            HttpMethod.Patch, $"/1.0/networks/{description.Bridge}", new JsonObject { ["config"] = new JsonObject { [NameRules] = wanted } }, cancel);
    }

    /// <summary>Only the gateway comes in, only the bundles' ports go out, never to inner networks but to the portal's own door.</summary>
    /// <param name="tcpPorts">Ports of desktops that are in no group.</param>
    public async Task EnsureRulesAsync(string tcpPorts, IReadOnlyList<EgressGroup> groups, CancellationToken cancel)
    {
        var rules = new JsonObject
        {
            ["name"] = Rules,
            ["ingress"] = new JsonArray(new JsonObject
            {
                ["action"] = "allow", ["state"] = "enabled", ["protocol"] = "tcp",
                ["source"] = $"{description.Host}/32", ["destination_port"] = "3389",
            }),
            ["egress"] = Egress(tcpPorts, groups),
        };
        if (await engine.FindAsync($"/1.0/network-acls/{Rules}", cancel) is null)
        {
            await engine.ChangeAsync(HttpMethod.Post, "/1.0/network-acls", rules, cancel);
        }
        else
        {
            rules.Remove("name");
            await engine.ChangeAsync(HttpMethod.Put, $"/1.0/network-acls/{Rules}", rules, cancel);
        }
    }

    /// <summary>Imports an image unless the engine has it; gives its fingerprint.</summary>
    public async Task<string> EnsureImageAsync(string folder, CancellationToken cancel)
    {
        var (metadata, root) = (Path.Combine(folder, "metadata.tar.xz"), Path.Combine(folder, "rootfs.squashfs"));
        var fingerprint = await ImageFingerprint.OfAsync(metadata, root, cancel);
        if (await engine.FindAsync($"/1.0/images/{fingerprint}", cancel) is not null)
            return fingerprint;
        return await engine.ImportImageAsync(metadata, root, cancel);
    }

    // In a cluster each member is told first, with what is its own, and then all of them together. One that was cut off is taken up again.
    private async Task EnsureAsync(
        string collection, string name, JsonObject body, string? membersOwn, IReadOnlyList<ClusterMember> members, CancellationToken cancel)
    {
        var found = await engine.FindAsync($"{collection}/{name}", cancel);
        if (found is not null && found["status"]?.GetValue<string>() is not ("Pending" or "Errored"))
            return;
        var told = (found?["locations"] as JsonArray ?? []).Select(l => l?.GetValue<string>()).ToHashSet(StringComparer.Ordinal);
        foreach (var member in members.Where(m => m.Target is not null && !told.Contains(m.Name)))
        {
            var own = new JsonObject { ["name"] = name };
            foreach (var key in Kinds.Where(body.ContainsKey))
                own[key] = body[key]?.DeepClone();
            if (membersOwn is not null)
                own["config"] = new JsonObject { [membersOwn] = body["config"]?[membersOwn]?.DeepClone() };
            await engine.ChangeAsync(HttpMethod.Post, $"{collection}{member.Target}", own, cancel);
        }

        if (members.Any(m => m.Target is not null) && membersOwn is not null)
            (body["config"] as JsonObject)?.Remove(membersOwn);
        await engine.ChangeAsync(HttpMethod.Post, collection, body, cancel);
    }

    private JsonArray Egress(string tcpPorts, IReadOnlyList<EgressGroup> groups)
    {
        var rules = new JsonArray();
        foreach (var protocol in new[] { "udp", "tcp" })
            rules.Add(Rule("allow", $"{description.Host}/32", protocol, "53"));
        // Inner networks, carrier NAT, link-local and the cloud's metadata address: a desktop has no business there.
        foreach (var inner in new[] { "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10" })
            rules.Add(Rule("reject", portal is null ? inner : InnerNetwork.Without(IPNetwork.Parse(inner), description.Host), null, null));
        if (portal is not null)
        {
            // LXD looks at all that rejects before all that allows, in whatever order they stand.
            rules.Add(Rule("reject", $"{description.Host}/32", "tcp", InnerNetwork.PortsWithout(Dns, portal.Port)));
            rules.Add(Rule("allow", $"{description.Host}/32", "tcp", portal.Port.ToString(CultureInfo.InvariantCulture)));
        }

        // Whoever is in a group has the ports of the group alone.
        var others = groups.Count == 0 ? null : InnerNetwork.Without(description.Network, [.. groups.SelectMany(g => g.Addresses)]);
        foreach (var (ports, sources) in groups.Select(g => (g.TcpPorts, (string?)string.Join(',', g.Addresses))).Prepend((tcpPorts, others)))
        {
            if (ports.Length == 0)
                continue;
            var rule = Rule("allow", null, "tcp", ports);
            if (sources is not null)
                rule["source"] = sources;
            rules.Add(rule);
        }

        return rules;
    }

    private static JsonObject Rule(string action, string? destination, string? protocol, string? ports)
    {
        var rule = new JsonObject { ["action"] = action, ["state"] = "enabled" };
        if (destination is not null)
            rule["destination"] = destination;
        if (protocol is not null)
            rule["protocol"] = protocol;
        if (ports is not null)
            rule["destination_port"] = ports;
        return rule;
    }
}

/// <summary>Desktops that may reach other ports of the internet than most.</summary>
/// <param name="TcpPorts">Such as "22,80,443"; empty for none.</param>
internal sealed record EgressGroup(string TcpPorts, IReadOnlyList<IPAddress> Addresses);

/// <summary>IPv4 addresses by their number.</summary>
internal sealed class AddressOrder : IComparer<IPAddress>
{
    public static readonly AddressOrder Instance = new();

    public int Compare(IPAddress? x, IPAddress? y) => (x?.GetAddressBytes() ?? []).AsSpan().SequenceCompareTo(y?.GetAddressBytes() ?? []);
}
