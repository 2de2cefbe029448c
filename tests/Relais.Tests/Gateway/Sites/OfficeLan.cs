using System.Security.Cryptography;
using System.Text;

namespace Relais.Tests.Gateway.Sites;

/// <summary>
/// An office as the network knows it: a machine of its own network behind a router that lets nothing in. Each is a network namespace. The router is
/// where the agent runs: it reaches this machine, which is the server's, and takes no connection from it. Needs root.
/// </summary>
internal sealed class OfficeLan : IAsyncDisposable
{
    private const string Door = """
        table inet door {
          chain input {
            type filter hook input priority 0; policy drop;
            ct state established,related accept
            iif "lo" accept
            iifname "lan" accept
          }
        }
        """;

    private static readonly string Prefix = PrefixOf(Environment.GetEnvironmentVariable("RELAIS_TEST_DATA") ?? "");
    private static int s_count;

    private readonly string _name;

    private OfficeLan(int number)
    {
        _name = $"{Prefix}{number}";
        // RFC 2544: a network that is nobody's, for measurements between two machines.
        var (third, fourth) = (Convert.ToByte(Prefix[^2..], 16), 4 * (number % 60));
        (Server, Router) = ($"198.18.{third}.{fourth + 1}", TestPlace.In($"{_name}r", $"198.18.{third}.{fourth + 2}"));
    }

    /// <summary>The server's address, as the office sees it.</summary>
    public string Server { get; }

    /// <summary>The machine of the agent.</summary>
    public TestPlace Router { get; }

    /// <summary>A machine of the office's own network.</summary>
    public TestPlace Machine => TestPlace.In($"{_name}m", "10.1.0.5");

    public static async Task<OfficeLan> CreateAsync()
    {
        var lan = new OfficeLan(Interlocked.Increment(ref s_count));
        try
        {
            await lan.SetUpAsync();
            return lan;
        }
        catch
        {
            await lan.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // What is in a namespace goes with it, and with one end of a cable the other one.
        foreach (var end in "rm")
        {
            if (File.Exists($"/var/run/netns/{_name}{end}"))
                await TestProgram.RunAsync("ip", "netns", "del", $"{_name}{end}");
        }
    }

    // scripts/test.sh makes the same of the same folder, and removes what a killed run left.
    private static string PrefixOf(string folder) => "rt" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(folder)))[..6];

    private async Task SetUpAsync()
    {
        var (router, machine, cable) = ($"{_name}r", $"{_name}m", $"{_name}w");
        await IpAsync($"netns add {router}");
        await IpAsync($"netns add {machine}");
        await IpAsync($"link add {cable} type veth peer name wan netns {router}");
        await IpAsync($"addr add {Server}/30 dev {cable}");
        await IpAsync($"link set {cable} up");
        await IpAsync($"-n {router} addr add {Router.Address}/30 dev wan");
        await IpAsync($"-n {router} link add lan type veth peer name lan netns {machine}");
        await IpAsync($"-n {router} addr add 10.1.0.2/24 brd + dev lan");
        await IpAsync($"-n {machine} addr add 10.1.0.5/24 brd + dev lan");
        foreach (var (place, card) in new[] { (router, "wan"), (router, "lan"), (router, "lo"), (machine, "lan"), (machine, "lo") })
            await IpAsync($"-n {place} link set {card} up");
        var rules = Path.Combine(Path.GetTempPath(), $"{_name}.nft");
        await File.WriteAllTextAsync(rules, Door + "\n");
        await IpAsync($"netns exec {router} nft -f {rules}");
        File.Delete(rules);
    }

    private static Task IpAsync(string words) => TestProgram.RunAsync("ip", words.Split(' '));
}
