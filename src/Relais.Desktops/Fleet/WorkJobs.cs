using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Fleet;

/// <summary>
/// Takes jobs on: each desktop's row is changed, audited and marked in one transaction, once, however often the server dies in between; later rows are
/// marked as their desktops get there.
/// </summary>
internal sealed class WorkJobs(DesktopsDb db, BundleCatalog catalog, SessionDoor door, IOptions<DesktopsOptions> options, TimeProvider clock)
{
    /// <returns>Whether a job goes on.</returns>
    public async Task<bool> HandleAsync(CancellationToken cancel)
    {
        var open = await db.Jobs.AsNoTracking().Where(j => j.FinishedAt == null).OrderBy(j => j.AskedAt).ToListAsync(cancel);
        var goesOn = false;
        foreach (var job in open)
            goesOn |= await WorkAsync(job, cancel);
        return goesOn;
    }

    private async Task<bool> WorkAsync(FleetJob job, CancellationToken cancel)
    {
        var rows = await db.JobRows.AsNoTracking()
            .Where(r => r.JobId == job.Id && (r.State == FleetRowState.Waiting || r.State == FleetRowState.Doing))
            .OrderByDescending(r => r.State == FleetRowState.Doing).ThenBy(r => r.PersonId).ToListAsync(cancel);
        var followed = rows.Where(r => r.State == FleetRowState.Doing).Select(r => r.DesktopId).ToArray();
        var desktops = await db.Desktops.AsNoTracking().Where(d => followed.Contains(d.Id)).ToDictionaryAsync(d => d.Id, cancel);
        // Those on their way come first: what gets there makes room for the next.
        var under = 0;
        foreach (var row in rows)
        {
            db.ChangeTracker.Clear();
            if (row.State == FleetRowState.Waiting && !job.StopAsked && under >= job.Arguments.AtOnce)
                continue;
            try
            {
                await (row.State == FleetRowState.Waiting ? BeginAsync(job, row, cancel) : FollowAsync(job, row, desktops.GetValueOrDefault(row.DesktopId), cancel));
                under += row.State == FleetRowState.Doing ? 1 : 0;
            }
            catch (DbUpdateConcurrencyException)
            {
                // The reconciler was at this desktop in the same moment: the next look takes it.
            }
        }

        db.ChangeTracker.Clear();
        if (await db.JobRows.AnyAsync(r => r.JobId == job.Id && (r.State == FleetRowState.Waiting || r.State == FleetRowState.Doing), cancel))
            return true;
        return !await FinishAsync(job.Id, cancel);
    }

    /// <summary>Whoever has failed rows wait again and whoever calls the job finished do so one after the other. Until the transaction ends.</summary>
    internal static Task LockAsync(DesktopsDb db, Guid job, CancellationToken cancel) =>
        db.Database.ExecuteSqlRawAsync("""SELECT 1 FROM desktops.fleet_job WHERE "Id" = {0} FOR UPDATE""", [job], cancel);

    private async Task<bool> FinishAsync(Guid job, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LockAsync(db, job, cancel);
        var now = clock.GetUtcNow();
        var finished = await db.Jobs
            .Where(j => j.Id == job && !db.JobRows.Any(r => r.JobId == job && (r.State == FleetRowState.Waiting || r.State == FleetRowState.Doing)))
            .ExecuteUpdateAsync(set => set.SetProperty(j => j.FinishedAt, now), cancel);
        await transaction.CommitAsync(cancel);
        return finished > 0;
    }

    private async Task BeginAsync(FleetJob job, FleetJobRow row, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var desktop = await db.Desktops.SingleOrDefaultAsync(d => d.Id == row.DesktopId, cancel);
        db.JobRows.Attach(row);
        row.ChangedAt = now;
        if (job.StopAsked || desktop is null)
        {
            (row.State, row.Reason) = (FleetRowState.LeftOut, job.StopAsked ? FleetRules.Stopped : "gone");
            await db.SaveChangesAsync(cancel);
            return;
        }

        var reason = FleetRules.Apply(job.Action, job.Arguments, desktop, await FactsAsync(job, desktop, cancel), now);
        (row.State, row.Reason, row.Asked, row.BegunAt) = (reason is null ? FleetRowState.Doing : FleetRowState.LeftOut, reason, desktop.Asked, now);
        if (reason is null)
        {
            if (job.Action == FleetAction.Snapshot)
                db.Snapshots.Add(HomeSnapshot.Of(desktop.Id, SnapshotReason.Asked, now));
            else if (job.Action == FleetAction.Restore)
                db.Snapshots.Add(HomeSnapshot.Of(desktop.Id, SnapshotReason.BeforeRestore, now));
            db.Audit(
                clock, new Actor(job.ActorId, job.ActorName, job.ActorAddress), ActionName(job.Action), $"desktop:{desktop.Id}", desktop.Bundle,
                new { person = desktop.PersonId, bundle = job.Arguments.Bundle, memory = job.Arguments.Sizes is null ? job.Arguments.MemoryMiB : desktop.MemoryMiB, cpu = job.Arguments.Cpu, tag = job.Arguments.Tag });
        }

        await db.SaveChangesAsync(cancel);
        if (reason is null && FleetRules.EndsSessions(job.Action))
            await door.EndAllAsync("desktop", desktop.Id, "TargetGone", cancel);
    }

    private async Task FollowAsync(FleetJob job, FleetJobRow row, Desktop? desktop, CancellationToken cancel)
    {
        var state = FleetProgress.Judge(job.Action, desktop, row.Asked);
        if (state == row.State)
            return;
        db.JobRows.Attach(row);
        (row.State, row.ChangedAt) = (state, clock.GetUtcNow());
        // When it answered, not when that was noticed.
        if (job.Action == FleetAction.Start && state == FleetRowState.Done && desktop?.StateSince > row.BegunAt)
            row.ChangedAt = desktop.StateSince;
        if (state == FleetRowState.Failed)
            (row.Reason, row.Detail) = (desktop?.Fault ?? "gone", desktop?.FaultDetail);
        await db.SaveChangesAsync(cancel);
    }

    private async Task<FleetFacts> FactsAsync(FleetJob job, Desktop desktop, CancellationToken cancel)
    {
        Guid? snapshot = null;
        if (job.Action == FleetAction.Restore)
        {
            var wanted = job.Arguments.Snapshot;
            snapshot = await db.Snapshots
                .Where(s => s.DesktopId == desktop.Id && s.TakenAt != null && !s.Leaving && (wanted == null ? s.Reason != SnapshotReason.BeforeRestore : s.Id == wanted))
                .OrderByDescending(s => s.TakenAt).Select(s => (Guid?)s.Id).FirstOrDefaultAsync(cancel);
        }

        return new FleetFacts(snapshot, job.Arguments.Bundle is { } bundle && catalog.Find(bundle) is not null, options.Value.DeleteGrace);
    }

    /// <summary>What the audit trail calls an action.</summary>
    private static string ActionName(FleetAction action) => action switch
    {
        FleetAction.Start => "desktop.running",
        FleetAction.Freeze => "desktop.frozen",
        FleetAction.Stop => "desktop.stopped",
        FleetAction.Restart => "desktop.restarted",
        FleetAction.Rebuild => "desktop.rebuilt",
        FleetAction.Snapshot => "desktop.snapshot",
        FleetAction.Restore => "desktop.restored",
        FleetAction.Move => "desktop.moved",
        FleetAction.Resize => "desktop.resized",
        FleetAction.Archive => "desktop.archived",
        FleetAction.Unarchive => "desktop.unarchived",
        FleetAction.Delete => "desktop.delete-asked",
        FleetAction.Keep => "desktop.kept",
        FleetAction.AlwaysOn => "desktop.always-on",
        FleetAction.AutoStop => "desktop.auto-stop",
        FleetAction.Tag => "desktop.tagged",
        FleetAction.Untag => "desktop.untagged",
    };
}
