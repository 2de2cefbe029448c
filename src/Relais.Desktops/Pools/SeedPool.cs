using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Localization;
using Relais.Desktops.Workstations;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;
using Relais.Kernel.Verbs;

namespace Relais.Desktops.Pools;

/// <summary><c>relais demo pool</c>: a small pool for the sample institute's interviewers, with one desktop kept ready. Adds it when there is no pool.</summary>
internal static class SeedPool
{
    public static readonly Verb Verb = new("demo pool", "a pool of desktops for the sample institute's interviewers", Run);

    public const string Name = "Poste d’enquête";

    /// <summary>How many the sample institute's continuity plan keeps started.</summary>
    public const int HeldByPlan = 3;

    private static readonly PoolFields Sample = new(
        Name, "bureau-standard", ["Centre d’appels de Lille", "Centre d’appels de Rennes", "Centre d’appels de Toulouse"], false, "4", "1", null);

    private static async Task<int> Run(VerbCall call, CancellationToken cancel)
    {
        await call.Services.ApplyMigrationsAsync(cancel);
        await using var scope = call.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<DesktopsDb>().Pools.AnyAsync(cancel))
            return 0;
        var saved = await scope.ServiceProvider.GetRequiredService<EditPools>().AddAsync(Sample, Actor.System, cancel);
        if (saved.Id is not null)
            return 0;
        var text = scope.ServiceProvider.GetRequiredService<IStringLocalizer<PoolsTexts>>();
        await call.Error.WriteLineAsync($"relais: {Sample.Name}: {string.Join(' ', saved.Faults.Select(f => new[] { f }.Of(f.Field, text)))}");
        return 1;
    }
}
