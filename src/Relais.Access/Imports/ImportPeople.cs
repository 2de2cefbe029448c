using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.Groups;
using Relais.Access.SecondFactors;
using Relais.Kernel.Audit;
using Relais.Kernel.Events;

namespace Relais.Access.Imports;

/// <summary>
/// Adds and changes people as a list says: all of it in one transaction, or nothing. New people have no password until they use an invitation.
/// Nobody is removed, and nothing of the list itself is kept.
/// </summary>
internal sealed class ImportPeople(AccessDb db, PlanImport plan, InstituteCalendar calendar, TimeProvider clock, Outbox outbox)
{
    /// <param name="mark">Of the plan that was agreed to; null takes whatever there is to do.</param>
    public async Task<ImportOutcome> HandleAsync(PeopleFile file, string? mark, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LastAdministrator.HoldAsync(db, cancel);
        var now = await plan.HandleAsync(file, cancel);
        if (now.Faults.Count > 0)
            return new ImportOutcome.Refused(now);
        if (mark is not null && !string.Equals(mark, now.Mark, StringComparison.Ordinal))
            return new ImportOutcome.Overtaken(now);
        if (!now.Ready)
            return new ImportOutcome.Done(now);

        await ApplyAsync(now, actor, cancel);
        db.Audit(clock, actor, "people.imported", detail: new { created = now.Created, changed = now.Changed, unchanged = now.Unchanged });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (NameTaken.In(e) is not null)
        {
            // Somebody was added by hand in the same moment.
            await transaction.RollbackAsync(cancel);
            db.ChangeTracker.Clear();
            return new ImportOutcome.Overtaken(await plan.HandleAsync(file, cancel));
        }

        await AskForFactorsAsync(now, cancel);
        if (!await LastAdministrator.RemainsAsync(db, clock.GetUtcNow(), cancel))
            return new ImportOutcome.Refused(now with { Faults = [new ImportFault(0, 0, PeopleColumns.Roles, "", "last-administrator")] });
        await transaction.CommitAsync(cancel);
        return new ImportOutcome.Done(now);
    }

    /// <summary>Does what a plan says, in the caller's transaction, which saves it and looks whether an administrator is left.</summary>
    internal async Task ApplyAsync(ImportPlan now, Actor actor, CancellationToken cancel)
    {
        var groups = await db.Groups.ToDictionaryAsync(g => g.Id, cancel);
        var changing = now.Lines.Where(line => line.Changes.Count > 0).Select(line => line.Existing).ToList();
        var people = await db.People.Include(p => p.Groups).Where(p => changing.Contains(p.Id)).AsSplitQuery().ToDictionaryAsync(p => p.Id, cancel);
        var enrolled = new List<EnrolledPerson>();
        foreach (var line in now.Lines)
        {
            if (line.Existing is not { } id)
                enrolled.Add(Add(line, groups, actor));
            else if (line.Changes.Count > 0)
                Change(line, people[id], groups, actor, enrolled);
        }

        if (enrolled.Count > 0)
            outbox.Tell(db, new PeopleEnrolled(Guid.CreateVersion7(), enrolled));
    }

    private EnrolledPerson Add(ImportLine line, Dictionary<Guid, Group> groups, Actor actor)
    {
        var person = new Person { Id = Guid.CreateVersion7(), CreatedAt = clock.GetUtcNow(), MustChangePassword = true };
        line.Fields.ApplyTo(person, calendar);
        person.Groups.AddRange(GroupsOf(line, groups));
        db.People.Add(person);
        db.Audit(clock, actor, "person.created", Subject.Of(person), person.DisplayName, new { userName = person.UserName, roles = person.Roles });
        return new EnrolledPerson(person.Id, person.Bundle);
    }

    private void Change(ImportLine line, Person person, Dictionary<Guid, Group> groups, Actor actor, List<EnrolledPerson> enrolled)
    {
        line.Fields.ApplyTo(person, calendar);
        var wanted = GroupsOf(line, groups).ToList();
        person.Groups.RemoveAll(g => !wanted.Contains(g));
        person.Groups.AddRange(wanted.Except(person.Groups).ToList());
        db.Audit(clock, actor, "person.changed", Subject.Of(person), person.DisplayName, new { changed = line.Changes.Select(c => Word(c.Field)).Order(StringComparer.Ordinal), roles = person.Roles });
        if (line.Changes.Any(c => c.Field is PeopleColumns.Bundle))
            enrolled.Add(new EnrolledPerson(person.Id, person.Bundle));
    }

    // As when one person is changed by hand: a role that asks for a second factor asks those who are signed in without one, too.
    internal async Task AskForFactorsAsync(ImportPlan now, CancellationToken cancel)
    {
        foreach (var line in now.Lines.Where(l => l.Changes.Any(c => c.Field is PeopleColumns.Roles)))
        {
            if (await SecondFactorRules.ConcernAsync(db, [.. line.Fields.Roles ?? []], cancel))
            {
                await db.SignIns.Where(s => s.PersonId == line.Existing && !s.SecondFactor)
                    .ExecuteUpdateAsync(set => set.SetProperty(s => s.SecondFactorDue, true), cancel);
            }
        }
    }

    private static IEnumerable<Group> GroupsOf(ImportLine line, Dictionary<Guid, Group> groups) =>
        (line.Fields.Groups ?? []).Where(groups.ContainsKey).Select(id => groups[id]);

    // The words that the trail has for a change by hand.
    private static string Word(string field) => field switch
    {
        PeopleColumns.UserName => "userName",
        PeopleColumns.Mail => "email",
        PeopleColumns.Until => "lastDay",
        _ => field,
    };
}
