using System.Text.Json.Nodes;

namespace Relais.Desktops.Engine;

/// <summary>The machines of a cluster, where things lie on them, and how they get from one to another.</summary>
internal sealed class ClusterMembers(EngineClient engine, EngineDescription description)
{
    // Which move a copied home is complete for: without it, it may be half a home.
    private const string MoveKey = "user.relais.move";
    private const string Scheduler = "scheduler.instance";

    // That it was closed for a drain, and not by the engine's own administrator.
    private const string DrainKey = "user.relais.drain";

    /// <returns>Empty when the engine is one machine.</returns>
    public async Task<IReadOnlyList<Member>> ListAsync(CancellationToken cancel)
    {
        if ((await engine.FindAsync("/1.0", cancel))?["environment"]?["server_clustered"]?.GetValue<bool>() is not true)
            return [];
        var members = await engine.FindAsync("/1.0/cluster/members?recursion=1", cancel) as JsonArray ?? [];
        return [.. members.OfType<JsonObject>().Select(m => new Member(
            Text(m["server_name"]), Text(m["status"]), Text(m["url"]), Text(m["config"]?[Scheduler]) == "manual", Text(m["config"]?[DrainKey]) == "true"))];
    }

    /// <summary>Says whether the engine may place what is new on a machine by itself.</summary>
    public Task OpenAsync(string member, bool open, CancellationToken cancel) => engine.ChangeAsync(
        HttpMethod.Patch, $"/1.0/cluster/members/{member}",
        new JsonObject { ["config"] = new JsonObject { [Scheduler] = open ? "all" : "manual", [DrainKey] = open ? "false" : "true" } }, cancel);

    /// <summary>The machine that each instance is on, by the instance's name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> InstancesAsync(CancellationToken cancel)
    {
        var all = await engine.FindAsync("/1.0/instances?recursion=1", cancel) as JsonArray ?? [];
        return all.OfType<JsonObject>().ToDictionary(i => Text(i["name"]), i => Text(i["location"]), StringComparer.Ordinal);
    }

    /// <summary>The machines that each home lies on, by the volume's name: two while it is copied. Those of a machine that is away are not told.</summary>
    public async Task<ILookup<string, string>> HomesAsync(CancellationToken cancel)
    {
        var all = await engine.FindAsync($"{Volumes}?recursion=1", cancel) as JsonArray ?? [];
        return all.OfType<JsonObject>().Where(v => Text(v["type"]) == "custom")
            .ToLookup(v => Text(v["name"]), v => Text(v["location"]), StringComparer.Ordinal);
    }

    /// <summary>Where one instance is; null when there is none of that name.</summary>
    public async Task<string?> LocationAsync(string instance, CancellationToken cancel) =>
        await engine.FindAsync($"/1.0/instances/{instance}", cancel) is { } found ? Text(found["location"]) : null;

    /// <summary>A home on one machine; null when it is not there.</summary>
    public async Task<HomeCopy?> FindHomeAsync(string volume, string member, CancellationToken cancel) =>
        await engine.FindAsync(On(volume, member), cancel) is { } found ? new HomeCopy(Text(found["config"]?[MoveKey])) : null;

    public Task DeleteHomeAsync(string volume, string member, CancellationToken cancel) =>
        engine.ChangeAsync(HttpMethod.Delete, On(volume, member), null, cancel);

    /// <summary>Copies a home with its snapshots to another machine, and notes there that it is whole.</summary>
    public async Task CopyHomeAsync(string volume, Member from, string to, Guid move, CancellationToken cancel)
    {
        var config = (await engine.FindAsync(On(volume, from.Name), cancel))?["config"] as JsonObject ?? [];
        var server = await engine.FindAsync("/1.0", cancel);
        // One end offers and the other one fetches: 5.0 has no single call for it.
        var offer = await engine.BeginAsync(
            HttpMethod.Post, On(volume, from.Name), new JsonObject { ["name"] = volume, ["pool"] = description.Pool, ["migration"] = true }, cancel);
        await engine.ChangeAsync(HttpMethod.Post, $"{Volumes}/custom?target={Uri.EscapeDataString(to)}", new JsonObject
        {
            ["name"] = volume,
            ["type"] = "custom",
            ["content_type"] = "filesystem",
            ["config"] = new JsonObject { ["size"] = Text(config["size"]) },
            ["source"] = new JsonObject
            {
                ["type"] = "migration",
                ["mode"] = "pull",
                ["name"] = volume,
                ["pool"] = description.Pool,
                ["operation"] = $"{from.Url}/1.0/operations/{Text(offer?["id"])}",
                ["certificate"] = Text(server?["environment"]?["certificate"]),
                ["secrets"] = offer?["metadata"]?.DeepClone(),
            },
        }, cancel);
        await engine.ChangeAsync(HttpMethod.Patch, On(volume, to), new JsonObject { ["config"] = new JsonObject { [MoveKey] = move.ToString() } }, cancel);
    }

    /// <summary>Moves an instance that is stopped, with its root.</summary>
    public Task MoveAsync(string instance, string to, CancellationToken cancel) => engine.ChangeAsync(
        HttpMethod.Post, $"/1.0/instances/{instance}?target={Uri.EscapeDataString(to)}",
        new JsonObject { ["name"] = instance, ["migration"] = true, ["live"] = false }, cancel);

    private string Volumes => $"/1.0/storage-pools/{description.Pool}/volumes";

    private string On(string volume, string member) => $"{Volumes}/custom/{volume}?target={Uri.EscapeDataString(member)}";

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";
}

/// <summary>A machine of a cluster.</summary>
/// <param name="State">The engine's word: Online, Offline, Evacuated ...</param>
/// <param name="Closed">Whether the engine places nothing there by itself.</param>
/// <param name="ClosedByUs">Whether that is for a drain.</param>
internal sealed record Member(string Name, string State, string Url, bool Closed, bool ClosedByUs)
{
    public bool Answers => State == "Online";
}

/// <param name="Move">The move that it was copied whole for; empty for one that was not, or not wholly.</param>
internal sealed record HomeCopy(string Move);
