using Microsoft.EntityFrameworkCore;
using Relais.Access.Directories;
using Relais.Access.Passwords;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.Accounts;

/// <summary>Gives a person a new password to use once; whoever was signed in with the old one is signed out.</summary>
internal sealed class ResetPassword(AccessDb db, TimeProvider clock, PasswordCheck passwords, DirectoryPasswords directory)
{
    public async Task<Answer> HandleAsync(Guid id, Actor actor, CancellationToken cancel)
    {
        if (await directory.ConcernAsync(id, cancel))
            return new Answer.Refused("", "password-of-directory");
        var password = OneTimePassword.Create();
        var hash = await passwords.HashAsync(password, cancel);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.People.SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } person)
            return new Answer.Missing();

        person.PasswordHash = hash;
        person.MustChangePassword = true;
        await RevokeSignIns.OfAsync(db, id, except: null, clock.GetUtcNow(), cancel);
        db.Audit(clock, actor, "person.password-reset", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new Answer.Done(id, password);
    }
}
