using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>Which workstations a person may open: one's own, those of one's groups, and those that one was given for a time.</summary>
internal sealed class AllowedWorkstations(DesktopsDb db, Groups groups, TimeProvider clock)
{
    public async Task<IReadOnlyList<Workstation>> OfAsync(PersonId person, CancellationToken cancel) =>
        await (await QueryAsync(person, cancel)).AsNoTracking().OrderByDescending(w => w.OwnerId == person.Value).ThenBy(w => w.NormalizedName).ToListAsync(cancel);

    /// <summary>Null both when there is none and when the person may not open it: nobody learns which.</summary>
    public async Task<Workstation?> FindAsync(Guid id, PersonId person, CancellationToken cancel) =>
        await (await QueryAsync(person, cancel)).SingleOrDefaultAsync(w => w.Id == id, cancel);

    private async Task<IQueryable<Workstation>> QueryAsync(PersonId person, CancellationToken cancel)
    {
        var (mine, now) = (await groups.OfAsync(person, cancel), clock.GetUtcNow());
        return db.Workstations.Where(w => w.OwnerId == person.Value || w.Groups.Any(g => mine.Contains(g.GroupId))
            || db.WorkstationAsks.Any(a => a.WorkstationId == w.Id && a.PersonId == person.Value && a.Until > now));
    }
}
