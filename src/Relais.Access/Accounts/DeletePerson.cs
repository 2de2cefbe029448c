using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;

namespace Relais.Access.Accounts;

/// <summary>Removes a person with all that Access knows of them. The audit trail keeps their name.</summary>
internal sealed class DeletePerson(AccessDb db, TimeProvider clock)
{
    public async Task<Answer> HandleAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (string.Equals(actor.Id, $"person:{id}", StringComparison.Ordinal))
            return new Answer.Refused("", "own-account");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LastAdministrator.HoldAsync(db, cancel);
        if (await db.People.SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } person)
            return new Answer.Missing();

        db.People.Remove(person);
        db.Audit(clock, actor, "person.deleted", Subject.Of(person), person.DisplayName, new { userName = person.UserName });
        await db.SaveChangesAsync(cancel);
        if (!await LastAdministrator.RemainsAsync(db, clock.GetUtcNow(), cancel))
            return new Answer.Refused("", "last-administrator");
        await transaction.CommitAsync(cancel);
        return new Answer.Done(id);
    }
}
