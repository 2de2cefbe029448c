using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Workstations;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Pools;

/// <summary>What came of saving a pool: its id, or what is wrong.</summary>
/// <param name="Id">Null when it was not saved.</param>
/// <param name="Gone">Whether there is no such pool any more.</param>
internal readonly record struct PoolSaved(Guid? Id, IReadOnlyList<FieldFault> Faults, bool Gone = false);

/// <summary>An administrator makes, changes or removes pools. What follows for desktops is the reconciler's.</summary>
internal sealed class EditPools(
    DesktopsDb db, BundleCatalog catalog, Groups groups, MyDesktop desktops, SessionDoor door, IDataProtectionProvider protection, TimeProvider clock)
{
    public async Task<PoolSaved> AddAsync(PoolFields fields, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var pool = new Pool { Id = Guid.CreateVersion7(now), Name = "", NormalizedName = "", Bundle = "", CreatedAt = now };
        var faults = fields.ApplyTo(pool, await groups.AllAsync(cancel), name => catalog.Find(name) is not null);
        if (faults.Count > 0)
            return new PoolSaved(null, faults);
        db.Pools.Add(pool);
        return await SaveAsync(pool, "pool.added", actor, cancel);
    }

    public async Task<PoolSaved> ChangeAsync(Guid id, PoolFields fields, Actor actor, CancellationToken cancel)
    {
        if (await db.Pools.SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } pool)
            return new PoolSaved(null, [], Gone: true);
        var faults = fields.ApplyTo(pool, await groups.AllAsync(cancel), name => catalog.Find(name) is not null);
        return faults.Count > 0 ? new PoolSaved(null, faults) : await SaveAsync(pool, "pool.changed", actor, cancel);
    }

    /// <summary>Removes a pool with its desktops and the homes that it kept; who works on one is cut.</summary>
    /// <returns>Whether there was such a pool.</returns>
    public async Task<bool> RemoveAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        List<Guid> members;
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            await ClaimMember.LockAsync(db, id, cancel);
            if (await db.Pools.SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } pool)
                return false;
            members = await db.Desktops.Where(d => d.PoolId == id).Select(d => d.Id).ToListAsync(cancel);
            await db.Desktops.Where(d => d.PoolId == id && d.Wanted != Wanted.Deleted).ExecuteUpdateAsync(TendPools.Gone(), cancel);
            var homes = await db.PoolHomes.Where(h => h.PoolId == id).ToListAsync(cancel);
            await RemoveHomesAsync(pool, homes, cancel);
            db.Pools.Remove(pool);
            db.Audit(clock, actor, "pool.removed", $"pool:{id}", pool.Name, new { desktops = members.Count, homes = homes.Count });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
        }

        foreach (var member in members)
            await door.EndAllAsync("desktop", member, "TargetGone", cancel);
        await desktops.TellAsync(cancel);
        return true;
    }

    // Each leaves as the home of a desktop that is to be deleted: the engine lets it go once nothing has it attached any more.
    private async Task RemoveHomesAsync(Pool pool, List<PoolHome> homes, CancellationToken cancel)
    {
        if (homes.Count == 0)
            return;
        var now = clock.GetUtcNow();
        var slots = await FreeSlots.FindAsync(db, homes.Count, cancel);
        foreach (var (home, slot) in homes.Zip(slots))
        {
            db.Desktops.Add(Desktop.LastHome(home.Id, pool.Id, home.PersonId, pool.Bundle, slot, DesktopSecret.New(protection), now));
            db.PoolHomes.Remove(home);
        }
    }

    private async Task<PoolSaved> SaveAsync(Pool pool, string action, Actor actor, CancellationToken cancel)
    {
        db.Audit(clock, actor, action, $"pool:{pool.Id}", pool.Name, new { bundle = pool.Bundle, most = pool.Most, ready = pool.Ready });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return new PoolSaved(null, [new FieldFault(nameof(PoolFields.Name), "overtaken")]);
        }
        catch (DbUpdateException e) when (ClaimMember.IsTaken(e))
        {
            return new PoolSaved(null, [new FieldFault(nameof(PoolFields.Name), "taken", pool.Name)]);
        }

        await desktops.TellAsync(cancel);
        return new PoolSaved(pool.Id, []);
    }
}
