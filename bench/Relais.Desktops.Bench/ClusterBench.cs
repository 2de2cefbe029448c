using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace Relais.Desktops.Bench;

/// <summary>
/// Desktops on a cluster of three: they spread over its members, each is reached at its RDP port, and none reaches another one, on the same member or on
/// another. The exit code is 1 when one of this is not so.
/// </summary>
internal sealed class ClusterBench(PlanRows rows, Installation installation, int desktops)
{
    private const string Plan = "Banc";
    private const int Dns = 53;

    // The engine's own client answers within this, or the desktop does not.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // X.224 connection request for TLS, and the first octet of its confirm (MS-RDPBCGR 2.2.1.1).
    private static readonly byte[] Request = [3, 0, 0, 19, 14, 0xe0, 0, 0, 0, 0, 0, 1, 0, 8, 0, 1, 0, 0, 0];

    private readonly List<string> _wrong = [];

    public async Task<int> HandleAsync()
    {
        await rows.PrepareAsync(Plan, desktops);
        var since = Stopwatch.GetTimestamp();
        await installation.SayAsync($"plan start {Plan}");
        var wall = Stopwatch.GetElapsedTime(since).TotalSeconds;
        var starts = await rows.StartsAsync();
        var addresses = await rows.AddressesAsync();
        Hold(addresses.Count == desktops, $"{addresses.Count} of {desktops} desktops run");

        var members = await MembersAsync(addresses.Keys);
        var counts = members.Values.CountBy(m => m, StringComparer.Ordinal).OrderBy(m => m.Key, StringComparer.Ordinal).ToList();
        Hold(counts.Count == 3 && counts.Max(c => c.Value) - counts.Min(c => c.Value) <= 1, "they do not spread over the three members");

        var answers = await Task.WhenAll(addresses.Values.Select(a => AnswersAsync(IPEndPoint.Parse(a))));
        Hold(answers.All(a => a), $"RDP answered at {answers.Count(a => a)} of {answers.Length}");

        var tries = addresses.Count > 0 ? await TryNeighboursAsync(addresses, members) : "nothing was tried from inside";
        Console.WriteLine(Figures.Machine());
        Console.WriteLine();
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{addresses.Count} of {desktops} desktops by one plan on a cluster of three: {string.Join(", ", counts.Select(c => $"{c.Key} {c.Value}"))}; all there after {wall:0.0} s, the last {(starts.Count > 0 ? starts[^1] : 0):0.0} s after it was asked for. RDP answered at {answers.Count(a => a)}. {tries}"));
        foreach (var wrong in _wrong)
            Console.WriteLine($"WRONG: {wrong}");
        return _wrong.Count == 0 ? 0 : 1;
    }

    // From inside the first desktop, as root of it.
    private async Task<string> TryNeighboursAsync(IReadOnlyDictionary<string, string> addresses, Dictionary<string, string> members)
    {
        var from = addresses.Keys.Order(StringComparer.Ordinal).First();
        var gateway = installation.Gateway;
        // What it may reach, so that "not reached" means something.
        Hold(await ReachesAsync(from, gateway, Dns), "a desktop does not reach the names at its gateway");
        var (near, far, reached) = (0, 0, 0);
        foreach (var (name, address) in addresses.Where(a => a.Key != from))
        {
            var there = IPEndPoint.Parse(address);
            foreach (var port in new[] { there.Port, 22 })
            {
                if (await ReachesAsync(from, there.Address.ToString(), port))
                    reached++;
            }

            if (await LearnsAsync(from, there.Address.ToString()))
                reached++;
            if (members[name] == members[from])
                near++;
            else
                far++;
        }

        Hold(reached == 0, $"a desktop reached others {reached} times");
        Hold(near > 0 && far > 0, "there was none on the same or none on another member to try");
        return $"From inside one, {near} on the same member and {far} on others were tried: reached {reached} times.";
    }

    private void Hold(bool isSo, string wrong)
    {
        if (!isSo)
            _wrong.Add(wrong);
    }

    private async Task<bool> ReachesAsync(string instance, string address, int port) =>
        await InsideAsync(instance, $"timeout 3 bash -c '</dev/tcp/{address}/{port.ToString(CultureInfo.InvariantCulture)}'") == 0;

    // Its link address is not to be learnt either.
    private async Task<bool> LearnsAsync(string instance, string address) =>
        await InsideAsync(instance, $"timeout 1 bash -c '</dev/tcp/{address}/9'; grep -Eq '^{address} +0x1 +0x2' /proc/net/arp") == 0;

    private async Task<int> InsideAsync(string instance, string command)
    {
        var start = new ProcessStartInfo("lxc", ["exec", instance, "--", "sh", "-c", command])
        {
            UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true,
        };
        start.Environment["LXD_DIR"] = Path.GetDirectoryName(installation.SocketPath);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("lxc did not start");
        process.StandardInput.Close();
        var said = process.StandardOutput.ReadToEndAsync();
        await process.StandardError.ReadToEndAsync();
        await said;
        await process.WaitForExitAsync();
        return process.ExitCode;
    }

    private static async Task<bool> AnswersAsync(IPEndPoint address)
    {
        using var late = new CancellationTokenSource(Patience);
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, late.Token);
            await socket.SendAsync(Request, late.Token);
            var answer = new byte[19];
            return await socket.ReceiveAsync(answer, late.Token) > 5 && answer[0] == 3 && answer[5] == 0xd0;
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<Dictionary<string, string>> MembersAsync(IEnumerable<string> instances)
    {
        using var engine = installation.Engine();
        var answer = await engine.GetStringAsync("/1.0/instances?recursion=1");
        using var document = JsonDocument.Parse(answer);
        var all = document.RootElement.GetProperty("metadata").EnumerateArray()
            .ToDictionary(i => i.GetProperty("name").GetString() ?? "", i => i.GetProperty("location").GetString() ?? "", StringComparer.Ordinal);
        return instances.ToDictionary(i => i, i => all.GetValueOrDefault(i, "nowhere"), StringComparer.Ordinal);
    }
}
