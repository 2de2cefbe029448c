using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Kernel.Audit;
using Relais.Kernel.Database;

namespace Relais.Access.Groups;

internal sealed record GroupRow(Guid Id, string Name, int People);

/// <summary>Creates, renames, deletes and lists groups.</summary>
internal sealed class EditGroups(AccessDb db, TimeProvider clock)
{
    public Task<List<GroupRow>> ListAsync(CancellationToken cancel) =>
        db.Groups.AsNoTracking().OrderBy(g => EF.Functions.Collate(g.Name, NameOrder.Collation)).Select(g => new GroupRow(g.Id, g.Name, g.People.Count)).ToListAsync(cancel);

    public async Task<Answer> CreateAsync(string? name, Actor actor, CancellationToken cancel)
    {
        if (Check(name) is { } fault)
            return new Answer.Refused([fault]);
        var group = new Group { Name = (name ?? "").Trim(), NormalizedName = UniqueName.Normalize(name ?? "") };
        db.Groups.Add(group);
        db.Audit(clock, actor, "group.created", Subject.Of(group), group.Name);
        return await SaveAsync(group, cancel);
    }

    public async Task<Answer> RenameAsync(Guid id, string? name, Actor actor, CancellationToken cancel)
    {
        if (Check(name) is { } fault)
            return new Answer.Refused([fault]);
        if (await db.Groups.SingleOrDefaultAsync(g => g.Id == id, cancel) is not { } group)
            return new Answer.Missing();
        var before = group.Name;
        group.Name = (name ?? "").Trim();
        group.NormalizedName = UniqueName.Normalize(group.Name);
        db.Audit(clock, actor, "group.renamed", Subject.Of(group), group.Name, new { before });
        return await SaveAsync(group, cancel);
    }

    /// <summary>People of the group stay; they are only no longer in it.</summary>
    public async Task<Answer> DeleteAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.Groups.SingleOrDefaultAsync(g => g.Id == id, cancel) is not { } group)
            return new Answer.Missing();
        db.Groups.Remove(group);
        db.Audit(clock, actor, "group.deleted", Subject.Of(group), group.Name);
        return await SaveAsync(group, cancel);
    }

    private async Task<Answer> SaveAsync(Group group, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return new Answer.Done(group.Id);
        }
        catch (DbUpdateException e) when (NameTaken.In(e) is { } taken)
        {
            return new Answer.Refused([taken]);
        }
    }

    private static Fault? Check(string? name) =>
        PersonRules.Name(name, Group.NameLength) is { } code ? new Fault(nameof(Group.Name), code, Group.NameLength) : null;
}
