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
        if (EngineDescription.Find(desktops.Value.Engine) is not { } description)
            return;
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<ReadCapacity>().HandleAsync(cancel) is not { } fleet)
            return;
        using var engine = new EngineClient(description.Socket, clock);
        var found = await engine.FindAsync("/1.0/instances?recursion=2", cancel) as JsonArray ?? [];
        List<UsageSample> samples = [.. found.OfType<JsonObject>().Select(Read).OfType<UsageSample>()];
        await scope.ServiceProvider.GetRequiredService<NoteUsage>().HandleAsync(samples, fleet.BudgetMiB, cancel);
    }

    /// <summary>Null for one that is not ours, and for one that is stopped.</summary>
    internal static UsageSample? Read(JsonObject instance)
    {
        var config = instance["config"];
        var status = Text(instance["status"]);
        if (status is not ("Running" or "Frozen") || !Guid.TryParse(Text(config?[Instances.RowKey]), out var id))
            return null;
        var state = instance["state"];
        return new UsageSample(
            id, status == "Frozen", Number(state?["memory"]?["usage"]) >> 20, MemorySize.TryParse(Text(config?["limits.memory"]), out var limit) ? limit : 0,
            int.TryParse(Text(config?["limits.cpu"]), NumberStyles.None, CultureInfo.InvariantCulture, out var processors) ? processors : 0,
            Number(state?["cpu"]?["usage"]));
    }

    private static string Text(JsonNode? node) => node?.GetValue<string>() ?? "";

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}
