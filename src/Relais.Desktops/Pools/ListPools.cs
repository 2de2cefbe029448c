using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Desktops;

namespace Relais.Desktops.Pools;

/// <summary>A pool with its desktops as they are now.</summary>
internal sealed record PoolView(Pool Pool, IReadOnlyList<string> Groups, IReadOnlyList<PoolMember> Members)
{
    public int InUse => Members.Count(m => m.Standing == PoolStanding.InUse);

    public int Ready => Members.Count(m => m.Standing == PoolStanding.Ready);

    public int Starting => Members.Count(m => m.Standing == PoolStanding.Starting);
}

/// <param name="Person">Empty while it is nobody's.</param>
/// <param name="Since">When it came to stand so.</param>
internal sealed record PoolMember(Guid Id, string Person, PoolStanding Standing, DateTimeOffset Since, string? Fault);

internal enum PoolStanding
{
    /// <summary>Somebody has it.</summary>
    InUse,

    /// <summary>It runs and waits for somebody.</summary>
    Ready,
    Starting,

    /// <summary>Its start failed; it is tried again.</summary>
    Failed,

    /// <summary>Its session is over, and it is being destroyed.</summary>
    Leaving,
}

/// <summary>Pools and their desktops; and which of them a person may use.</summary>
internal sealed class ListPools(DesktopsDb db, Groups groups, People people)
{
    public async Task<IReadOnlyList<PoolView>> AllAsync(CancellationToken cancel)
    {
        var pools = await db.Pools.AsNoTracking().ToListAsync(cancel);
        return await ViewsAsync([.. pools.OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase)], cancel);
    }

    public async Task<PoolView?> FindAsync(Guid id, CancellationToken cancel) =>
        await db.Pools.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is { } pool ? (await ViewsAsync([pool], cancel))[0] : null;

    /// <summary>Those that a person may use, each with whether they have a desktop of it now.</summary>
    public async Task<IReadOnlyList<(Pool Pool, bool Held)>> OfAsync(PersonId person, CancellationToken cancel)
    {
        var pools = await db.Pools.AsNoTracking().ToListAsync(cancel);
        if (pools.Count == 0)
            return [];
        var mine = await groups.OfAsync(person, cancel);
        var held = await db.Desktops.Where(d => d.PersonId == person.Value && d.PoolId != null && d.Wanted != Wanted.Deleted).Select(d => d.PoolId).ToListAsync(cancel);
        return [.. pools.Where(p => mine.Overlaps(p.Groups)).OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase).Select(p => (p, held.Contains(p.Id)))];
    }

    private async Task<IReadOnlyList<PoolView>> ViewsAsync(IReadOnlyList<Pool> pools, CancellationToken cancel)
    {
        var ids = pools.Select(p => (Guid?)p.Id).ToArray();
        var members = await db.Desktops.AsNoTracking().Where(d => ids.Contains(d.PoolId)).ToListAsync(cancel);
        var cards = await people.FindManyAsync([.. members.Where(m => !m.IsSpare).Select(m => new PersonId(m.PersonId)).Distinct()], cancel);
        var names = (await groups.AllAsync(cancel)).ToDictionary(g => g.Id, g => g.Name);
        return
        [
            .. pools.Select(pool => new PoolView(
                pool,
                [.. pool.Groups.Select(g => names.GetValueOrDefault(g)).OfType<string>().Order(StringComparer.CurrentCulture)],
                [
                    .. members.Where(m => m.PoolId == pool.Id)
                        .Select(m => MemberOf(m, m.IsSpare ? "" : cards.GetValueOrDefault(new PersonId(m.PersonId))?.DisplayName ?? "?"))
                        .OrderBy(m => m.Standing).ThenBy(m => m.Person, StringComparer.CurrentCultureIgnoreCase).ThenBy(m => m.Id),
                ])),
        ];
    }

    private static PoolMember MemberOf(Desktop member, string person)
    {
        var standing = member switch
        {
            { Wanted: Wanted.Deleted } => PoolStanding.Leaving,
            { IsSpare: false } => PoolStanding.InUse,
            { State: DesktopState.Running } => PoolStanding.Ready,
            { State: DesktopState.Failed } => PoolStanding.Failed,
            _ => PoolStanding.Starting,
        };
        return new PoolMember(member.Id, person, standing, standing == PoolStanding.InUse ? member.ClaimedAt ?? member.StateSince : member.StateSince, member.Fault);
    }
}
