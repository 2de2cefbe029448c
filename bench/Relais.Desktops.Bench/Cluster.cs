using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Relais.Desktops.Bench;

/// <summary>What the members of the engine say, and what is done to them from outside.</summary>
internal sealed class Cluster(Installation installation)
{
    /// <summary>Of each instance the member that has it. One instance is named once, whatever happened.</summary>
    public async Task<IReadOnlyList<Placed>> InstancesAsync() => await ListAsync("/1.0/instances?recursion=1");

    /// <summary>Of each home the member that has it; a home on two of them is named twice.</summary>
    public async Task<IReadOnlyList<Placed>> HomesAsync() =>
        [.. (await ListAsync("/1.0/storage-pools/relais/volumes/custom?recursion=1")).Where(h => !h.Name.Contains('/', StringComparison.Ordinal))];

    /// <summary>Runs a command as root of a desktop; what it said when it ended well, else null.</summary>
    public async Task<string?> InsideAsync(string instance, string command)
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
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? await said : null;
    }

    public async Task<bool> ReachesAsync(string instance, string address, int port) =>
        await InsideAsync(instance, $"timeout 3 bash -c '</dev/tcp/{address}/{port.ToString(CultureInfo.InvariantCulture)}'") is not null;

    /// <summary>Whether a desktop learns another one's link address.</summary>
    public async Task<bool> LearnsAsync(string instance, string address) =>
        await InsideAsync(instance, $"timeout 1 bash -c '</dev/tcp/{address}/9'; grep -Eq '^{address} +0x1 +0x2' /proc/net/arp") is not null;

    private async Task<IReadOnlyList<Placed>> ListAsync(string path)
    {
        using var engine = installation.Engine();
        var answer = await engine.GetFromJsonAsync<JsonElement>(path);
        return [.. answer.GetProperty("metadata").EnumerateArray().Select(i => new Placed(
            i.GetProperty("name").GetString() ?? "", i.GetProperty("location").GetString() ?? "", i.TryGetProperty("status", out var status) ? status.GetString() ?? "" : ""))];
    }
}

/// <param name="Status">The engine's word; empty for a home.</param>
internal sealed record Placed(string Name, string Member, string Status);
