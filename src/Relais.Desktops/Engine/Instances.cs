using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Relais.Desktops.Bundles;

namespace Relais.Desktops.Engine;

/// <summary>What the engine has of ours, and how it is made. Each instance carries the id of the row that asked for it.</summary>
internal sealed class Instances(EngineClient engine, EngineDescription description)
{
    public const string RowKey = "user.relais.desktop";

    // Set once the desktop's own settings are inside: a creation that was cut off before is taken up again there.
    private const string PreparedKey = "user.relais.prepared";

    /// <summary>Every instance that carries a row's id.</summary>
    public async Task<IReadOnlyList<Instance>> ListAsync(CancellationToken cancel)
    {
        var all = await engine.FindAsync("/1.0/instances?recursion=1", cancel) as JsonArray ?? [];
        return [.. all.OfType<JsonObject>().Select(Read).Where(i => i.Row is not null)];
    }

    public async Task<Instance?> FindAsync(string name, CancellationToken cancel) =>
        await engine.FindAsync($"/1.0/instances/{name}", cancel) is JsonObject found ? Read(found) : null;

    public async Task EnsureHomeAsync(string volume, string size, CancellationToken cancel)
    {
        if (await engine.FindAsync($"/1.0/storage-pools/{description.Pool}/volumes/custom/{volume}", cancel) is not null)
            return;
        await engine.ChangeAsync(HttpMethod.Post, $"/1.0/storage-pools/{description.Pool}/volumes/custom", new JsonObject
        {
            ["name"] = volume,
            ["config"] = new JsonObject { ["size"] = size },
        }, cancel);
    }

    public Task CreateAsync(
        string name, Guid row, IPAddress address, string homeVolume, string fingerprint, Bundle bundle, CancellationToken cancel) =>
        engine.ChangeAsync(HttpMethod.Post, "/1.0/instances", new JsonObject
        {
            ["name"] = name,
            ["type"] = "container",
            ["source"] = new JsonObject { ["type"] = "image", ["fingerprint"] = fingerprint },
            ["profiles"] = new JsonArray(),
            ["config"] = new JsonObject
            {
                [RowKey] = row.ToString(),
                ["user.relais.image"] = fingerprint,
                ["limits.memory"] = bundle.Limits.Memory,
                ["limits.memory.swap"] = "false",
                ["limits.cpu"] = bundle.Limits.Cpu.ToString(CultureInfo.InvariantCulture),
                ["limits.processes"] = bundle.Limits.Processes.ToString(CultureInfo.InvariantCulture),
                ["security.nesting"] = "false",
                ["security.privileged"] = "false",
                ["security.devlxd"] = "false",
                // The reconciler starts desktops, at the pace that the machine bears.
                ["boot.autostart"] = "false",
            },
            ["devices"] = new JsonObject
            {
                ["root"] = new JsonObject { ["type"] = "disk", ["path"] = "/", ["pool"] = description.Pool },
                ["home"] = new JsonObject { ["type"] = "disk", ["path"] = "/home", ["pool"] = description.Pool, ["source"] = homeVolume },
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
        await engine.ChangeAsync(HttpMethod.Patch, $"/1.0/instances/{name}", new JsonObject
        {
            ["config"] = new JsonObject { [PreparedKey] = "true" },
        }, cancel);
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

    private static Instance Read(JsonObject found)
    {
        var config = found["config"] as JsonObject;
        return new Instance(
            found["name"]?.GetValue<string>() ?? "",
            found["status"]?.GetValue<string>() ?? "",
            Guid.TryParse(config?[RowKey]?.GetValue<string>(), out var row) ? row : null,
            config?[PreparedKey]?.GetValue<string>() == "true");
    }
}

/// <param name="Status">The engine's word: Running, Frozen, Stopped, Error ...</param>
/// <param name="Row">The desktop that asked for it.</param>
/// <param name="Prepared">Whether its own settings are inside.</param>
internal sealed record Instance(string Name, string Status, Guid? Row, bool Prepared);
