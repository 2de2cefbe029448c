using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Plans;

/// <summary>An administrator has what failed in a run tried again: its rows wait as they did before their first try, and the run goes on.</summary>
internal sealed class RetryRun(DesktopsDb db, MyDesktop desktops, TimeProvider clock)
{
    /// <param name="desktop">Null for all that failed.</param>
    /// <returns>The run.</returns>
    public async Task<PlanChanged> HandleAsync(Guid id, Guid? desktop, Actor actor, CancellationToken cancel)
    {
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            // Whoever is about to call the run or its jobs finished waits, and then sees what is done here.
            await WorkPlans.LockAsync(db, id, cancel);
            var run = await db.PlanRuns.Include(r => r.Steps).SingleOrDefaultAsync(r => r.Id == id, cancel);
            if (run is null || await db.Plans.AsNoTracking().SingleOrDefaultAsync(p => p.Id == run.PlanId, cancel) is not { } plan)
                return new PlanChanged(null, "plan-run-missing");
            // What was not begun then would begin now.
            if (run.StoppedBy is not null)
                return new PlanChanged(null, "plan-run-stopped");
            var jobs = run.Steps.Select(s => s.JobId).OfType<Guid>().Order().ToArray();
            foreach (var job in jobs)
                await WorkJobs.LockAsync(db, job, cancel);
            var now = clock.GetUtcNow();
            var failed = db.JobRows.Where(r => jobs.Contains(r.JobId) && r.State == FleetRowState.Failed && (desktop == null || r.DesktopId == desktop));
            var again = await failed.Select(r => r.JobId).Distinct().ToArrayAsync(cancel);
            if (again.Length == 0)
                return new PlanChanged(null, "plan-nothing-failed");
            var count = await failed.ExecuteUpdateAsync(
                set => set.SetProperty(r => r.State, FleetRowState.Waiting).SetProperty(r => r.Reason, (string?)null).SetProperty(r => r.Detail, (string?)null)
                    .SetProperty(r => r.BegunAt, (DateTimeOffset?)null).SetProperty(r => r.ChangedAt, now),
                cancel);
            await db.Jobs.Where(j => again.Contains(j.Id)).ExecuteUpdateAsync(set => set.SetProperty(j => j.FinishedAt, (DateTimeOffset?)null), cancel);
            run.FinishedAt = null;
            db.Audit(clock, actor, "plan.retried", $"plan:{plan.Id}", plan.Name, new { run = id, desktops = count });
            try
            {
                await db.SaveChangesAsync(cancel);
                await transaction.CommitAsync(cancel);
            }
            catch (DbUpdateException e) when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: PlanModel.OneOpenRun })
            {
                // It was started anew since, and that run has them.
                return new PlanChanged(null, ChangePlans.Running);
            }
        }

        await desktops.TellAsync(cancel);
        return new PlanChanged(id, null);
    }
}
