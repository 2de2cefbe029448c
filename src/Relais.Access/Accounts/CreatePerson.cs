using Microsoft.EntityFrameworkCore;
using Relais.Access.Passwords;
using Relais.Kernel.Audit;

namespace Relais.Access.Accounts;

/// <summary>Adds a person, who gets a password to use once.</summary>
internal sealed class CreatePerson(AccessDb db, TimeProvider clock, InstituteCalendar calendar, PasswordCheck passwords)
{
    public async Task<Answer> HandleAsync(PersonFields fields, Actor actor, CancellationToken cancel)
    {
        var faults = fields.Check(calendar.Today);
        if (faults.Count > 0)
            return new Answer.Refused(faults);

        var password = OneTimePassword.Create();
        var person = new Person
        {
            Id = Guid.CreateVersion7(),
            CreatedAt = clock.GetUtcNow(),
            MustChangePassword = true,
            PasswordHash = await passwords.HashAsync(password, cancel),
        };
        fields.ApplyTo(person, calendar);
        var groups = fields.Groups ?? [];
        person.Groups.AddRange(await db.Groups.Where(g => groups.Contains(g.Id)).ToListAsync(cancel));
        db.People.Add(person);
        db.Audit(clock, actor, "person.created", Subject.Of(person), person.DisplayName, new { userName = person.UserName, roles = person.Roles });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException e) when (NameTaken.In(e) is { } taken)
        {
            return new Answer.Refused([taken]);
        }

        return new Answer.Done(person.Id, password);
    }
}

/// <summary>The database has the last word on names: between a check and a save, somebody else may have taken one.</summary>
internal static class NameTaken
{
    public static Fault? In(DbUpdateException failure) =>
        UniqueName.IsTaken(failure, AccessModel.UserNameIndex) ? new Fault(nameof(PersonFields.UserName), "taken-user-name")
        : UniqueName.IsTaken(failure, AccessModel.EmailIndex) ? new Fault(nameof(PersonFields.Email), "taken-email")
        : UniqueName.IsTaken(failure, AccessModel.GroupNameIndex) ? new Fault(nameof(Groups.Group.Name), "taken-group")
        : null;
}
