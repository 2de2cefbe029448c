using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Kernel.Audit;

namespace Relais.Access.SignIns;

/// <summary>Ends sign-ins, one's own or another person's.</summary>
internal sealed class RevokeSignIns(AccessDb db, TimeProvider clock)
{
    /// <summary>Ends every sign-in of a person but one, in the caller's transaction, and says how many there were.</summary>
    public static Task<int> OfAsync(AccessDb db, Guid person, Guid? except, DateTimeOffset now, CancellationToken cancel) =>
        db.SignIns.Where(s => s.PersonId == person && s.RevokedAt == null && s.Id != except)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), cancel);

    public async Task<Answer> AllAsync(Guid id, Guid? except, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } person)
            return new Answer.Missing();
        var ended = await OfAsync(db, id, except, clock.GetUtcNow(), cancel);
        db.Audit(clock, actor, "person.signed-out-everywhere", Subject.Of(person), person.DisplayName, new { signInsEnded = ended });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new Answer.Done(id);
    }

    /// <summary>Ends one sign-in of this person; somebody else's is as if it did not exist.</summary>
    public async Task<Answer> OneAsync(Guid person, Guid signIn, Actor actor, string action, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var found = await db.SignIns.Include(s => s.Person).SingleOrDefaultAsync(s => s.Id == signIn && s.PersonId == person, cancel);
        if (found is not { Person: { } owner })
            return new Answer.Missing();
        if (found.RevokedAt is not null)
            return new Answer.Done(signIn);
        found.RevokedAt = clock.GetUtcNow();
        db.Audit(clock, actor, action, Subject.Of(owner), owner.DisplayName, new { signIn });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new Answer.Done(signIn);
    }
}
