using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Conditions;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;
using Relais.Kernel.Audit;

namespace Relais.Access.SignIns;

/// <summary>How letting a person in ended.</summary>
internal abstract record SignInOpened
{
    private SignInOpened() { }

    internal sealed record In : SignInOpened;

    /// <summary>The person was disabled or deleted in the meantime.</summary>
    internal sealed record Closed : SignInOpened;

    /// <summary>The institute's rules refuse this sign-in: from there, with this device or at this hour.</summary>
    /// <param name="Words">For the person.</param>
    internal sealed record Barred(string Words) : SignInOpened;
}

/// <summary>Lets a person in, whatever they proved themselves with, unless a rule refuses it.</summary>
internal sealed class OpenSignIn(AccessDb db, AskConditions conditions, TimeProvider clock, ILogger<OpenSignIn> log)
{
    public Task<SignInOpened> HandleAsync(HttpContext context, Guid id, SignInMethod method, CancellationToken cancel) => HandleAsync(context, id, method, issuer: null, cancel);

    /// <param name="issuer">Who said that it is this person, when it was not us.</param>
    public async Task<SignInOpened> HandleAsync(HttpContext context, Guid id, SignInMethod method, Guid? issuer, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // The row is locked, so that disabling the person comes before (and is seen here) or after (and revokes this sign-in).
        var person = await db.People.FromSql($"SELECT * FROM access.person WHERE id = {id} FOR SHARE").AsNoTracking().SingleOrDefaultAsync(cancel);
        if (person is null || !person.MaySignIn(now))
            return new SignInOpened.Closed();

        // Untied while they were on their way: what the issuer said is nobody's word any more.
        if (issuer is { } by && !await db.OpenIdLinks.AnyAsync(l => l.IssuerId == by && l.PersonId == id, cancel))
            return new SignInOpened.Closed();

        var known = await DeviceCookie.IsKnownAsync(context, db, person.Id, cancel);
        var verdict = await conditions.SigningInAsync(person, context.Connection.RemoteIpAddress, AskConditions.DeviceOf(method, !known), cancel);
        if (verdict.Decision == RuleDecision.Refuse)
            return await BarAsync(context, person, verdict, transaction, cancel);

        // A token that was there before signing in is never adopted, and the sign-in that it belonged to ends.
        if (SignInCookie.Read(context) is { } old)
        {
            await db.SignIns.Where(s => s.TokenHash == old && s.RevokedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(s => s.RevokedAt, now), cancel);
        }

        var actor = ActorOf(context, person);
        var signIn = new SignIn
        {
            PersonId = person.Id,
            TokenHash = SignInCookie.Write(context),
            CreatedAt = now,
            LastSeenAt = now,
            ProvenAt = now,
            Address = actor.Address,
            UserAgent = Shorten(context.Request.Headers.UserAgent.ToString()),
            Method = method,
            IssuerId = issuer,
            SecondFactor = !method.IsOneFactor(),
            SecondFactorAt = method.IsOneFactor() ? null : now,
            NewDevice = !known,
            // Whoever has a second factor gave it before coming here.
            SecondFactorDue = verdict.Decision == RuleDecision.AskSecondFactor || await SecondFactorRules.ConcernAsync(db, person.Roles, cancel),
        };
        db.SignIns.Add(signIn);
        await DeviceCookie.RememberAsync(context, db, person.Id, now, cancel);
        db.Audit(clock, actor, "person.signed-in", Subject.Of(person), person.DisplayName, new { method = method.ToString() });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        log.SignedIn(person.Id, method, actor.Address);
        return new SignInOpened.In();
    }

    private async Task<SignInOpened> BarAsync(HttpContext context, Person person, Verdict verdict, IDbContextTransaction transaction, CancellationToken cancel)
    {
        db.Audit(
            clock, ActorOf(context, person), "access.refused", Subject.Of(person), person.DisplayName,
            new { rule = verdict.Rule?.Name ?? "", what = nameof(AccessTarget.SignIn) });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return new SignInOpened.Barred(conditions.RefusalWords(verdict.Words));
    }

    internal static Actor ActorOf(HttpContext context, Person person) =>
        Actor.Of(context) with { Id = Subject.Of(person), Name = person.UserName ?? "" };

    private static string Shorten(string agent) => agent.Length > SignIn.UserAgentLength ? agent[..SignIn.UserAgentLength] : agent;
}
