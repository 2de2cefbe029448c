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
            foreach (var member in await ClusterMembers.ReadAsync(engine, cancel))
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
        var all = desktops.ToList();
        var there = all.FindAll(d => Text(d["status"]) != "Stopped");
        var promised = there.Sum(d => MemorySize.TryParse(Text(d["config"]?["limits.memory"]), out var limit) ? limit * BytesPerMiB : 0);
        var used = there.Sum(d => Number(d["state"]?["memory"]?["usage"]));
        var away = new MemberCapacity(member.Name, member.Answers ? ClusterMember.Offline : member.State, 0, promised, used, 0, 0, 0, member.IsOpen, all.Count);
        if (!member.Answers)
            return away;
        try
        {
            var machine = await engine.FindAsync($"/1.0/resources{member.Target}", cancel);
            var space = (await engine.FindAsync($"/1.0/storage-pools/{description.Pool}/resources{member.Target}", cancel))?["space"];
            return away with
            {
                State = member.State, MemoryBytes = Number(machine?["memory"]?["total"]), Processors = (int)Number(machine?["cpu"]?["total"]),
                DiskBytes = Number(space?["total"]), DiskUsedBytes = Number(space?["used"]),
            };
        }
        catch (EngineException) when (member.Target is not null)
        {
            // Gone a moment ago: the others have not noticed yet.
            return away;
        }
    }

    // What the engine moves is there twice, under another name too.
    private static bool IsDesktop(JsonObject instance) => Instances.Read(instance).IsNamed;

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}
