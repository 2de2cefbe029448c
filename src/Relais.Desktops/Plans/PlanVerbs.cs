using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Plans;

/// <summary>
/// <c>relais plan ...</c>: what the pages do, from the machine itself. Answers are JSON on standard output, progress goes to standard error. Exit code 1
/// when something failed or would not fit, 2 when it was called wrongly. The server does the work: a verb that is cut off leaves it going.
/// </summary>
internal static class PlanVerbs
{
    private const int UsageError = 2;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new System.Text.Json.Serialization.JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static readonly IReadOnlyList<Verb> All =
    [
        new("plan list", "continuity plans as JSON", ListAsync),
        new("plan show", "a plan, its last rehearsal and its latest run: NAME", (call, cancel) => OnPlanAsync(call, "show", ShowAsync, cancel)),
        new("plan rehearse", "what a plan would do and what would not fit, without doing it: NAME", (call, cancel) => OnPlanAsync(call, "rehearse", RehearseAsync, cancel)),
        new("plan start", "start a plan and follow it: NAME", (call, cancel) => OnPlanAsync(call, "start", StartAsync, cancel)),
        new("plan stop", "leave what a running plan has not begun, and give pools back to their own hours: NAME", (call, cancel) => OnPlanAsync(call, "stop", StopAsync, cancel)),
        new("plan retry", "try again what failed in a plan's latest run: NAME", (call, cancel) => OnPlanAsync(call, "retry", RetryAsync, cancel)),
        new("plan status", "how far a plan is, or what came of its latest run: NAME", (call, cancel) => OnPlanAsync(call, "status", StatusAsync, cancel)),
    ];

    private static async Task<int> ListAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments.Count > 0)
            return await UsageAsync(call, "plan list");
        await using var scope = call.Services.CreateAsyncScope();
        await WriteAsync(call, (await scope.ServiceProvider.GetRequiredService<ListPlans>().AllAsync(cancel)).Select(PlanAnswer.Listed));
        return 0;
    }

    private static async Task<int> ShowAsync(VerbCall call, Guid plan, IServiceProvider services, CancellationToken cancel)
    {
        await WriteAsync(call, await services.GetRequiredService<ListPlans>().FindAsync(plan, cancel) is { } found ? PlanAnswer.Of(found) : null);
        return 0;
    }

    private static async Task<int> RehearseAsync(VerbCall call, Guid plan, IServiceProvider services, CancellationToken cancel)
    {
        var found = await services.GetRequiredService<RehearsePlan>().HandleAsync(plan, Actor.System, cancel);
        await WriteAsync(call, found);
        return found is { Passes: true } ? 0 : 1;
    }

    private static async Task<int> StartAsync(VerbCall call, Guid plan, IServiceProvider services, CancellationToken cancel)
    {
        var (run, reason) = await services.GetRequiredService<ChangePlans>().StartAsync(plan, Actor.System, cancel);
        if (run is not { } id)
            return await FailAsync(call, $"refused: {reason}");
        var clock = services.GetRequiredService<TimeProvider>();
        var said = "";
        while (true)
        {
            await using var look = call.Services.CreateAsyncScope();
            if (await look.ServiceProvider.GetRequiredService<ListPlans>().RunAsync(id, cancel) is not { } view)
                return await FailAsync(call, "the run is gone");
            // Held is as far as it gets by itself.
            if (view.Run.FinishedAt is not null || view.State == RunState.Holding)
            {
                await WriteAsync(call, PlanAnswer.OfRun(view));
                return view.Failed > 0 ? 1 : 0;
            }

            var step = view.Steps.LastOrDefault(s => s.Step.BegunAt is not null)?.Step.Number ?? 0;
            var says = string.Create(CultureInfo.InvariantCulture, $"step {step}/{view.Steps.Count}: {view.Over}/{view.Total}{(step == 0 ? " waits for the server" : "")}");
            if (says != said)
                await call.Error.WriteLineAsync(said = says);
            await Task.Delay(Every, clock, cancel);
        }
    }

    private static async Task<int> StopAsync(VerbCall call, Guid plan, IServiceProvider services, CancellationToken cancel)
    {
        var (run, reason) = await services.GetRequiredService<ChangePlans>().StopAsync(plan, Actor.System, cancel);
        if (run is null)
            return await FailAsync(call, $"refused: {reason}");
        return await StatusAsync(call, plan, services, cancel);
    }

    private static async Task<int> RetryAsync(VerbCall call, Guid plan, IServiceProvider services, CancellationToken cancel)
    {
        if ((await services.GetRequiredService<ListPlans>().FindAsync(plan, cancel))?.Run is not { } latest)
            return await FailAsync(call, "it was never started");
        var (run, reason) = await services.GetRequiredService<RetryRun>().HandleAsync(latest.Run.Id, desktop: null, Actor.System, cancel);
        return run is null ? await FailAsync(call, $"refused: {reason}") : await StatusAsync(call, plan, services, cancel);
    }

    private static async Task<int> StatusAsync(VerbCall call, Guid plan, IServiceProvider services, CancellationToken cancel)
    {
        var found = await services.GetRequiredService<ListPlans>().FindAsync(plan, cancel);
        if (found?.Run is not { } run)
            return await FailAsync(call, "it was never started");
        await WriteAsync(call, PlanAnswer.OfRun(run));
        return run.Failed > 0 ? 1 : 0;
    }

    private static async Task<int> OnPlanAsync(
        VerbCall call, string verb, Func<VerbCall, Guid, IServiceProvider, CancellationToken, Task<int>> work, CancellationToken cancel)
    {
        if (call.Arguments.Count == 0)
            return await UsageAsync(call, $"plan {verb} NAME");
        // A name of several words needs no quotes.
        var name = string.Join(' ', call.Arguments);
        await using var scope = call.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ListPlans>().ByNameAsync(name, cancel) is { } plan
            ? await work(call, plan, scope.ServiceProvider, cancel)
            : await FailAsync(call, $"there is no plan \"{name}\": relais plan list");
    }

    private static Task WriteAsync<T>(VerbCall call, T answer) => call.Out.WriteLineAsync(JsonSerializer.Serialize(answer, Json));

    private static async Task<int> FailAsync(VerbCall call, string what)
    {
        await call.Error.WriteLineAsync($"relais: {what}");
        return 1;
    }

    private static async Task<int> UsageAsync(VerbCall call, string usage)
    {
        await call.Error.WriteLineAsync($"usage: relais {usage}");
        return UsageError;
    }
}
