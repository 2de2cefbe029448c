using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.Conditions;

/// <summary>A person who is signed in gives a second factor anew, because a rule asks for one that is more recent.</summary>
internal sealed class StepUp(AccessDb db, GiveCode codes, SignInThrottle throttle, TimeProvider clock, ILogger<StepUp> log)
{
    public Task<Person> PersonAsync(HttpContext context, CancellationToken cancel)
    {
        var id = context.User.PersonId().Value;
        return db.People.AsNoTracking().SingleAsync(p => p.Id == id, cancel);
    }

    public async Task<CodeOutcome> HandleAsync(HttpContext context, string code, bool recovery, CancellationToken cancel)
    {
        var person = await PersonAsync(context, cancel);
        var attempt = new Attempt(Attempt.Origin(context.Connection.RemoteIpAddress), $"code {person.Id}", KnownDevice: true);
        if (throttle.Enter(attempt) is { Ticks: > 0 } wait)
            return new CodeOutcome.Wait(wait);
        var right = recovery ? await RecoveryCodes.UseAsync(db, person.Id, code, cancel) : await codes.UseAsync(person, code, cancel);
        if (!right)
        {
            log.CodeRefused(person.Id, Actor.Of(context).Address);
            db.Audit(clock, Actor.Of(context), "sign-in.code-refused", Subject.Of(person), person.DisplayName);
            await db.SaveChangesAsync(cancel);
            return new CodeOutcome.Wrong();
        }

        throttle.Succeeded(attempt);
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        await GivenAsync(db, context.User.SignInId().Value, clock.GetUtcNow(), cancel);
        db.Audit(clock, Actor.Of(context), "person.second-factor-given", Subject.Of(person), person.DisplayName);
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new CodeOutcome.SignedIn();
    }

    /// <summary>Notes that this sign-in gave a second factor now.</summary>
    public static Task GivenAsync(AccessDb db, Guid signIn, DateTimeOffset now, CancellationToken cancel) =>
        db.SignIns.Where(s => s.Id == signIn)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.SecondFactor, true).SetProperty(s => s.SecondFactorAt, now), cancel);
}
