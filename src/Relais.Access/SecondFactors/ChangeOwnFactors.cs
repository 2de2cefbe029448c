using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;

namespace Relais.Access.SecondFactors;

internal enum RemovalOutcome
{
    Removed,
    Missing,

    /// <summary>A rule asks this person for a second factor, and it is the last one.</summary>
    LastOne,
}

/// <summary>Takes an own second factor away, or renews the recovery codes. The page has checked the proof of identity.</summary>
internal sealed class ChangeOwnFactors(AccessDb db, TimeProvider clock)
{
    public async Task<RemovalOutcome> RemoveTotpAsync(HttpContext context, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var person = await LockAsync(context, cancel);
        if (person.TotpSecret is null)
            return RemovalOutcome.Missing;
        if (!await MayLeaveAsync(person, await db.Passkeys.CountAsync(k => k.UserId == person.Id, cancel), cancel))
            return RemovalOutcome.LastOne;

        person.TotpSecret = null;
        db.Audit(clock, Actor.Of(context), "person.authenticator-removed", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return RemovalOutcome.Removed;
    }

    public async Task<RemovalOutcome> RemovePasskeyAsync(HttpContext context, byte[] credential, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var person = await LockAsync(context, cancel);
        var passkeys = await db.Passkeys.Where(k => k.UserId == person.Id).ToListAsync(cancel);
        if (passkeys.Find(k => k.CredentialId.AsSpan().SequenceEqual(credential)) is not { } passkey)
            return RemovalOutcome.Missing;
        if (!await MayLeaveAsync(person, passkeys.Count - 1 + (person.TotpSecret is null ? 0 : 1), cancel))
            return RemovalOutcome.LastOne;

        db.Passkeys.Remove(passkey);
        if (passkeys.Count == 1)
            db.Audit(clock, Actor.Of(context), "person.passkey-removed", Subject.Of(person), person.DisplayName, new { name = passkey.Data.Name });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return RemovalOutcome.Removed;
    }

    public async Task<IReadOnlyList<string>> RenewRecoveryCodesAsync(HttpContext context, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        var person = await LockAsync(context, cancel);
        var codes = await RecoveryCodes.ReplaceAsync(db, person.Id, cancel);
        db.Audit(clock, Actor.Of(context), "person.recovery-codes-renewed", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return codes;
    }

    // Two removals at once must not both find the other factor still there.
    private async Task<Person> LockAsync(HttpContext context, CancellationToken cancel)
    {
        var id = context.User.PersonId().Value;
        return await db.People.FromSql($"SELECT * FROM access.person WHERE id = {id} FOR UPDATE").SingleAsync(cancel);
    }

    private async Task<bool> MayLeaveAsync(Person person, int factors, CancellationToken cancel)
    {
        if (factors > 0)
            return true;
        if (await SecondFactorRules.ConcernAsync(db, person.Roles, cancel))
            return false;

        // Codes that stand in for a factor that is no more would only be a way in.
        await db.RecoveryCodes.Where(c => c.PersonId == person.Id).ExecuteDeleteAsync(cancel);
        return true;
    }
}
