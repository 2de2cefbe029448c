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
        using var engine = new EngineClient(description.Socket, clock);
        try
        {
            var desktops = (await engine.FindAsync("/1.0/instances?recursion=2", cancel) as JsonArray ?? [])
                .OfType<JsonObject>().Where(IsDesktop).ToLookup(i => Text(i["location"]), StringComparer.Ordinal);
            List<MemberCapacity> members = [];
            foreach (var (name, state, target) in await MembersAsync(engine, cancel))
                members.Add(await ReadAsync(engine, description, name, state, target, target is null ? desktops.SelectMany(d => d) : desktops[name], cancel));
            return new FleetCapacity(members, FleetCapacity.BudgetOf([.. members.Where(m => m.IsOnline).Select(m => m.MemoryBytes / BytesPerMiB)], options.Value));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or EngineException)
        {
            return null;
        }
    }

    /// <summary>Memory of each machine that is online, in MiB.</summary>
    internal static async Task<IReadOnlyList<long>> MemoryAsync(EngineClient engine, CancellationToken cancel)
    {
        List<long> memory = [];
        foreach (var (_, state, target) in await MembersAsync(engine, cancel))
        {
            if (state == MemberCapacity.Online)
                memory.Add(Number((await engine.FindAsync($"/1.0/resources{target}", cancel))?["memory"]?["total"]) / BytesPerMiB);
        }

        return memory;
    }

    private static async Task<MemberCapacity> ReadAsync(
        EngineClient engine, EngineDescription description, string name, string state, string? target, IEnumerable<JsonObject> desktops, CancellationToken cancel)
    {
        var there = desktops.Where(d => Text(d["status"]) != "Stopped").ToList();
        var promised = there.Sum(d => MemorySize.TryParse(Text(d["config"]?["limits.memory"]), out var limit) ? limit * BytesPerMiB : 0);
        var used = there.Sum(d => Number(d["state"]?["memory"]?["usage"]));
        if (state != MemberCapacity.Online)
            return new MemberCapacity(name, state, 0, promised, used, 0, 0, 0);
        var machine = await engine.FindAsync($"/1.0/resources{target}", cancel);
        var space = (await engine.FindAsync($"/1.0/storage-pools/{description.Pool}/resources{target}", cancel))?["space"];
        return new MemberCapacity(
            name, state, Number(machine?["memory"]?["total"]), promised, used, (int)Number(machine?["cpu"]?["total"]), Number(space?["total"]), Number(space?["used"]));
    }

    // One machine is not asked for by its name.
    private static async Task<IReadOnlyList<(string Name, string State, string? Target)>> MembersAsync(EngineClient engine, CancellationToken cancel)
    {
        var server = await engine.FindAsync("/1.0", cancel);
        if (server?["environment"]?["server_clustered"]?.GetValue<bool>() is not true)
            return [(Text(server?["environment"]?["server_name"]), MemberCapacity.Online, null)];
        var members = await engine.FindAsync("/1.0/cluster/members?recursion=1", cancel) as JsonArray ?? [];
        return [.. members.OfType<JsonObject>().Select(m => (Text(m["server_name"]), Text(m["status"]), (string?)$"?target={Uri.EscapeDataString(Text(m["server_name"]))}"))];
    }

    private static bool IsDesktop(JsonObject instance) => Guid.TryParse(Text(instance["config"]?[Instances.RowKey]), out _);

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}
