using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Engine;

/// <summary>What the engine has of ours, and how it is made. Each instance carries the id of the row that asked for it.</summary>
internal sealed class Instances(EngineClient engine, EngineDescription description)
{
    public const string RowKey = "user.relais.desktop";

    // Set once the desktop's own settings are inside: a creation that was cut off before is taken up again there.
    private const string PreparedKey = "user.relais.prepared";

    // Which root and which start this is, of those that were asked for: what was cut off is not done twice.
    private const string RootKey = "user.relais.root";
    private const string BootKey = "user.relais.boot";

    /// <summary>Every instance that carries a row's id.</summary>
    public async Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancel)
    {
        var all = await engine.FindAsync("/1.0/instances?recursion=1", cancel) as JsonArray ?? [];
        return [.. all.OfType<JsonObject>().Select(Read).Where(i => i.Row is not null)];
    }

    public async Task<Instance?> FindAsync(string name, CancellationToken cancel)
    {
        try
        {
            return await engine.FindAsync($"/1.0/instances/{name}", cancel) is JsonObject found ? Read(found) : null;
        }
        catch (EngineException)
        {
            // A member that is away is asked in vain; the list tells at least that it is there.
            if ((await ListAsync(cancel)).FirstOrDefault(i => i.Name == name) is { IsAway: true } away)
                return away;
            throw;
        }
    }

    /// <summary>Makes a home unless there is one.</summary>
    /// <param name="member">Where it is to be in a cluster; a home that is there already stays where it is.</param>
    /// <returns>The member that has it; null when the engine is one machine.</returns>
    public async Task<string?> EnsureHomeAsync(string volume, string size, string? member, CancellationToken cancel)
    {
        var path = $"/1.0/storage-pools/{description.Pool}/volumes/custom/{volume}";
        var found = await engine.FindAsync(path, cancel);
        if (found is null)
        {
            await engine.ChangeAsync(HttpMethod.Post, $"/1.0/storage-pools/{description.Pool}/volumes/custom{TargetOf(member)}", new JsonObject
            {
                ["name"] = volume,
                ["config"] = new JsonObject { ["size"] = size },
            }, cancel);
            found = await engine.FindAsync(path, cancel);
        }

        return MemberOf(found);
    }

    /// <summary>The member that each home is on, by the volume's name. Those of a member that is away are not told.</summary>
    public async Task<IReadOnlyDictionary<string, string>> HomesAsync(CancellationToken cancel)
    {
        var all = await engine.FindAsync($"/1.0/storage-pools/{description.Pool}/volumes/custom?recursion=1", cancel) as JsonArray ?? [];
        Dictionary<string, string> homes = new(StringComparer.Ordinal);
        foreach (var volume in all)
        {
            if (MemberOf(volume) is { } member && volume?["name"]?.GetValue<string>() is { } name)
                homes[name] = member;
        }

        return homes;
    }

    /// <summary>Whether a home volume was made.</summary>
    public async Task<bool> HasHomeAsync(string volume, CancellationToken cancel) =>
        await engine.FindAsync($"/1.0/storage-pools/{description.Pool}/volumes/custom/{volume}", cancel) is not null;

    /// <summary>Takes a snapshot of a home, unless there is one of that name.</summary>
    public async Task EnsureSnapshotAsync(string volume, string snapshot, CancellationToken cancel)
    {
        var snapshots = $"/1.0/storage-pools/{description.Pool}/volumes/custom/{volume}/snapshots";
        if (await engine.FindAsync($"{snapshots}/{snapshot}", cancel) is null)
            await engine.ChangeAsync(HttpMethod.Post, snapshots, new JsonObject { ["name"] = snapshot }, cancel);
    }

    public async Task DeleteSnapshotAsync(string volume, string snapshot, CancellationToken cancel)
    {
        var path = $"/1.0/storage-pools/{description.Pool}/volumes/custom/{volume}/snapshots/{snapshot}";
        if (await engine.FindAsync(path, cancel) is not null)
            await engine.ChangeAsync(HttpMethod.Delete, path, null, cancel);
    }

    /// <summary>Brings a home back to a snapshot. Its instance must be stopped.</summary>
    public Task RestoreAsync(string volume, string snapshot, CancellationToken cancel) => engine.ChangeAsync(
        HttpMethod.Put, $"/1.0/storage-pools/{description.Pool}/volumes/custom/{volume}", new JsonObject { ["restore"] = snapshot }, cancel);

    /// <summary>Sets memory and processors, at once also while it runs.</summary>
    public Task ResizeAsync(string name, InstanceSize size, CancellationToken cancel) => PatchAsync(name, size.Config(), cancel);

    public Task NoteBootAsync(string name, int boot, CancellationToken cancel) =>
        PatchAsync(name, new JsonObject { [BootKey] = Number(boot) }, cancel);

    public Task CreateAsync(
        string name, Desktop desktop, IPAddress address, string fingerprint, Bundle bundle, string? member, CancellationToken cancel) =>
        engine.ChangeAsync(HttpMethod.Post, $"/1.0/instances{TargetOf(member)}", new JsonObject
        {
            ["name"] = name,
            ["type"] = "container",
            ["source"] = new JsonObject { ["type"] = "image", ["fingerprint"] = fingerprint },
            ["profiles"] = new JsonArray(),
            ["config"] = new JsonObject
            {
                [RowKey] = desktop.Id.ToString(),
                [RootKey] = Number(desktop.Root),
                [BootKey] = Number(desktop.Boot),
                ["user.relais.image"] = fingerprint,
                ["limits.memory"] = InstanceSize.Of(desktop, bundle).Memory,
                ["limits.memory.swap"] = "false",
                ["limits.cpu"] = InstanceSize.Of(desktop, bundle).Cpu,
                ["limits.processes"] = Number(bundle.Limits.Processes),
                ["security.nesting"] = "false",
                ["security.privileged"] = "false",
                ["security.devlxd"] = "false",
                // The reconciler starts desktops, at the pace that the machine bears.
                ["boot.autostart"] = "false",
            },
            ["devices"] = new JsonObject
            {
                ["root"] = new JsonObject { ["type"] = "disk", ["path"] = "/", ["pool"] = description.Pool },
                ["home"] = new JsonObject { ["type"] = "disk", ["path"] = "/home", ["pool"] = description.Pool, ["source"] = desktop.HomeVolume },
                ["eth0"] = Nic(address),
            },
        }, cancel);

    /// <summary>Puts the desktop's own settings inside, before its first start.</summary>
    /// <param name="authority">In PEM; null when the desktop needs none.</param>
    public async Task PrepareAsync(string name, string settings, byte[]? authority, CancellationToken cancel)
    {
        if (authority is not null)
            await engine.PushFileAsync(name, DesktopSettings.AuthorityPath, authority, "0644", cancel);
        await engine.PushFileAsync(name, DesktopSettings.Path, System.Text.Encoding.UTF8.GetBytes(settings), "0600", cancel);
        await PatchAsync(name, new JsonObject { [PreparedKey] = "true" }, cancel);
    }

    public Task StartAsync(string name, CancellationToken cancel) => ActAsync(name, "start", force: false, cancel);

    public Task FreezeAsync(string name, CancellationToken cancel) => ActAsync(name, "freeze", force: false, cancel);

    public Task ResumeAsync(string name, CancellationToken cancel) => ActAsync(name, "unfreeze", force: false, cancel);

    public Task StopAsync(string name, bool force, CancellationToken cancel) => ActAsync(name, "stop", force, cancel);

    public Task DeleteAsync(string name, CancellationToken cancel) => engine.ChangeAsync(HttpMethod.Delete, $"/1.0/instances/{name}", null, cancel);

    public async Task DeleteHomeAsync(string volume, CancellationToken cancel)
    {
        var path = $"/1.0/storage-pools/{description.Pool}/volumes/custom/{volume}";
        if (await engine.FindAsync(path, cancel) is not null)
            await engine.ChangeAsync(HttpMethod.Delete, path, null, cancel);
    }

    /// <summary>Opens a page of the portal in the browser of the person's session there.</summary>
    /// <param name="page">Its path.</param>
    public Task ShowPortalAsync(string name, string page, CancellationToken cancel) =>
        engine.ChangeAsync(HttpMethod.Post, $"/1.0/instances/{name}/exec", new JsonObject
        {
            ["command"] = new JsonArray("/usr/lib/relais/portal", page),
            ["user"] = DesktopSettings.UserId,
            ["group"] = DesktopSettings.UserId,
            ["wait-for-websocket"] = false,
            ["interactive"] = false,
        }, cancel);

    public Task<byte[]?> CertificateAsync(string name, CancellationToken cancel) => engine.PullFileAsync(name, DesktopSettings.CertificatePath, cancel);

    private Task PatchAsync(string name, JsonObject config, CancellationToken cancel) =>
        engine.ChangeAsync(HttpMethod.Patch, $"/1.0/instances/{name}", new JsonObject { ["config"] = config }, cancel);

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private Task ActAsync(string name, string action, bool force, CancellationToken cancel) =>
        engine.ChangeAsync(HttpMethod.Put, $"/1.0/instances/{name}/state", new JsonObject
        {
            ["action"] = action,
            ["force"] = force,
            ["timeout"] = 15,
        }, cancel);

    // All of this at creation: filters that are changed later re-plug the interface and cut its network.
    private JsonObject Nic(IPAddress address) => new()
    {
        ["type"] = "nic",
        ["name"] = "eth0",
        ["network"] = description.Bridge,
        ["ipv4.address"] = address.ToString(),
        ["security.mac_filtering"] = "true",
        ["security.ipv4_filtering"] = "true",
        ["security.ipv6_filtering"] = "true",
        ["security.port_isolation"] = "true",
    };

    private static string TargetOf(string? member) => member is null ? "" : $"?target={Uri.EscapeDataString(member)}";

    // One machine calls its place "none".
    private static string? MemberOf(JsonNode? found) => found?["location"]?.GetValue<string>() is { Length: > 0 } at && at != "none" ? at : null;

    /// <summary>An instance as the engine tells it. Of one whose member is away it tells name, place and "Error", but nothing of its settings.</summary>
    internal static Instance Read(JsonObject found)
    {
        var config = found["config"] as JsonObject;
        var name = found["name"]?.GetValue<string>() ?? "";
        var told = config is { Count: > 0 };
        return new Instance(
            name,
            found["status"]?.GetValue<string>() ?? "",
            // Ours are named after their row: one whose settings are not told is still there, and not to be made again.
            told ? Guid.TryParse(config?[RowKey]?.GetValue<string>(), out var row) ? row : null : RowIn(name),
            config?[PreparedKey]?.GetValue<string>() == "true",
            NumberIn(config, RootKey),
            NumberIn(config, BootKey),
            new InstanceSize(config?["limits.memory"]?.GetValue<string>() ?? "", config?["limits.cpu"]?.GetValue<string>() ?? ""),
            MemberOf(found),
            IsAway: !told);
    }

    private static Guid? RowIn(string name) =>
        name.StartsWith(Desktop.InstancePrefix, StringComparison.Ordinal) && Guid.TryParseExact(name[Desktop.InstancePrefix.Length..], "N", out var row) ? row : null;

    // Absent on instances that are older than the numbers.
    private static int NumberIn(JsonObject? config, string key) =>
        int.TryParse(config?[key]?.GetValue<string>(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}

/// <param name="Status">The engine's word: Running, Frozen, Stopped, Error ...</param>
/// <param name="Row">The desktop that asked for it.</param>
/// <param name="Prepared">Whether its own settings are inside.</param>
/// <param name="Root">Which root it is, of those that its row asked for.</param>
/// <param name="Boot">Which start it is, of those that its row asked for.</param>
/// <param name="Member">The machine of a cluster that has it; null when there is but one.</param>
/// <param name="IsAway">Whether that machine is away, so that nothing more is known of it.</param>
internal sealed record Instance(
    string Name, string Status, Guid? Row, bool Prepared, int Root, int Boot, InstanceSize Size, string? Member = null, bool IsAway = false);

/// <summary>What an instance may use, as the engine writes it.</summary>
internal readonly record struct InstanceSize(string Memory, string Cpu)
{
    public static InstanceSize Of(Desktop desktop, Bundle bundle) => new(
        desktop.MemoryMiB is { } memory ? MemorySize.Write(memory) : bundle.Limits.Memory,
        (desktop.Cpu ?? bundle.Limits.Cpu).ToString(CultureInfo.InvariantCulture));

    public JsonObject Config() => new() { ["limits.memory"] = Memory, ["limits.cpu"] = Cpu };
}
