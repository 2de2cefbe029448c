using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Engine;
using Relais.Desktops.Fleet;
using Relais.Desktops.Members;

namespace Relais.Desktops.Desktops;

/// <summary>
/// What is asked of a desktop's root and home, before it is brought to the state that is wanted: a root that is too old or archived goes, snapshots are
/// taken, the home goes back to one, others leave. Each step may be repeated: names and numbers say what was done.
/// </summary>
internal sealed class DriveHome(DesktopsDb db, DesktopsEngine engine, MoveDesktop moves, TimeProvider clock)
{
    /// <returns>The instance as it is afterwards.</returns>
    public async Task<Instance?> HandleAsync(Desktop desktop, Instance? instance, CancellationToken cancel)
    {
        // First, and before anything starts: until it has arrived there are two homes, and only one of them counts.
        if (await moves.FindAsync(desktop.Id, cancel) is { } move)
            instance = await MoveAsync(desktop, move, instance, cancel);

        var snapshots = await db.Snapshots.Where(s => s.DesktopId == desktop.Id && (s.TakenAt == null || s.Leaving)).OrderBy(s => s.AskedAt).ToListAsync(cancel);
        foreach (var snapshot in snapshots.Where(s => s.TakenAt is null && !s.Leaving))
            await TakeAsync(desktop, snapshot, cancel);

        if (instance is not null && (instance.Root != desktop.Root || desktop.Wanted == Wanted.Archived))
        {
            await SeeStoppingAsync(desktop, cancel);
            await HaltAsync(instance, cancel);
            await engine.Instances.DeleteAsync(instance.Name, cancel);
            instance = null;
        }

        if (desktop.RestoreFrom is { } from)
            instance = await RestoreAsync(desktop, from, instance, cancel);

        foreach (var snapshot in snapshots.Where(s => s.Leaving))
        {
            await engine.Instances.DeleteSnapshotAsync(desktop.HomeVolume, snapshot.Name, cancel);
            db.Snapshots.Remove(snapshot);
        }

        await db.SaveChangesAsync(cancel);
        return instance;
    }

    /// <summary>Removes what a move that is not over has of a desktop's home on either machine.</summary>
    public Task DropMovedAsync(Desktop desktop, CancellationToken cancel) => moves.DropHomesAsync(desktop, cancel);

    /// <summary>Stops an instance: by its own shutdown, or by force when that takes too long.</summary>
    public async Task HaltAsync(Instance instance, CancellationToken cancel)
    {
        if (instance.Status == "Stopped")
            return;
        if (instance.Status == "Frozen")
            await engine.Instances.ResumeAsync(instance.Name, cancel);
        try
        {
            await engine.Instances.StopAsync(instance.Name, force: false, cancel);
        }
        catch (EngineException)
        {
            // It did not shut down in time.
            await engine.Instances.StopAsync(instance.Name, force: true, cancel);
        }
    }

    private async Task<Instance?> MoveAsync(Desktop desktop, DesktopMove move, Instance? instance, CancellationToken cancel)
    {
        if (instance is not null)
        {
            await SeeStoppingAsync(desktop, cancel);
            await HaltAsync(instance, cancel);
        }

        await moves.HandleAsync(desktop, move, cancel);
        return await engine.Instances.FindAsync(desktop.Instance, cancel);
    }

    private async Task TakeAsync(Desktop desktop, HomeSnapshot snapshot, CancellationToken cancel)
    {
        // A home that was never made has nothing to keep.
        if (await engine.Instances.HasHomeAsync(desktop.HomeVolume, cancel))
        {
            await engine.Instances.EnsureSnapshotAsync(desktop.HomeVolume, snapshot.Name, cancel);
            snapshot.TakenAt = clock.GetUtcNow();
        }
        else
        {
            db.Snapshots.Remove(snapshot);
        }

        await db.SaveChangesAsync(cancel);
    }

    private async Task<Instance?> RestoreAsync(Desktop desktop, Guid from, Instance? instance, CancellationToken cancel)
    {
        var snapshot = await db.Snapshots.SingleOrDefaultAsync(s => s.Id == from && s.DesktopId == desktop.Id && s.TakenAt != null, cancel);
        if (snapshot is not null)
        {
            if (instance is not null)
            {
                await SeeStoppingAsync(desktop, cancel);
                await HaltAsync(instance, cancel);
            }

            await engine.Instances.RestoreAsync(desktop.HomeVolume, snapshot.Name, cancel);
        }

        desktop.RestoreFrom = null;
        await db.SaveChangesAsync(cancel);
        return instance is null ? null : await engine.Instances.FindAsync(instance.Name, cancel);
    }

    private async Task SeeStoppingAsync(Desktop desktop, CancellationToken cancel)
    {
        desktop.See(DesktopState.Stopping, clock.GetUtcNow());
        await db.SaveChangesAsync(cancel);
    }
}
