using Microsoft.EntityFrameworkCore;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.Accounts;

/// <summary>Shuts a person out at once, and lets them in again. Their sign-ins end in the same transaction.</summary>
internal sealed class DisablePerson(AccessDb db, TimeProvider clock)
{
    public async Task<Answer> HandleAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (string.Equals(actor.Id, $"person:{id}", StringComparison.Ordinal))
            return new Answer.Refused("", "own-account");
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await LastAdministrator.HoldAsync(db, cancel);

        // Locked against a sign-in that is being opened: see OpenSignIn.
        var person = await db.People.FromSql($"SELECT * FROM access.person WHERE id = {id} FOR UPDATE").SingleOrDefaultAsync(cancel);
        if (person is null)
            return new Answer.Missing();
        if (person.DisabledAt is not null)
            return new Answer.Done(id);

        var now = clock.GetUtcNow();
        person.DisabledAt = now;
        var ended = await RevokeSignIns.OfAsync(db, id, except: null, now, cancel);
        db.Audit(clock, actor, "person.disabled", Subject.Of(person), person.DisplayName, new { signInsEnded = ended });
        await db.SaveChangesAsync(cancel);
        if (!await LastAdministrator.RemainsAsync(db, now, cancel))
            return new Answer.Refused("", "last-administrator");
        await transaction.CommitAsync(cancel);
        return new Answer.Done(id);
    }

    public async Task<Answer> UndoAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await db.People.SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } person)
            return new Answer.Missing();
        if (person.DisabledAt is null)
            return new Answer.Done(id);
        person.DisabledAt = null;
        db.Audit(clock, actor, "person.enabled", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        return new Answer.Done(id);
    }
}
