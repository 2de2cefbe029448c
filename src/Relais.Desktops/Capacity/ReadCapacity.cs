using System.Text.Json.Nodes;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Capacity;

/// <summary>What the machines have and what desktops take of it, as the engine says it. It only asks, from any process.</summary>
internal sealed class ReadCapacity(IOptions<DesktopsOptions> options, TimeProvider clock)
{
    private const long BytesPerMiB = 1 << 20;

    /// <returns>Null when there is no engine here, or it does not answer.</returns>
    public async Task<FleetCapacity?> HandleAsync(CancellationToken cancel)
    {
        if (EngineDescription.Find(options.Value.Engine) is not { } description)
            return null;
        using var engine = new EngineClient(description.Doors, clock);
        try
        {
            var desktops = (await engine.FindAsync("/1.0/instances?recursion=2", cancel) as JsonArray ?? [])
                .OfType<JsonObject>().Where(IsDesktop).ToLookup(i => Text(i["location"]), StringComparer.Ordinal);
            List<MemberCapacity> members = [];
            foreach (var member in await MembersAsync(engine, cancel))
                members.Add(await ReadAsync(engine, description, member, member.Target is null ? desktops.SelectMany(d => d) : desktops[member.Name], cancel));
            return new FleetCapacity(members, FleetCapacity.BudgetOf([.. members.Where(m => m.IsOnline).Select(m => m.MemoryBytes / BytesPerMiB)], options.Value));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or EngineException)
        {
            return null;
        }
    }

    /// <summary>Memory of a machine that is online, in MiB.</summary>
    internal static async Task<long> MemoryAsync(EngineClient engine, ClusterMember member, CancellationToken cancel) =>
        Number((await engine.FindAsync($"/1.0/resources{member.Target}", cancel))?["memory"]?["total"]) / BytesPerMiB;

    private static async Task<MemberCapacity> ReadAsync(
        EngineClient engine, EngineDescription description, ClusterMember member, IEnumerable<JsonObject> desktops, CancellationToken cancel)
    {
        var (name, state, target, isOpen) = member;
        var there = desktops.Where(d => Text(d["status"]) != "Stopped").ToList();
        var promised = there.Sum(d => MemorySize.TryParse(Text(d["config"]?["limits.memory"]), out var limit) ? limit * BytesPerMiB : 0);
        var used = there.Sum(d => Number(d["state"]?["memory"]?["usage"]));
        if (state != MemberCapacity.Online)
            return new MemberCapacity(name, state, 0, promised, used, 0, 0, 0, isOpen);
        var machine = await engine.FindAsync($"/1.0/resources{target}", cancel);
        var space = (await engine.FindAsync($"/1.0/storage-pools/{description.Pool}/resources{target}", cancel))?["space"];
        return new MemberCapacity(
            name, state, Number(machine?["memory"]?["total"]), promised, used, (int)Number(machine?["cpu"]?["total"]), Number(space?["total"]), Number(space?["used"]),
            isOpen);
    }

    // One machine is not asked for by its name.
    internal static async Task<IReadOnlyList<ClusterMember>> MembersAsync(EngineClient engine, CancellationToken cancel)
    {
        var server = await engine.FindAsync("/1.0", cancel);
        if (server?["environment"]?["server_clustered"]?.GetValue<bool>() is not true)
            return [new ClusterMember(Text(server?["environment"]?["server_name"]), MemberCapacity.Online, null, IsOpen: true)];
        var members = await engine.FindAsync("/1.0/cluster/members?recursion=1", cancel) as JsonArray ?? [];
        return [.. members.OfType<JsonObject>().Select(m => new ClusterMember(
            Text(m["server_name"]), Text(m["status"]), $"?target={Uri.EscapeDataString(Text(m["server_name"]))}", Text(m["config"]?["scheduler.instance"]) is "" or "all"))];
    }

    private static bool IsDesktop(JsonObject instance) => Instances.Read(instance).Row is not null;

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}

/// <param name="State">The engine's word: Online, Offline, Evacuated ...</param>
/// <param name="Target">What a request to this one ends with; null when the engine is one machine.</param>
/// <param name="IsOpen">Whether the engine may put new instances there.</param>
internal sealed record ClusterMember(string Name, string State, string? Target, bool IsOpen);
