using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Pools;

namespace Relais.Desktops.Plans;

/// <summary>What steps that keep desktops of pools ready would do, and what stands in their way.</summary>
internal sealed class RehearsePools(DesktopsDb db, PlanPeople members)
{
    /// <param name="Fates">Of the desktops that would be made, and of those that are there already.</param>
    public sealed record Found(string Name, string Bundle, IReadOnlyList<DesktopFate> Fates, IReadOnlyList<RehearsalFinding> Findings);

    public async Task<Found> HandleAsync(int number, PlanStep step, IReadOnlyDictionary<string, Bundle> bundles, CancellationToken cancel)
    {
        if (await db.Pools.AsNoTracking().SingleOrDefaultAsync(p => p.Id == step.Pool, cancel) is not { } pool)
            return new Found(step.PoolName, "", [], [new RehearsalFinding("pool-gone", true, number, step.Ready, [step.PoolName])]);
        var there = await db.Desktops.CountAsync(d => d.PoolId == pool.Id && d.Wanted != Wanted.Deleted, cancel);
        var limits = bundles.GetValueOrDefault(pool.Bundle)?.Limits;
        DesktopFate Of(FateKind kind) => new(
            new PersonId(Guid.Empty), kind, pool.Bundle, KeepsOther: false, limits is null ? 0 : MemorySize.MiB(limits.Memory), limits?.Cpu ?? 0,
            limits is null ? 0 : MemorySize.MiB(limits.Home));
        var wanted = pool.KeepsHome ? 0 : Math.Min(step.Ready, pool.Most);
        List<DesktopFate> fates =
        [
            .. Enumerable.Repeat(Of(FateKind.Running), Math.Min(there, wanted)), .. Enumerable.Repeat(Of(FateKind.New), Math.Max(0, wanted - there)),
        ];
        return new Found(pool.Name, pool.Bundle, fates, [.. await FindingsAsync(number, step, pool, cancel)]);
    }

    private async Task<IEnumerable<RehearsalFinding>> FindingsAsync(int number, PlanStep step, Pool pool, CancellationToken cancel)
    {
        var may = (await members.HandleAsync([new PlanStep { Groups = pool.Groups }], cancel))[0].People.Count;
        RehearsalFinding?[] found =
        [
            pool.KeepsHome ? new RehearsalFinding("pool-homes", true, number, step.Ready, [pool.Name]) : null,
            step.Ready > pool.Most ? new RehearsalFinding("pool-most", true, number, step.Ready - pool.Most, [pool.Name]) : null,
            may > step.Ready ? new RehearsalFinding("pool-short", false, number, may, [pool.Name]) : null,
        ];
        return found.OfType<RehearsalFinding>();
    }
}
