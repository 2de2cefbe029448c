using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Access.Contracts;
using Relais.Desktops.Capacity;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Members;

internal enum DrainChanged
{
    Noted,
    NoEngine,

    /// <summary>There is one machine, or no other one: nothing could go anywhere.</summary>
    NowhereElse,
    UnknownMember,
    NotDrained,
}

/// <summary>An administrator has a machine emptied, or takes that back. What follows is the reconciler's.</summary>
internal sealed class ChangeDrains(
    DesktopsDb db, ReadCapacity capacity, ReadDrains read, People people, MyDesktop desktops, IOptions<DesktopsOptions> options, TimeProvider clock)
{
    public async Task<DrainChanged> DrainAsync(string member, bool now, Actor actor, CancellationToken cancel)
    {
        if (await capacity.HandleAsync(cancel) is not { } fleet)
            return DrainChanged.NoEngine;
        if (fleet.Members.All(m => m.Name != member))
            return DrainChanged.UnknownMember;
        var drained = await db.Drains.ToListAsync(cancel);
        if (!fleet.Members.Any(m => m.Name != member && m.IsOnline && drained.All(d => d.Member != m.Name)))
            return DrainChanged.NowhereElse;
        var at = clock.GetUtcNow();
        if (drained.Find(d => d.Member == member) is not { } drain)
            db.Drains.Add(drain = new MemberDrain { Member = member, AskedAt = at, ActorName = actor.Name });
        drain.Now |= now;
        db.Audit(clock, actor, "member.drained", $"member:{member}", member, new { now });
        await db.SaveChangesAsync(cancel);
        await desktops.TellAsync(cancel);
        return DrainChanged.Noted;
    }

    /// <summary>What is on its way gets there; all else stays, and the machine takes new desktops again.</summary>
    public async Task<DrainChanged> UndrainAsync(string member, Actor actor, CancellationToken cancel)
    {
        if (await db.Drains.SingleOrDefaultAsync(d => d.Member == member, cancel) is not { } drain)
            return DrainChanged.NotDrained;
        db.Drains.Remove(drain);
        db.Moves.RemoveRange(await db.Moves.Where(m => m.From == member && m.GivenUpAt != null).ToListAsync(cancel));
        db.Audit(clock, actor, "member.undrained", $"member:{member}", member, new { moved = drain.Moved });
        await db.SaveChangesAsync(cancel);
        await desktops.TellAsync(cancel);
        return DrainChanged.Noted;
    }

    /// <summary>How each drain stands; empty when there is none, or the engine does not answer.</summary>
    public async Task<IReadOnlyList<DrainView>> ReadAsync(CancellationToken cancel)
    {
        if (!await db.Drains.AnyAsync(cancel) || await capacity.HandleAsync(cancel) is not { } fleet)
            return [];
        return await AskAsync(async members => await read.HandleAsync(members, await members.ListAsync(cancel), fleet, options.Value, cancel)) ?? [];
    }

    /// <summary>Whose the desktops are that a drain leaves where they are.</summary>
    public async Task<IReadOnlyDictionary<Guid, string>> NamesAsync(IReadOnlyList<DrainView> drains, CancellationToken cancel)
    {
        var left = drains.SelectMany(d => d.Fates).Where(f => f.Fate is DrainFate.NoRoom or DrainFate.Stayed).Select(f => f.Desktop).ToArray();
        var rows = await db.Desktops.AsNoTracking().Where(d => left.Contains(d.Id)).Select(d => new { d.Id, d.PersonId }).ToListAsync(cancel);
        var cards = await people.FindManyAsync([.. rows.Select(r => new PersonId(r.PersonId)).Distinct()], cancel);
        return rows.ToDictionary(r => r.Id, r => cards.GetValueOrDefault(new PersonId(r.PersonId))?.DisplayName ?? "");
    }

    private async Task<T?> AskAsync<T>(Func<ClusterMembers, Task<T>> ask)
        where T : class
    {
        if (EngineDescription.Find(options.Value.Engine) is not { } description)
            return null;
        using var client = new EngineClient(description.Doors, clock);
        try
        {
            return await ask(new ClusterMembers(client, description));
        }
        catch (Exception e) when (e is HttpRequestException or IOException or EngineException)
        {
            return null;
        }
    }
}
