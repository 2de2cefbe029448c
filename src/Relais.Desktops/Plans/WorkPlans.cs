using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;

namespace Relais.Desktops.Plans;

/// <summary>
/// Takes started plans on, a step at a time. A step is a job of the fleet, which is written down with it in one transaction: however often the server
/// dies in between, no step begins twice.
/// </summary>
internal sealed class WorkPlans(DesktopsDb db, PlanPeople members, AllocateDesktops allocate, TimeProvider clock)
{
    /// <returns>Whether a plan goes on.</returns>
    public async Task<bool> HandleAsync(CancellationToken cancel)
    {
        var open = await db.PlanRuns.AsNoTracking().Where(r => r.FinishedAt == null).OrderBy(r => r.AskedAt).Select(r => r.Id).ToListAsync(cancel);
        var goesOn = false;
        foreach (var run in open)
        {
            db.ChangeTracker.Clear();
            goesOn |= await WorkAsync(run, cancel);
        }

        db.ChangeTracker.Clear();
        return goesOn;
    }

    private async Task<bool> WorkAsync(Guid id, CancellationToken cancel)
    {
        var run = await db.PlanRuns.AsNoTracking().Include(r => r.Steps.OrderBy(s => s.Number)).SingleAsync(r => r.Id == id, cancel);
        var jobs = run.Steps.Select(s => s.JobId).OfType<Guid>().ToArray();
        if (run.StoppedBy is not null)
            await db.Jobs.Where(j => jobs.Contains(j.Id) && !j.StopAsked).ExecuteUpdateAsync(set => set.SetProperty(j => j.StopAsked, true), cancel);
        var working = await db.Jobs.Where(j => jobs.Contains(j.Id) && j.FinishedAt == null).Select(j => j.Id).ToListAsync(cancel);
        var pools = await PoolSteps.StandingAsync(db, run.Steps.Select(s => s.Step), cancel);
        foreach (var step in run.Steps.Where(s => s is { BegunAt: not null, ReachedAt: null, Step.Pool: not null } && run.StoppedBy is null))
            await ReachAsync(step, pools, cancel);
        bool IsOver(PlanRunStep step) => step.BegunAt is not null
            && (step.Step.Pool is null ? step.JobId is not { } job || !working.Contains(job) : step.ReachedAt is not null || run.StoppedBy is not null);

        foreach (var step in run.Steps.Where(s => s.BegunAt is null && run.StoppedBy is null))
        {
            if (step.Step.Waits && run.Steps.Any(s => s.Number < step.Number && !IsOver(s)))
                break;
            await BeginAsync(run, step, cancel);
            if (step.JobId is { } begun)
                working.Add(begun);
        }

        if (run.Steps.Any(s => !IsOver(s) && (s.BegunAt is not null || run.StoppedBy is null)))
            return true;
        // Its pools' desktops stay ready until somebody says that they are not needed any more.
        if (run.StoppedBy is null && run.Steps.Any(s => s.Step.Pool is { } pool && pools.ContainsKey(pool)))
            return false;
        return !await FinishAsync(id, jobs, cancel);
    }

    /// <summary>Whoever has what failed tried again and whoever calls the run finished do so one after the other. Until the transaction ends.</summary>
    internal static Task LockAsync(DesktopsDb db, Guid run, CancellationToken cancel) =>
        db.Database.ExecuteSqlRawAsync("""SELECT 1 FROM desktops.plan_run WHERE "Id" = {0} FOR UPDATE""", [run], cancel);

    private async Task<bool> FinishAsync(Guid run, Guid[] jobs, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(db, run, cancel);
        var now = clock.GetUtcNow();
        var finished = await db.PlanRuns.Where(r => r.Id == run && r.FinishedAt == null && !db.Jobs.Any(j => jobs.Contains(j.Id) && j.FinishedAt == null))
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.FinishedAt, now), cancel);
        await transaction.CommitAsync(cancel);
        return finished > 0;
    }

    private async Task ReachAsync(PlanRunStep step, IReadOnlyDictionary<Guid, HeldPool> pools, CancellationToken cancel)
    {
        var pool = pools.GetValueOrDefault(step.Step.Pool ?? Guid.Empty);
        var started = Math.Min(step.Step.Ready, pool?.Started ?? 0);
        var reached = PoolSteps.IsReached(step.Step, pool);
        if (!reached && started == step.Started)
            return;
        // Also on the way: a run that is stopped tells how far it was.
        (step.ReachedAt, step.Started) = (reached ? clock.GetUtcNow() : null, started);
        await db.PlanRunSteps.Where(s => s.RunId == step.RunId && s.Number == step.Number && s.ReachedAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.ReachedAt, step.ReachedAt).SetProperty(s => s.Started, step.Started), cancel);
    }

    private async Task BeginAsync(PlanRun run, PlanRunStep step, CancellationToken cancel)
    {
        // All up to here: who is in a step before is not in this one.
        var before = run.Steps.Where(s => s.Number <= step.Number).Select(s => s.Step).ToList();
        var mine = (await members.HandleAsync(before, cancel))[^1];
        var people = mine.People.Select(p => p.Value).ToArray();
        if (people.Length > 0)
            await allocate.HandleAsync([.. people.Select(p => new EnrolledPerson(p, step.Step.Bundle))], run.Actor, cancel);
        var desktops = await db.Desktops.AsNoTracking().Where(d => people.Contains(d.PersonId)).Select(d => new { d.Id, d.PersonId }).ToListAsync(cancel);

        var now = clock.GetUtcNow();
        db.ChangeTracker.Clear();
        var arguments = new FleetArguments { AtOnce = step.Step.AtOnce };
        var job = desktops.Count == 0 ? null : FleetJob.Of(FleetAction.Start, arguments, desktops.OrderBy(d => d.PersonId).Select(d => (d.Id, d.PersonId)), run.Actor, now);
        (step.BegunAt, step.JobId, step.Barred) = (now, job?.Id, mine.Barred.Count);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // A node that hung and came back finds it begun.
        var taken = await db.PlanRunSteps.Where(s => s.RunId == run.Id && s.Number == step.Number && s.BegunAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.BegunAt, step.BegunAt).SetProperty(s => s.JobId, step.JobId).SetProperty(s => s.Barred, step.Barred), cancel);
        if (taken == 0)
            return;
        if (job is not null)
            db.Jobs.Add(job);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
    }
}
