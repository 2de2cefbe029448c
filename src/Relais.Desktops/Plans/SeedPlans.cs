using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Desktops.Pools;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Plans;

/// <summary><c>relais demo plans</c>: a continuity plan of the sample institute, ready to rehearse. Adds what is missing, changes nothing.</summary>
internal static class SeedPlans
{
    public static readonly Verb Verb = new("demo plans", "add the sample institute's continuity plan", Run);

    private const string Name = "Tout le monde à distance";

    private static readonly (string[] Groups, string Bundle, int AtOnce, bool Waits)[] Steps =
    [
        (["Informatique"], "bureau-standard", 4, true),
        (["Centre d’appels de Lille", "Centre d’appels de Rennes", "Centre d’appels de Toulouse"], "enqueteur", 10, true),
        (["Études", "Siège"], "bureautique", 4, true),
    ];

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        var services = scope.ServiceProvider;
        if (await services.GetRequiredService<ListPlans>().ByNameAsync(Name, cancel) is null)
        {
            var groups = (await services.GetRequiredService<Groups>().AllAsync(cancel)).ToDictionary(g => g.Name, g => g.Id, StringComparer.Ordinal);
            if (Steps.SelectMany(s => s.Groups).FirstOrDefault(g => !groups.ContainsKey(g)) is { } missing)
            {
                await call.Error.WriteLineAsync($"relais: there is no group {missing}: relais demo people");
                return 1;
            }

            var steps = Steps.Select(s => new PlanStep { Groups = [.. s.Groups.Select(g => groups[g])], Bundle = s.Bundle, AtOnce = s.AtOnce, Waits = s.Waits }).ToList();
            // Interviewers who have no desktop of their own find some ready, where the sample pool is.
            if (await services.GetRequiredService<DesktopsDb>().Pools.AsNoTracking().FirstOrDefaultAsync(p => p.Name == SeedPool.Name && !p.KeepsHome, cancel) is { } pool)
                steps.Insert(1, new PlanStep { Pool = pool.Id, Ready = Math.Min(pool.Most, SeedPool.HeldByPlan) });
            if (await services.GetRequiredService<ChangePlans>().SaveAsync(null, Name, steps, Actor.System, cancel) is { Reason: { } reason })
            {
                await call.Error.WriteLineAsync($"relais: {Name}: {reason}");
                return 1;
            }
        }

        await call.Out.WriteLineAsync($"Continuity plan:  {Name}, ready to rehearse under /plans or with: relais plan rehearse {Name}");
        return 0;
    }
}
