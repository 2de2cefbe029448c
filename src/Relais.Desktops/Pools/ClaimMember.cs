using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Desktops.Members;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Pools;

/// <summary>What came of asking a pool for a desktop.</summary>
internal abstract record PoolClaim
{
    private PoolClaim() { }

    /// <param name="Desktop">The person's until its session ends; read to be changed.</param>
    public sealed record Given(Desktop Desktop) : PoolClaim;

    /// <summary>There is no such pool, or the person is in none of its groups.</summary>
    public sealed record Missing : PoolClaim;

    /// <summary>All of its desktops are somebody's.</summary>
    public sealed record Full : PoolClaim;

    /// <summary>A desktop that was left is not gone yet: to be asked again.</summary>
    public sealed record Leaving : PoolClaim;

    /// <summary>The desktop whose session was to go on is gone.</summary>
    public sealed record Over : PoolClaim;
}

/// <summary>
/// Gives a person one desktop of a pool: the one that they have, else one that is ready, else a new one. Rows and their indexes decide, so
/// any number of people and nodes may ask at once.
/// </summary>
internal sealed class ClaimMember(DesktopsDb db, Groups groups, MyDesktop desktops, IDataProtectionProvider protection, TimeProvider clock)
{
    // Whoever takes a slot or the person's other window in the same moment sends this one back to the start.
    private const int Tries = 32;

    private const string TakeReady = """
        UPDATE desktops.desktop SET "PersonId" = {1}, "ClaimedAt" = {2}, "AskedForAt" = {2}
        WHERE "Id" = (
            SELECT "Id" FROM desktops.desktop
            WHERE "PoolId" = {0} AND "PersonId" = '00000000-0000-0000-0000-000000000000' AND "Wanted" = 'Running' AND "Bundle" = {3}
            ORDER BY "State" = 'Running' DESC, "State" = 'Failed', "CreatedAt" LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING "Id" AS "Value"
        """;

    // The driver of a desktop that starts holds its row's version: it is not to be sent back for a mere sign of life.
    private static readonly TimeSpan TouchWhileStarting = TimeSpan.FromMinutes(2);

    /// <param name="onlyHeld">Whether only the one will do that the person has: a page that resumes goes on, and begins nothing new.</param>
    public async Task<PoolClaim> HandleAsync(Guid poolId, PersonId person, bool onlyHeld, Actor actor, CancellationToken cancel)
    {
        var pool = await db.Pools.AsNoTracking().SingleOrDefaultAsync(p => p.Id == poolId, cancel);
        if (pool is null || !(await groups.OfAsync(person, cancel)).Overlaps(pool.Groups))
            return new PoolClaim.Missing();
        for (var tries = 1; ; tries++)
        {
            try
            {
                if (await HeldAsync(pool, person, cancel) is { } held)
                    return new PoolClaim.Given(held);
                if (onlyHeld)
                    return new PoolClaim.Over();
                return await TakeAsync(pool, person, actor, cancel);
            }
            catch (Exception e) when (tries < Tries && IsTaken(e))
            {
                db.ChangeTracker.Clear();
            }
        }
    }

    // EF wraps what a save meets; a statement of our own throws it bare.
    internal static bool IsTaken(Exception e) => (e as PostgresException ?? e.InnerException) is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation };

    private async Task<Desktop?> HeldAsync(Pool pool, PersonId person, CancellationToken cancel)
    {
        var held = await db.Desktops.SingleOrDefaultAsync(d => d.PoolId == pool.Id && d.PersonId == person.Value && d.Wanted != Wanted.Deleted, cancel);
        var now = clock.GetUtcNow();
        if (held is null || (held.State != DesktopState.Running && now - held.AskedForAt < TouchWhileStarting))
            return held;
        // By its condition and not by its version: one that goes in this moment is not held any more.
        var touched = await db.Desktops.Where(d => d.Id == held.Id && d.Wanted != Wanted.Deleted)
            .ExecuteUpdateAsync(set => set.SetProperty(d => d.AskedForAt, now), cancel);
        if (touched == 0)
            return null;
        await db.Entry(held).ReloadAsync(cancel);
        return held;
    }

    private async Task<PoolClaim> TakeAsync(Pool pool, PersonId person, Actor actor, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        Guid id;
        if (!pool.KeepsHome && (await db.Database.SqlQueryRaw<Guid>(TakeReady, pool.Id, person.Value, now, pool.Bundle).ToListAsync(cancel)) is [var ready])
        {
            id = ready;
        }
        else
        {
            await LockAsync(db, pool.Id, cancel);
            if (await ObstacleAsync(pool, cancel) is { } obstacle)
                return obstacle;
            Guid? home = pool.KeepsHome ? await HomeAsync(pool, person, now, cancel) : null;
            // The index would refuse it too, as a fault: here it is only a matter of a moment.
            if (home is not null && await db.Desktops.AnyAsync(d => d.HomeId == home, cancel))
                return new PoolClaim.Leaving();
            var slot = (await FreeSlots.FindAsync(db, 1, cancel))[0];
            var made = Desktop.OfPool(pool.Id, person.Value, home, pool.Bundle, slot, DesktopSecret.New(protection), now);
            db.Desktops.Add(made);
            id = made.Id;
        }

        db.Audit(clock, actor, "pool.claimed", $"pool:{pool.Id}", pool.Name, new { desktop = id, person = person.Value });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        await desktops.TellAsync(cancel);
        return new PoolClaim.Given(await db.Desktops.SingleAsync(d => d.Id == id, cancel));
    }

    /// <summary>Only one at a time makes desktops of a pool, so that there are never more than it may have. Until the transaction ends.</summary>
    internal static Task LockAsync(DesktopsDb db, Guid pool, CancellationToken cancel) =>
        db.Database.ExecuteSqlRawAsync("""SELECT 1 FROM desktops.pool WHERE "Id" = {0} FOR UPDATE""", [pool], cancel);

    private async Task<PoolClaim?> ObstacleAsync(Pool pool, CancellationToken cancel)
    {
        var counts = await db.Desktops.Where(d => d.PoolId == pool.Id && (d.Wanted != Wanted.Deleted || d.Fault != MemberAwayException.Fault)).GroupBy(d => d.Wanted == Wanted.Deleted).Select(g => new { Leaving = g.Key, Count = g.Count() }).ToListAsync(cancel);
        if (counts.Where(c => !c.Leaving).Sum(c => c.Count) >= pool.Most)
            return new PoolClaim.Full();
        return counts.Sum(c => c.Count) >= pool.Most ? new PoolClaim.Leaving() : null;
    }

    private async Task<Guid> HomeAsync(Pool pool, PersonId person, DateTimeOffset now, CancellationToken cancel)
    {
        if (await db.PoolHomes.AsNoTracking().SingleOrDefaultAsync(h => h.PoolId == pool.Id && h.PersonId == person.Value, cancel) is { } kept)
            return kept.Id;
        var home = new PoolHome { Id = Guid.CreateVersion7(now), PoolId = pool.Id, PersonId = person.Value, CreatedAt = now };
        db.PoolHomes.Add(home);
        return home.Id;
    }
}
