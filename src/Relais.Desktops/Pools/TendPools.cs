using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Desktops.Plans;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;

namespace Relais.Desktops.Pools;

/// <summary>
/// Keeps pools as they are wanted: a desktop whose session is over goes, never to somebody else, and as many wait as hour and demand ask for. It changes
/// rows and nothing else, on the conditions that it saw; may run at any time, any number of times.
/// </summary>
internal sealed class TendPools(
    DesktopsDb db, DesktopsEngine engine, SessionDoor door, IDataProtectionProvider protection, IOptions<PlaceOptions> place, IOptions<PoolOptions> options,
    TimeProvider clock, ILogger<TendPools> log)
{
    public async Task HandleAsync(CancellationToken cancel)
    {
        var pools = await db.Pools.AsNoTracking().ToListAsync(cancel);
        var members = await db.Desktops.AsNoTracking().Where(d => d.PoolId != null && d.Wanted != Wanted.Deleted).ToListAsync(cancel);
        if (pools.Count == 0 && members.Count == 0)
            return;
        var bundles = await db.Bundles.AsNoTracking().ToDictionaryAsync(b => b.Name, StringComparer.Ordinal, cancel);
        await EndAsync(pools, members, cancel);
        var held = await PoolSteps.HeldAsync(db, cancel);
        foreach (var pool in pools)
        {
            var local = place.Value.Local(clock.GetUtcNow());
            var mine = members.Where(m => m.PoolId == pool.Id).ToList();
            await DropAsync(pool, mine.Where(m => m.IsSpare && !PoolRules.Serves(pool, bundles.GetValueOrDefault(m.Bundle), m)), cancel);
            await LevelAsync(pool, local, held.GetValueOrDefault(pool.Id), cancel);
        }
    }

    private async Task EndAsync(List<Pool> pools, List<Desktop> members, CancellationToken cancel)
    {
        var claimed = members.Where(m => m.PersonId != Guid.Empty).ToList();
        var uses = await door.LastUseAsync("desktop", [.. claimed.Select(m => m.Id)], cancel);
        var now = clock.GetUtcNow();
        foreach (var member in claimed.Where(m => PoolRules.IsOver(m, uses.GetValueOrDefault(m.Id), options.Value, now)))
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            // Whoever asked for it in the same moment keeps it.
            var ended = await db.Desktops.Where(d => d.Id == member.Id && d.Wanted != Wanted.Deleted && d.AskedForAt == member.AskedForAt)
                .ExecuteUpdateAsync(Gone(), cancel);
            if (ended == 0)
                continue;
            db.Audit(
                clock, Actor.System, "pool.ended", $"pool:{member.PoolId}", pools.Find(p => p.Id == member.PoolId)?.Name ?? "",
                new { desktop = member.Id, person = member.PersonId });
            await db.SaveChangesAsync(cancel);
            await transaction.CommitAsync(cancel);
            await door.EndAllAsync("desktop", member.Id, "TargetGone", cancel);
        }
    }

    private async Task LevelAsync(Pool pool, DateTimeOffset local, int held, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        try
        {
            await using var transaction = await db.Database.BeginTransactionAsync(cancel);
            await ClaimMember.LockAsync(db, pool.Id, cancel);
            var rows = await db.Desktops.AsNoTracking().Where(d => d.PoolId == pool.Id).ToListAsync(cancel);
            var spares = rows.Where(d => d.IsSpare && d.Wanted != Wanted.Deleted).OrderBy(d => d.State == DesktopState.Running).ThenByDescending(d => d.CreatedAt).ToList();
            var wanted = PoolRules.Spares(pool, rows.Count(d => d.PersonId != Guid.Empty && d.Wanted != Wanted.Deleted), local, held);
            await DropAsync(pool, spares.Take(Math.Max(0, spares.Count - wanted)), cancel);
            // Those that go still take the room of one, but not elsewhere when their machine is away.
            var more = Math.Min(wanted - spares.Count, pool.Most - rows.Count(d => d.Wanted != Wanted.Deleted || !PoolRules.IsAway(d)));
            if (more > 0)
                await AddAsync(pool, more, now, cancel);
            await transaction.CommitAsync(cancel);
        }
        catch (Exception e) when (ClaimMember.IsTaken(e))
        {
            // Somebody took one of the places in the same moment: the next look finds others.
            db.ChangeTracker.Clear();
        }
    }

    private async Task AddAsync(Pool pool, int count, DateTimeOffset now, CancellationToken cancel)
    {
        var slots = await FreeSlots.FindAsync(db, count, cancel);
        foreach (var slot in slots.Where(s => !engine.IsReady || s < engine.Slots))
            db.Desktops.Add(Desktop.OfPool(pool.Id, Guid.Empty, null, pool.Bundle, slot, DesktopSecret.New(protection), now));
        await db.SaveChangesAsync(cancel);
        DesktopsLog.SparesAdded(log, pool.Name, slots.Count);
    }

    private async Task DropAsync(Pool pool, IEnumerable<Desktop> spares, CancellationToken cancel)
    {
        var ids = spares.Select(s => s.Id).ToArray();
        if (ids.Length == 0)
            return;
        // Only while it is nobody's: whoever claims one in the same moment has it.
        var dropped = await db.Desktops.Where(d => ids.Contains(d.Id) && d.PersonId == Guid.Empty && d.Wanted != Wanted.Deleted).ExecuteUpdateAsync(Gone(), cancel);
        DesktopsLog.SparesDropped(log, pool.Name, dropped);
    }

    internal static Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<Desktop>> Gone() => set => set
        .SetProperty(d => d.Wanted, Wanted.Deleted).SetProperty(d => d.Asked, d => d.Asked + 1)
        .SetProperty(d => d.Attempts, 0).SetProperty(d => d.NextAttemptAt, (DateTimeOffset?)null);
}
