using Microsoft.EntityFrameworkCore;
using Relais.Access.SecondFactors;
using Relais.Kernel.Audit;

namespace Relais.Access.Accounts;

/// <summary>Changes what is known of a person. New roles act on their next request; a factor that they ask for, too.</summary>
internal sealed class EditPerson(AccessDb db, TimeProvider clock, InstituteCalendar calendar)
{
    public async Task<Answer> HandleAsync(Guid id, PersonFields fields, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LastAdministrator.HoldAsync(db, cancel);
        if (await db.People.Include(p => p.Groups).SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } person)
            return new Answer.Missing();

        var faults = (fields with { KeptLastDay = calendar.LastDayBefore(person.ExpiresAt) }).Check(calendar.Today);
        if (faults.Count > 0)
            return new Answer.Refused(faults);

        var groups = fields.Groups ?? [];
        var wanted = await db.Groups.Where(g => groups.Contains(g.Id)).ToListAsync(cancel);
        var before = (Roles: string.Join(' ', person.Roles), Groups: person.Groups.Select(g => g.Id).ToHashSet());
        fields.ApplyTo(person, calendar);
        person.Groups.RemoveAll(g => !wanted.Contains(g));
        person.Groups.AddRange(wanted.Except(person.Groups).ToList());

        var changed = ChangesOf(person, before.Roles, before.Groups);
        if (changed.Count == 0)
            return new Answer.Done(id);
        db.Audit(clock, actor, "person.changed", Subject.Of(person), person.DisplayName, new { changed, roles = person.Roles });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (NameTaken.In(e) is { } taken)
        {
            return new Answer.Refused([taken]);
        }

        if (!await LastAdministrator.RemainsAsync(db, clock.GetUtcNow(), cancel))
            return new Answer.Refused(nameof(PersonFields.Roles), "last-administrator");
        if (changed.Contains("roles") && await SecondFactorRules.ConcernAsync(db, person.Roles, cancel))
        {
            await db.SignIns.Where(s => s.PersonId == id && !s.SecondFactor)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.SecondFactorDue, true), cancel);
        }

        await transaction.CommitAsync(cancel);
        return new Answer.Done(id);
    }

    private SortedSet<string> ChangesOf(Person person, string roles, HashSet<Guid> groups)
    {
        var changed = new SortedSet<string>(StringComparer.Ordinal);
        var entry = db.Entry(person);
        foreach (var (property, word) in Words)
        {
            if (entry.Property(property).IsModified)
                changed.Add(word);
        }

        if (!string.Equals(roles, string.Join(' ', person.Roles), StringComparison.Ordinal))
            changed.Add("roles");
        if (!groups.SetEquals(person.Groups.Select(g => g.Id)))
            changed.Add("groups");
        return changed;
    }

    private static readonly (string Property, string Word)[] Words =
    [
        (nameof(Person.UserName), "userName"), (nameof(Person.DisplayName), "name"), (nameof(Person.Email), "email"),
        (nameof(Person.Language), "language"), (nameof(Person.KeyboardLayout), "keyboard"), (nameof(Person.ExpiresAt), "lastDay"),
        (nameof(Person.Site), "site"), (nameof(Person.Phone), "phone"), (nameof(Person.Bundle), "bundle"),
    ];
}
