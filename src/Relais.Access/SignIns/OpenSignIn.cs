using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.SecondFactors;
using Relais.Kernel.Audit;

namespace Relais.Access.SignIns;

/// <summary>Lets a person in, whatever they proved themselves with.</summary>
internal sealed class OpenSignIn(AccessDb db, TimeProvider clock, ILogger<OpenSignIn> log)
{
    /// <summary>False when the person was disabled or deleted in the meantime.</summary>
    public Task<bool> HandleAsync(HttpContext context, Guid id, SignInMethod method, CancellationToken cancel) => HandleAsync(context, id, method, issuer: null, cancel);

    /// <param name="issuer">Who said that it is this person, when it was not us.</param>
    public async Task<bool> HandleAsync(HttpContext context, Guid id, SignInMethod method, Guid? issuer, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);

        // The row is locked, so that disabling the person comes before (and is seen here) or after (and revokes this sign-in).
        var person = await db.People.FromSql($"SELECT * FROM access.person WHERE id = {id} FOR SHARE").AsNoTracking().SingleOrDefaultAsync(cancel);
        if (person is null || !person.MaySignIn(now))
            return false;

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
            SecondFactor = method is not (SignInMethod.Password or SignInMethod.OpenId),
            SecondFactorDue = await SecondFactorRules.ConcernAsync(db, person.Roles, cancel),
        };
        db.SignIns.Add(signIn);
        await DeviceCookie.RememberAsync(context, db, person.Id, now, cancel);
        db.Audit(clock, actor, "person.signed-in", Subject.Of(person), person.DisplayName, new { method = method.ToString() });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        log.SignedIn(person.Id, method, actor.Address);
        return true;
    }

    internal static Actor ActorOf(HttpContext context, Person person) =>
        Actor.Of(context) with { Id = Subject.Of(person), Name = person.UserName ?? "" };

    private static string Shorten(string agent) => agent.Length > SignIn.UserAgentLength ? agent[..SignIn.UserAgentLength] : agent;
}
