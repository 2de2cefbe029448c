using System.Text.Json.Nodes;

namespace Relais.Desktops.Engine;

/// <summary>The machines of a cluster, where things lie on them, and how they get from one to another.</summary>
internal sealed class ClusterMembers(EngineClient engine, EngineDescription description)
{
    // Which move a copied home is complete for: without it, it may be half a home.
    private const string MoveKey = "user.relais.move";
    private static readonly string[] Settable = ["config", "description", "failure_domain", "groups", "roles"];

    private const string Scheduler = "scheduler.instance";

    // That it was closed for a drain, and not by the engine's own administrator.
    private const string DrainKey = "user.relais.drain";

    /// <summary>All machines. One alone is not asked for by its name.</summary>
    public static async Task<IReadOnlyList<ClusterMember>> ReadAsync(EngineClient engine, CancellationToken cancel)
    {
        var server = await engine.FindAsync("/1.0", cancel);
        if (server?["environment"]?["server_clustered"]?.GetValue<bool>() is not true)
            return [new ClusterMember(Text(server?["environment"]?["server_name"]), ClusterMember.Online, null, "", IsOpen: true, ClosedByUs: false)];
        var members = await engine.FindAsync("/1.0/cluster/members?recursion=1", cancel) as JsonArray ?? [];
        return [.. members.OfType<JsonObject>().Select(m => new ClusterMember(
            Text(m["server_name"]), Text(m["status"]), $"?target={Uri.EscapeDataString(Text(m["server_name"]))}", Text(m["url"]),
            Text(m["config"]?[Scheduler]) is "" or "all", Text(m["config"]?[DrainKey]) == "true"))];
    }

    /// <returns>Empty when the engine is one machine.</returns>
    public async Task<IReadOnlyList<ClusterMember>> ListAsync(CancellationToken cancel) =>
        [.. (await ReadAsync(engine, cancel)).Where(m => m.Target is not null)];

    /// <summary>Says whether the engine may place what is new on a machine by itself.</summary>
    public async Task OpenAsync(string member, bool open, CancellationToken cancel)
    {
        var path = $"/1.0/cluster/members/{Uri.EscapeDataString(member)}";
        if (await engine.FindAsync(path, cancel) is not JsonObject found)
            return;
        // What is not told is taken away: a member without its roles leaves the engine's database.
        var told = new JsonObject();
        foreach (var key in Settable.Where(found.ContainsKey))
            told[key] = found[key]?.DeepClone();
        var config = told["config"] as JsonObject ?? [];
        (config[Scheduler], config[DrainKey]) = (open ? "all" : "manual", open ? "false" : "true");
        if (config.Parent is null)
            told["config"] = config;
        await engine.ChangeAsync(HttpMethod.Put, path, told, cancel);
    }

    /// <summary>The machine that each instance is on, by the instance's name.</summary>
    public async Task<IReadOnlyDictionary<string, string>> InstancesAsync(CancellationToken cancel)
    {
        var all = await engine.FindAsync("/1.0/instances?recursion=1", cancel) as JsonArray ?? [];
        return all.OfType<JsonObject>().ToDictionary(i => Text(i["name"]), i => Text(i["location"]), StringComparer.Ordinal);
    }

    /// <summary>The machines that each home lies on, by the volume's name: two while it is copied.</summary>
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
    public async Task CopyHomeAsync(string volume, ClusterMember from, string to, Guid move, CancellationToken cancel)
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

/// <summary>A machine of a cluster, or the one that there is.</summary>
/// <param name="State">The engine's word: Online, Offline, Evacuated ...</param>
/// <param name="Target">What a request to this one ends with; null when the engine is one machine.</param>
/// <param name="IsOpen">Whether the engine may put new instances there.</param>
/// <param name="ClosedByUs">Whether it was closed for a drain.</param>
internal sealed record ClusterMember(string Name, string State, string? Target, string Url, bool IsOpen, bool ClosedByUs)
{
    public const string Online = "Online";

    public const string Offline = "Offline";

    public bool Answers => State == Online;
}

/// <param name="Move">The move that it was copied whole for; empty for one that was not, or not wholly.</param>
internal sealed record HomeCopy(string Move);
