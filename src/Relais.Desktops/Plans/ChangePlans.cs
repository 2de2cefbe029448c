using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Pools;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Plans;

/// <summary>What came of a change to a plan: its id, or why not, as a key that pages put into words.</summary>
internal readonly record struct PlanChanged(Guid? Id, string? Reason);

/// <summary>An administrator writes a plan down, changes or removes it, starts it, or stops what was started.</summary>
internal sealed class ChangePlans(DesktopsDb db, Groups groups, BundleCatalog catalog, MyDesktop desktops, TimeProvider clock)
{
    public const string Missing = "plan-missing";
    public const string Running = "plan-running";

    /// <param name="id">Null for a new one.</param>
    public async Task<PlanChanged> SaveAsync(Guid? id, string? name, IReadOnlyList<PlanStep> steps, Actor actor, CancellationToken cancel)
    {
        name = name?.Trim() ?? "";
        var pools = await PoolsOfAsync(steps, cancel);
        if (await FaultOfAsync(name, steps, pools, cancel) is { } fault)
            return new PlanChanged(null, fault);
        // Of each step only what its kind says.
        steps =
        [
            .. steps.Select(s => s.Pool is { } pool
                ? new PlanStep { Pool = pool, PoolName = pools[pool].Name, Ready = s.Ready, Waits = s.Waits }
                : s with { PoolName = "", Ready = 0 }),
        ];
        var now = clock.GetUtcNow();
        var plan = id is null ? null : await db.Plans.SingleOrDefaultAsync(p => p.Id == id, cancel);
        if (id is not null && plan is null)
            return new PlanChanged(null, Missing);
        var isNew = plan is null;
        if (plan is null)
        {
            plan = new ContinuityPlan { Id = Guid.CreateVersion7(now), Name = name, NormalizedName = "", ChangedBy = actor.Name };
            db.Plans.Add(plan);
        }

        (plan.Name, plan.NormalizedName, plan.Steps, plan.ChangedAt, plan.ChangedBy) = (name, ContinuityPlan.Normalize(name), steps, now, actor.Name);
        // It was of the plan as it was.
        (plan.Rehearsal, plan.RehearsedAt, plan.RehearsedBy) = (null, null, null);
        db.Audit(clock, actor, isNew ? "plan.created" : "plan.changed", $"plan:{plan.Id}", name, new { steps = steps.Count });
        return await SavedAsync(plan.Id, cancel);
    }

    public async Task<PlanChanged> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Plans.SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } plan)
            return new PlanChanged(null, Missing);
        if (await db.PlanRuns.AnyAsync(r => r.PlanId == id && r.FinishedAt == null, cancel))
            return new PlanChanged(null, Running);
        db.Plans.Remove(plan);
        db.Audit(clock, actor, "plan.removed", $"plan:{id}", plan.Name);
        return await SavedAsync(id, cancel);
    }

    /// <summary>Writes down that it is to run; the server that reconciles takes it on.</summary>
    /// <returns>The run.</returns>
    public async Task<PlanChanged> StartAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Plans.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } plan)
            return new PlanChanged(null, Missing);
        var now = clock.GetUtcNow();
        var run = new PlanRun
        {
            Id = Guid.CreateVersion7(now), PlanId = id, ActorId = actor.Id, ActorName = actor.Name, ActorAddress = actor.Address, AskedAt = now,
        };
        run.Steps.AddRange(plan.Steps.Select((step, at) => new PlanRunStep { RunId = run.Id, Number = at + 1, Step = step }));
        db.PlanRuns.Add(run);
        db.Audit(clock, actor, "plan.started", $"plan:{id}", plan.Name, new { run = run.Id });
        return await SavedAsync(run.Id, cancel);
    }

    /// <summary>Leaves what has not begun: the desktops that are on their way get there.</summary>
    /// <returns>The run.</returns>
    public async Task<PlanChanged> StopAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Plans.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } plan)
            return new PlanChanged(null, Missing);
        if (await db.PlanRuns.SingleOrDefaultAsync(r => r.PlanId == id && r.FinishedAt == null, cancel) is not { } run)
            return new PlanChanged(null, "plan-not-running");
        if (run.StoppedBy is not null)
            return new PlanChanged(run.Id, null);
        run.StoppedBy = actor.Name;
        db.Audit(clock, actor, "plan.stopped", $"plan:{id}", plan.Name, new { run = run.Id });
        return await SavedAsync(run.Id, cancel);
    }

    private async Task<Dictionary<Guid, Pool>> PoolsOfAsync(IReadOnlyList<PlanStep> steps, CancellationToken cancel)
    {
        var named = steps.Select(s => s.Pool).OfType<Guid>().ToArray();
        return named.Length == 0 ? [] : await db.Pools.AsNoTracking().Where(p => named.Contains(p.Id)).ToDictionaryAsync(p => p.Id, cancel);
    }

    private async Task<string?> FaultOfAsync(string name, IReadOnlyList<PlanStep> steps, Dictionary<Guid, Pool> pools, CancellationToken cancel)
    {
        if (name.Length is 0 or > ContinuityPlan.NameLength || name.Any(char.IsControl))
            return "plan-name";
        if (steps.Count is 0 or > ContinuityPlan.MostSteps)
            return "plan-steps";
        if (FaultOfPools([.. steps.Where(s => s.Pool is not null)], pools) is { } fault)
            return fault;
        var known = (await groups.AllAsync(cancel)).Select(g => g.Id).ToHashSet();
        var personal = steps.Where(s => s.Pool is null).ToList();
        if (personal.Exists(s => s.Groups.Count == 0 || !s.Groups.All(known.Contains)))
            return "plan-groups";
        if (personal.Exists(s => catalog.Find(s.Bundle) is null))
            return "unknown-bundle";
        return personal.Exists(s => s.AtOnce is < 1 or > PlanStep.MostAtOnce) ? "plan-at-once" : null;
    }

    private static string? FaultOfPools(List<PlanStep> steps, Dictionary<Guid, Pool> pools)
    {
        Pool? Of(PlanStep step) => pools.GetValueOrDefault(step.Pool ?? Guid.Empty);
        if (steps.Exists(s => Of(s) is null))
            return "plan-pool";
        if (steps.DistinctBy(s => s.Pool).Count() < steps.Count)
            return "plan-pool-twice";
        if (steps.Exists(s => Of(s) is { KeepsHome: true }))
            return "plan-pool-homes";
        return steps.Exists(s => s.Ready < 1 || s.Ready > Of(s)?.Most) ? "plan-pool-ready" : null;
    }

    private async Task<PlanChanged> SavedAsync(Guid id, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new PlanChanged(null, "overtaken");
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } taken)
        {
            return new PlanChanged(null, taken.ConstraintName == PlanModel.OneOpenRun ? Running : "plan-name-taken");
        }
        catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.ForeignKeyViolation })
        {
            // It was removed in the same moment.
            return new PlanChanged(null, Missing);
        }

        await desktops.TellAsync(cancel);
        return new PlanChanged(id, null);
    }
}
