using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Directories;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.SecondFactors;

internal abstract record CodeOutcome
{
    private CodeOutcome() { }

    internal sealed record SignedIn : CodeOutcome;

    /// <summary>Wrong, too old, or used before.</summary>
    internal sealed record Wrong : CodeOutcome;

    internal sealed record Wait(TimeSpan Time) : CodeOutcome;

    /// <summary>The institute's rules refuse this sign-in.</summary>
    internal sealed record Barred(string Words) : CodeOutcome;

    /// <summary>The password must be given again.</summary>
    internal sealed record TooLate : CodeOutcome;
}

/// <summary>The second step of a sign-in by password: a code of the authenticator app, or one of the recovery codes.</summary>
internal sealed class GiveCode(
    AccessDb db, SignInTicket ticket, SignInThrottle throttle, TotpSecrets secrets, OpenSignIn open, DirectoryPasswords directory, TimeProvider clock, ILogger<GiveCode> log)
{
    /// <summary>The person whom the ticket names, or null when there is no good ticket.</summary>
    public async Task<Person?> AwaitedAsync(HttpContext context, CancellationToken cancel)
    {
        if (ticket.Read(context, out var stamp) is not { } id)
            return null;
        var person = await db.People.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel);
        return person is not null && string.Equals(SignInTicket.Stamp(person), stamp, StringComparison.Ordinal) ? person : null;
    }

    public async Task<CodeOutcome> HandleAsync(HttpContext context, string code, bool recovery, CancellationToken cancel)
    {
        if (await AwaitedAsync(context, cancel) is not { } person)
            return new CodeOutcome.TooLate();

        var known = await DeviceCookie.IsKnownAsync(context, db, person.Id, cancel);
        var attempt = new Attempt(Attempt.Origin(context.Connection.RemoteIpAddress), $"code {person.Id}", known);
        if (throttle.Enter(attempt) is { Ticks: > 0 } wait)
        {
            log.SignInSlowedDown(attempt.Address, wait);
            return new CodeOutcome.Wait(wait);
        }

        var right = recovery ? await RecoveryCodes.UseAsync(db, person.Id, code, cancel) : await UseAsync(person, code, cancel);
        if (!right)
        {
            log.CodeRefused(person.Id, Actor.Of(context).Address);
            db.Audit(clock, Actor.Of(context), "sign-in.code-refused", Subject.Of(person), person.DisplayName);
            await db.SaveChangesAsync(cancel);
            return new CodeOutcome.Wrong();
        }

        throttle.Succeeded(attempt);
        var issuer = ticket.IssuerOf(context);
        var method = (issuer, recovery) switch
        {
            (null, _) when await directory.ConcernAsync(person.Id, cancel) => recovery ? SignInMethod.DirectoryAndRecoveryCode : SignInMethod.DirectoryAndCode,
            (null, true) => SignInMethod.PasswordAndRecoveryCode,
            (null, false) => SignInMethod.PasswordAndCode,
            (_, true) => SignInMethod.OpenIdAndRecoveryCode,
            (_, false) => SignInMethod.OpenIdAndCode,
        };
        switch (await open.HandleAsync(context, person.Id, method, issuer, cancel))
        {
            case SignInOpened.Barred barred:
                return new CodeOutcome.Barred(barred.Words);
            case SignInOpened.Closed:
                return new CodeOutcome.TooLate();
            case SignInOpened.In:
                break;
        }

        SignInTicket.Forget(context);
        return new CodeOutcome.SignedIn();
    }

    // The step moves forward in one statement: of two who bring the same code at once, one finds it used.
    internal async Task<bool> UseAsync(Person person, string code, CancellationToken cancel)
    {
        if (person.TotpSecret is not { } kept || Totp.Find(secrets.Open(kept), code, clock.GetUtcNow(), person.TotpLastStep) is not { } step)
            return false;
        return await db.People.Where(p => p.Id == person.Id && p.TotpLastStep < step)
            .ExecuteUpdateAsync(set => set.SetProperty(p => p.TotpLastStep, step), cancel) == 1;
    }
}
