using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;
using Relais.Gateway.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Pools;

/// <summary>
/// Takes desktops of pools back from people who may not use them any more: out of the groups, or of the institute. Sessions are ended first, so that
/// their people are told why; at the next look the desktop goes. May run at any time, on any number of nodes.
/// </summary>
internal sealed class WithdrawMembers(DesktopsDb db, Groups groups, WaysIn ways, SessionDoor door, MyDesktop desktops, TimeProvider clock)
{
    public async Task HandleAsync(CancellationToken cancel)
    {
        var claimed = await db.Desktops.AsNoTracking().Where(d => d.PoolId != null && d.PersonId != Guid.Empty && d.Wanted != Wanted.Deleted).ToListAsync(cancel);
        if (claimed.Count == 0)
            return;
        var pools = await db.Pools.AsNoTracking().ToDictionaryAsync(p => p.Id, cancel);
        var barred = await BarredAsync(claimed, pools, cancel);
        if (barred.Count == 0)
            return;
        var uses = await door.LastUseAsync("desktop", [.. barred.Select(m => m.Id)], cancel);
        var gone = 0;
        foreach (var member in barred)
        {
            if (uses.GetValueOrDefault(member.Id) is { End: UseEnd.Open })
                await door.EndAllAsync("desktop", member.Id, "AccessWithdrawn", cancel);
            else
                gone += await TakeBackAsync(member, pools.GetValueOrDefault(member.PoolId ?? Guid.Empty)?.Name ?? "", cancel);
        }

        if (gone > 0)
            await desktops.TellAsync(cancel);
    }

    private async Task<List<Desktop>> BarredAsync(List<Desktop> claimed, Dictionary<Guid, Pool> pools, CancellationToken cancel)
    {
        var members = new Dictionary<Guid, IReadOnlySet<PersonId>>();
        foreach (var group in pools.Values.Where(p => claimed.Exists(c => c.PoolId == p.Id)).SelectMany(p => p.Groups).Distinct())
            members[group] = await groups.MembersAsync(group, cancel);
        var standing = await ways.OfAsync([.. claimed.Select(c => new PersonId(c.PersonId)).Distinct()], cancel);
        return claimed.FindAll(c => !PoolRules.MayUse(
            pools.GetValueOrDefault(c.PoolId ?? Guid.Empty), standing.TryGetValue(new PersonId(c.PersonId), out var way) ? way : null,
            group => members[group].Contains(new PersonId(c.PersonId))));
    }

    private async Task<int> TakeBackAsync(Desktop member, string pool, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var taken = await db.Desktops.Where(d => d.Id == member.Id && d.PersonId == member.PersonId && d.Wanted != Wanted.Deleted)
            .ExecuteUpdateAsync(TendPools.Gone(), cancel);
        if (taken == 0)
            return 0;
        db.Audit(clock, Actor.System, "pool.withdrawn", $"pool:{member.PoolId}", pool, new { desktop = member.Id, person = member.PersonId });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return taken;
    }
}
