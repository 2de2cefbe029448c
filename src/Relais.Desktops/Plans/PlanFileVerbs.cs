using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Desktops.Pools;
using Relais.Desktops.Verbs;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Plans;

/// <summary><c>relais plan save|remove</c>: plans as files that can be kept beside the institute's other papers. Groups are named as people name them.</summary>
internal static class PlanFileVerbs
{
    private const string SaveUsage = """
        relais plan save FILE.json (- is standard input): makes the plan of that name, or changes it
        {"name": "Continuité", "steps": [
          {"groups": ["Centre d’appels de Lille"], "bundle": "enqueteur", "atOnce": 20, "waits": true},
          {"pool": "Accueil", "ready": 8}]}
        """;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    public static readonly IReadOnlyList<Verb> All =
    [
        new("plan save", "make or change a plan from a file, answered as JSON: FILE.json", SaveAsync) { Usage = SaveUsage },
        new("plan remove", "remove a plan that is not running, answered as JSON: NAME", RemoveAsync),
    ];

    private sealed record PlanFile(string? Name, IReadOnlyList<StepLines>? Steps);

    // Either groups and a bundle, or a pool and how many of its desktops are kept ready.
    private sealed record StepLines(IReadOnlyList<string>? Groups, string? Bundle, string? Pool, int Ready = 0, int AtOnce = PlanStep.UsualAtOnce, bool Waits = true);

    private static async Task<int> SaveAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is not [var path])
            return await call.UsageAsync("plan save FILE.json");
        if (path != "-" && !File.Exists(path))
            return await call.FailAsync($"there is no file {path}");
        PlanFile file;
        try
        {
            var text = path == "-" ? await Console.In.ReadToEndAsync(cancel) : await File.ReadAllTextAsync(path, cancel);
            file = JsonSerializer.Deserialize<PlanFile>(text, Json) ?? new PlanFile(null, null);
        }
        catch (JsonException e)
        {
            return await call.FailAsync($"{path}: {e.Message} How it is written: relais plan save --help");
        }

        await using var scope = call.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var groups = (await services.GetRequiredService<Groups>().AllAsync(cancel)).ToLookup(g => g.Name, StringComparer.OrdinalIgnoreCase);
        if ((file.Steps ?? []).SelectMany(s => s.Groups ?? []).FirstOrDefault(g => !groups.Contains(g)) is { } unknown)
            return await call.FailAsync($"there is no group {unknown}. Those that there are: relais groups list");
        if ((file.Steps ?? []).Any(s => s.Pool is not null && (s.Groups is not null || s.Bundle is not null)))
            return await call.FailAsync("a step names either groups and a bundle or a pool, not both. How it is written: relais plan save --help");
        var pools = await services.GetRequiredService<DesktopsDb>().Pools.AsNoTracking().ToDictionaryAsync(p => p.NormalizedName, p => p.Id, StringComparer.Ordinal, cancel);
        if ((file.Steps ?? []).FirstOrDefault(s => s.Pool is not null && !pools.ContainsKey(Pool.Normalize(s.Pool)))?.Pool is { } missing)
            return await call.FailAsync($"there is no pool {missing}. Those that there are: relais desktops pools");
        var steps = (file.Steps ?? []).Select(s => new PlanStep
        {
            Pool = s.Pool is { } pool ? pools[Pool.Normalize(pool)] : null, Ready = s.Ready,
            Groups = [.. (s.Groups ?? []).SelectMany(g => groups[g]).Select(g => g.Id)], Bundle = s.Bundle ?? "", AtOnce = s.AtOnce, Waits = s.Waits,
        });
        var plans = services.GetRequiredService<ListPlans>();
        var before = file.Name is { } name ? await plans.ByNameAsync(name, cancel) : null;
        var (saved, reason) = await services.GetRequiredService<ChangePlans>().SaveAsync(before, file.Name, [.. steps], Actor.System, cancel);
        return saved is { } id && await plans.FindAsync(id, cancel) is { } plan
            ? await call.AnswerAsync(PlanAnswer.Of(plan))
            : await call.FailAsync($"refused: {Words(services, reason)}");
    }

    private static async Task<int> RemoveAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments.Count == 0)
            return await call.UsageAsync("plan remove NAME");
        var name = string.Join(' ', call.Arguments);
        await using var scope = call.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        if (await services.GetRequiredService<ListPlans>().ByNameAsync(name, cancel) is not { } plan)
            return await call.FailAsync($"there is no plan \"{name}\": relais plan list");
        var (removed, reason) = await services.GetRequiredService<ChangePlans>().RemoveAsync(plan, Actor.System, cancel);
        return removed is null ? await call.FailAsync($"refused: {Words(services, reason)}") : await call.AnswerAsync(new { id = plan, name, removed = true });
    }

    private static string Words(IServiceProvider services, string? reason)
    {
        // Verbs speak English; pages say the same in the reader's language.
        System.Globalization.CultureInfo.CurrentUICulture = System.Globalization.CultureInfo.GetCultureInfo("en");
        return services.GetRequiredService<IStringLocalizer<PlanTexts>>()[$"Reason.{reason}", ContinuityPlan.NameLength, ContinuityPlan.MostSteps, PlanStep.MostAtOnce];
    }
}
