using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Relais.Desktops.Capacity;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Desktops.Pools;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Members;

/// <summary>
/// Empties the machines that are to be emptied: closes them to what is new, and sends desktops off as the rules say. It changes rows; the way itself is
/// each desktop's own. May run at any time, any number of times.
/// </summary>
internal sealed class TendDrains(
    DesktopsDb db, DesktopsEngine engine, ReadDrains read, ReadCapacity capacity, SessionDoor door, IOptions<DesktopsOptions> options, TimeProvider clock)
{
    /// <returns>Whether one goes on.</returns>
    public async Task<bool> HandleAsync(CancellationToken cancel)
    {
        var drained = await db.Drains.AsNoTracking().Select(d => d.Member).ToListAsync(cancel);
        var members = await engine.Members.ListAsync(cancel);
        foreach (var member in members.Where(m => m.Answers))
        {
            if (drained.Contains(member.Name) && member.IsOpen)
                await engine.Members.OpenAsync(member.Name, open: false, cancel);
            else if (!drained.Contains(member.Name) && member.ClosedByUs)
                await engine.Members.OpenAsync(member.Name, open: true, cancel);
        }

        if (drained.Count == 0 || await capacity.HandleAsync(cancel) is not { } fleet)
            return false;
        var goesOn = false;
        foreach (var view in (await read.HandleAsync(engine.Members, members, fleet, options.Value, cancel)).Where(v => v.Answers))
        {
            foreach (var fated in view.Fates)
                await BeginAsync(view.Drain, fated, cancel);
            goesOn |= view.Fates.Any(f => f.Fate is DrainFate.Move or DrainFate.UnderWay or DrainFate.Next or DrainFate.Replace);
        }

        return goesOn;
    }

    private async Task BeginAsync(MemberDrain drain, Fated fated, CancellationToken cancel)
    {
        if (fated.Fate == DrainFate.Replace)
        {
            // Only while it is nobody's: whoever claims one in the same moment has it.
            await db.Desktops.Where(d => d.Id == fated.Desktop && d.PersonId == Guid.Empty && d.Wanted != Wanted.Deleted).ExecuteUpdateAsync(TendPools.Gone(), cancel);
        }
        else if (fated is { Fate: DrainFate.Move, To: { } to } && await db.Desktops.SingleOrDefaultAsync(d => d.Id == fated.Desktop, cancel) is { } desktop)
        {
            var now = clock.GetUtcNow();
            db.Moves.Add(new DesktopMove { DesktopId = desktop.Id, Id = Guid.CreateVersion7(now), From = drain.Member, To = to, AskedAt = now });
            desktop.Ask(now);
            // Its windows are gone once it was halted.
            if (desktop.Wanted == Wanted.Frozen)
                desktop.Wanted = Wanted.Stopped;
            try
            {
                await db.SaveChangesAsync(cancel);
            }
            catch (DbUpdateException)
            {
                // Somebody asked something of it in the same moment: the next look takes it.
                db.ChangeTracker.Clear();
                return;
            }

            await door.EndAllAsync("desktop", desktop.Id, "TargetGone", cancel);
        }
    }
}
