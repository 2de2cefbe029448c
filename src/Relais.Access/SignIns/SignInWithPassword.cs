using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Directories;
using Relais.Access.Passwords;
using Relais.Access.SecondFactors;
using Relais.Kernel.Audit;

namespace Relais.Access.SignIns;

internal abstract record PasswordOutcome
{
    private PasswordOutcome() { }

    internal sealed record SignedIn : PasswordOutcome;

    /// <summary>The password is right; the ticket leads to the page that asks for a code or a passkey.</summary>
    internal sealed record CodeWanted : PasswordOutcome;

    /// <summary>No such person or not their password: nothing tells the two apart.</summary>
    internal sealed record Wrong : PasswordOutcome;

    internal sealed record Wait(TimeSpan Time) : PasswordOutcome;

    /// <summary>Said only to who knows the password.</summary>
    internal sealed record Disabled : PasswordOutcome;

    internal sealed record Expired : PasswordOutcome;

    /// <summary>The directory, which has the password, does not answer. It counts as no attempt.</summary>
    internal sealed record DirectoryAway : PasswordOutcome;

    /// <summary>The institute's rules refuse this sign-in. Said only to who knows the password.</summary>
    internal sealed record Barred(string Words) : PasswordOutcome;
}

internal sealed class SignInWithPassword(
    AccessDb db, CheckPassword passwords, DirectoryPasswords directory, SignInThrottle throttle, SignInTicket ticket, OpenSignIn open, TimeProvider clock,
    ILogger<SignInWithPassword> log)
{
    public async Task<PasswordOutcome> HandleAsync(HttpContext context, string name, string password, CancellationToken cancel)
    {
        var normalized = UniqueName.Normalize(name);
        var person = await db.People.AsNoTracking()
            .SingleOrDefaultAsync(p => p.NormalizedUserName == normalized || p.NormalizedEmail == normalized, cancel);

        var known = await DeviceCookie.IsKnownAsync(context, db, person?.Id ?? Guid.Empty, cancel);
        var attempt = new Attempt(Attempt.Origin(context.Connection.RemoteIpAddress), person?.Id.ToString() ?? normalized, known);
        if (throttle.Enter(attempt) is { Ticks: > 0 } wait)
        {
            log.SignInSlowedDown(attempt.Address, wait);
            return new PasswordOutcome.Wait(wait);
        }

        var proof = await passwords.HandleAsync(person, password, cancel);
        if (proof is PasswordProof.DirectoryAway)
        {
            throttle.Undecided(attempt);
            return new PasswordOutcome.DirectoryAway();
        }

        if (proof is PasswordProof.Wrong || person is null)
        {
            await FailedAsync(context, person, cancel);
            return new PasswordOutcome.Wrong();
        }

        throttle.Succeeded(attempt);
        var now = clock.GetUtcNow();
        if (person.DisabledAt is not null || proof is PasswordProof.ShutOut)
            return new PasswordOutcome.Disabled();
        if (!person.MaySignIn(now))
            return new PasswordOutcome.Expired();
        var byDirectory = await directory.ConcernAsync(person.Id, cancel);
        if (byDirectory)
            await ForgetOneTimePasswordAsync(person, cancel);
        if (await FactorGuard.HasFactorAsync(db, person.Id, cancel))
        {
            ticket.Write(context, person);
            return new PasswordOutcome.CodeWanted();
        }

        return await open.HandleAsync(context, person.Id, byDirectory ? SignInMethod.Directory : SignInMethod.Password, cancel) switch
        {
            SignInOpened.In => new PasswordOutcome.SignedIn(),
            SignInOpened.Barred barred => new PasswordOutcome.Barred(barred.Words),
            _ => new PasswordOutcome.Disabled(),
        };
    }

    // What was handed over to be changed opens nothing any more, and nobody asks to change it.
    private async Task ForgetOneTimePasswordAsync(Person person, CancellationToken cancel)
    {
        if (!person.MustChangePassword)
            return;
        await db.People.Where(p => p.Id == person.Id && p.MustChangePassword)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.MustChangePassword, false).SetProperty(p => p.PasswordHash, (string?)null), cancel);
        person.PasswordHash = null;
    }

    // What was typed as a name is not kept: people type their password there.
    private async Task FailedAsync(HttpContext context, Person? person, CancellationToken cancel)
    {
        log.SignInRefused(person?.Id, Actor.Of(context).Address);
        db.Audit(clock, Actor.Of(context), "sign-in.refused", person is null ? "" : Subject.Of(person), person?.DisplayName ?? "");
        await db.SaveChangesAsync(cancel);
    }
}
