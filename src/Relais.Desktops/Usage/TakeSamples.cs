using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;
using Relais.Desktops.Capacity;
using Relais.Desktops.Engine;

namespace Relais.Desktops.Usage;

/// <summary>Every few minutes asks the engine what desktops take and has it noted. Without an engine that answers nothing is noted.</summary>
internal sealed class TakeSamples(
    IServiceScopeFactory scopes, IOptions<UsageOptions> options, IOptions<DesktopsOptions> desktops, TimeProvider clock, ILogger<TakeSamples> log)
    : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TakeAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                DesktopsLog.SampleFailed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.SampleEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task TakeAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<SumDays>().HandleAsync(cancel);
        if (EngineDescription.Find(desktops.Value.Engine) is not { } description)
            return;
        if (await scope.ServiceProvider.GetRequiredService<ReadCapacity>().HandleAsync(cancel) is not { } fleet)
            return;
        using var engine = new EngineClient(description.Doors, clock);
        var found = await engine.FindAsync("/1.0/instances?recursion=2", cancel) as JsonArray ?? [];
        var figures = await FiguresAsync(engine, cancel);
        List<UsageSample> samples = [];
        foreach (var instance in found.OfType<JsonObject>())
        {
            var name = Text(instance["name"]);
            if (Read(instance, figures) is { } sample)
                samples.Add(figures.GetValueOrDefault(name).Kills is null ? sample with { KillCounter = KernelKills.Of(name) ?? UsageSample.NotCounted } : sample);
        }

        await scope.ServiceProvider.GetRequiredService<NoteUsage>().HandleAsync(samples, fleet.BudgetMiB, cancel);
    }

    // Each machine of a cluster says only what runs on it. One that does not answer leaves its desktops with what their state says.
    private async Task<IReadOnlyDictionary<string, MemoryFigures>> FiguresAsync(EngineClient engine, CancellationToken cancel)
    {
        var all = new Dictionary<string, MemoryFigures>(StringComparer.Ordinal);
        foreach (var member in (await ClusterMembers.ReadAsync(engine, cancel)).Where(m => m.Answers))
        {
            try
            {
                foreach (var (name, figures) in EngineMetrics.Read(await engine.ReadTextAsync($"/1.0/metrics{member.Target}", cancel)))
                    all[name] = figures;
            }
            catch (Exception e) when (e is HttpRequestException or IOException or EngineException)
            {
                DesktopsLog.MetricsMissing(log, member.Name, e);
            }
        }

        return all;
    }

    /// <summary>Null for one that is not ours, and for one that is stopped.</summary>
    /// <param name="all">What the engine's metrics say, by instance.</param>
    internal static UsageSample? Read(JsonObject instance, IReadOnlyDictionary<string, MemoryFigures> all)
    {
        var config = instance["config"];
        var status = Text(instance["status"]);
        if (status is not ("Running" or "Frozen") || !Guid.TryParse(Text(config?[Instances.RowKey]), out var id))
            return null;
        var state = instance["state"];
        var figures = all.GetValueOrDefault(Text(instance["name"]));
        // As the engine counts it, a desktop that read a large file would need as much memory.
        var memory = Math.Max(0, Number(state?["memory"]?["usage"]) - (figures.Droppable ?? 0));
        return new UsageSample(
            id, status == "Frozen", memory >> 20, MemorySize.TryParse(Text(config?["limits.memory"]), out var limit) ? limit : 0,
            int.TryParse(Text(config?["limits.cpu"]), NumberStyles.None, CultureInfo.InvariantCulture, out var processors) ? processors : 0,
            Number(state?["cpu"]?["usage"]))
        {
            KillCounter = figures.Kills ?? UsageSample.NotCounted, WithCache = figures.Droppable is null,
        };
    }

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}
