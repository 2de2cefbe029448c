using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel.Database;

namespace Relais.Desktops.Workstations;

/// <summary>Which workstations a person may open: one's own, those of one's groups, and those that one was given for a time.</summary>
internal sealed class AllowedWorkstations(DesktopsDb db, Groups groups, TimeProvider clock)
{
    public async Task<IReadOnlyList<Workstation>> OfAsync(PersonId person, CancellationToken cancel) =>
        await InOrder(await QueryAsync(person, cancel), person).AsNoTracking().ToListAsync(cancel);

    /// <summary>Those in service, one's own first: how many there are, and some of them, with <paramref name="search"/> in their name or site.</summary>
    public async Task<(IReadOnlyList<Workstation> Some, int Total)> PageAsync(PersonId person, string? search, int skip, int take, CancellationToken cancel)
    {
        var all = (await QueryAsync(person, cancel)).AsNoTracking().Where(w => w.Enabled);
        if (search is not null)
        {
            var pattern = ListWorkstations.Containing(search);
            all = all.Where(w => EF.Functions.ILike(w.Name, pattern, @"\") || EF.Functions.ILike(w.Site ?? "", pattern, @"\"));
        }

        return (await InOrder(all, person).Skip(skip).Take(take).ToListAsync(cancel), await all.CountAsync(cancel));
    }

    /// <summary>Those of <paramref name="ids"/> that are in service and that the person may open, in that order.</summary>
    public async Task<IReadOnlyList<Workstation>> InServiceAsync(IReadOnlyList<Guid> ids, PersonId person, CancellationToken cancel)
    {
        var found = await (await QueryAsync(person, cancel)).AsNoTracking().Where(w => w.Enabled && ids.Contains(w.Id)).ToDictionaryAsync(w => w.Id, cancel);
        return [.. ids.Where(found.ContainsKey).Select(id => found[id])];
    }

    /// <summary>Null both when there is none and when the person may not open it: nobody learns which.</summary>
    public async Task<Workstation?> FindAsync(Guid id, PersonId person, CancellationToken cancel) =>
        await (await QueryAsync(person, cancel)).SingleOrDefaultAsync(w => w.Id == id, cancel);

    private static IQueryable<Workstation> InOrder(IQueryable<Workstation> workstations, PersonId person) => workstations
        .OrderByDescending(w => w.OwnerId == person.Value).ThenBy(w => EF.Functions.Collate(w.Name, NameOrder.Collation)).ThenBy(w => w.Id);

    private async Task<IQueryable<Workstation>> QueryAsync(PersonId person, CancellationToken cancel)
    {
        var (mine, now) = (await groups.OfAsync(person, cancel), clock.GetUtcNow());
        return db.Workstations.Where(w => w.OwnerId == person.Value || w.Groups.Any(g => mine.Contains(g.GroupId))
            || db.WorkstationAsks.Any(a => a.WorkstationId == w.Id && a.PersonId == person.Value && a.Until > now));
    }
}
