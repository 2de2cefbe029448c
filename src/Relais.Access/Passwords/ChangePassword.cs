using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.Directories;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.Passwords;

/// <summary>Changes the own password. Every other sign-in of the person ends: who knew the old one is out.</summary>
internal sealed class ChangePassword(AccessDb db, TimeProvider clock, PasswordCheck passwords, DirectoryPasswords directory)
{
    public async Task<IReadOnlyList<Fault>> HandleAsync(HttpContext context, string? password, string? again, CancellationToken cancel)
    {
        var (id, signIn) = (context.User.PersonId().Value, context.User.SignInId().Value);
        if (await directory.ConcernAsync(id, cancel))
            return [new Fault("Password", "password-of-directory")];
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var person = await db.People.SingleAsync(p => p.Id == id, cancel);
        if (string.IsNullOrEmpty(password))
            return [new Fault("Password", "empty")];
        if (PasswordRules.Check(password, person.UserName, person.DisplayName, person.Email) is { } code)
            return [new Fault("Password", code, code is "password-long" ? PasswordRules.LongestLength : PasswordRules.ShortestLength)];
        if (!string.Equals(password, again, StringComparison.Ordinal))
            return [new Fault("Again", "password-differs")];
        if (await passwords.IsRightAsync(person, password, cancel))
            return [new Fault("Password", "password-same")];

        person.PasswordHash = await passwords.HashAsync(password, cancel);
        person.MustChangePassword = false;
        await RevokeSignIns.OfAsync(db, id, except: signIn, clock.GetUtcNow(), cancel);
        db.Audit(clock, Actor.Of(context), "person.password-changed", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return [];
    }
}
