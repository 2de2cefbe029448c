using Microsoft.EntityFrameworkCore;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.Accounts;

/// <summary>For somebody who lost phone, passkeys and codes: the next sign-in by password may set up a new factor.</summary>
internal sealed class ResetSecondFactor(AccessDb db, TimeProvider clock)
{
    public async Task<Answer> HandleAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.People.SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } person)
            return new Answer.Missing();

        person.TotpSecret = null;
        var passkeys = await db.Passkeys.Where(k => k.UserId == id).ExecuteDeleteAsync(cancel);
        await db.RecoveryCodes.Where(c => c.PersonId == id).ExecuteDeleteAsync(cancel);
        await RevokeSignIns.OfAsync(db, id, except: null, clock.GetUtcNow(), cancel);
        db.Audit(clock, actor, "person.second-factor-reset", Subject.Of(person), person.DisplayName, new { passkeys });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new Answer.Done(id);
    }
}
