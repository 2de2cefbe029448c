using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Plans;

/// <summary>
/// What there is for desktops now, and what those that run use, as the engine says it. It only asks: a rehearsal from the command line disturbs nothing.
/// Of a cluster it knows the member that answers.
/// </summary>
internal sealed class ReadRoom(DesktopsDb db, IOptions<DesktopsOptions> options, TimeProvider clock)
{
    private const long BytesPerMiB = 1 << 20;

    /// <returns>Null when there is no engine here, or it does not answer.</returns>
    public async Task<RehearsedRoom?> HandleAsync(CancellationToken cancel)
    {
        if (EngineDescription.Find(options.Value.Engine) is not { } description)
            return null;
        using var engine = new EngineClient(description.Socket, clock);
        try
        {
            var machine = await engine.FindAsync("/1.0/resources", cancel);
            var pool = await engine.FindAsync($"/1.0/storage-pools/{description.Pool}/resources", cancel);
            var instances = await engine.FindAsync("/1.0/instances?recursion=2", cancel) as JsonArray ?? [];
            return new RehearsedRoom(
                Left(machine?["memory"]), Left(pool?["space"]), (int)Number(machine?["cpu"]?["total"]), await MeasuredAsync(instances, cancel));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or EngineException)
        {
            return null;
        }
    }

    // The most that a running desktop of each bundle uses: a limit says what one may take, and few ever do.
    private async Task<Dictionary<string, int>> MeasuredAsync(JsonArray instances, CancellationToken cancel)
    {
        var used = instances.OfType<JsonObject>()
            .Where(i => i["status"]?.GetValue<string>() == "Running")
            .Select(i => (Row: Guid.TryParse(i["config"]?[Instances.RowKey]?.GetValue<string>(), out var row) ? row : Guid.Empty, Used: Number(i["state"]?["memory"]?["usage"])))
            .Where(i => i.Row != Guid.Empty && i.Used > 0).ToList();
        var ids = used.ConvertAll(i => i.Row);
        var bundles = await db.Desktops.AsNoTracking().Where(d => ids.Contains(d.Id)).ToDictionaryAsync(d => d.Id, d => d.Bundle, cancel);
        return used.Where(i => bundles.ContainsKey(i.Row)).GroupBy(i => bundles[i.Row], StringComparer.Ordinal)
            .ToDictionary(g => g.Key, g => (int)(g.Max(i => i.Used) / BytesPerMiB) + 1, StringComparer.Ordinal);
    }

    private static long Left(JsonNode? resource) => Math.Max(0, Number(resource?["total"]) - Number(resource?["used"])) / BytesPerMiB;

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}
