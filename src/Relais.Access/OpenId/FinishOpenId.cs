using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;
using Relais.Access.SignIns;
using Relais.Kernel.Audit;

namespace Relais.Access.OpenId;

/// <summary>Ends what <see cref="BeginOpenId"/> began: the issuer sent the browser back with a code, or with a refusal.</summary>
internal sealed class FinishOpenId(
    AccessDb db, TripCookie cookie, ReadIdentity read, MatchPerson match, OpenSignIn open, SignInTicket ticket, SignInThrottle throttle, TimeProvider clock, ILogger<FinishOpenId> log)
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet(BeginOpenId.ReturnPath, (FinishOpenId finish, HttpContext context, string? code, string? state, string? iss, string? error, CancellationToken cancel) =>
            finish.HandleAsync(context, code, state, iss, error, cancel)).AllowAnonymous().ExcludeFromDescription();

    public async Task<Results<RedirectHttpResult, RedirectToProblem>> HandleAsync(HttpContext context, string? code, string? state, string? iss, string? error, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (cookie.Take(context) is not { } trip)
        {
            // Anybody can ask for this address: the trail is not theirs to fill.
            log.OpenIdRefused(null, OpenIdProblem.Lost, Actor.Of(context).Address);
            return new RedirectToProblem(OpenIdProblem.Lost, "/");
        }

        if (!trip.IsState(state))
            return await RefuseAsync(context, null, OpenIdProblem.Lost, "/", null, cancel);
        if (now - trip.BegunAt > TripCookie.Life)
            return await RefuseAsync(context, null, OpenIdProblem.Expired, trip.ReturnUrl, null, cancel);
        if (await db.OpenIdIssuers.AsNoTracking().SingleOrDefaultAsync(i => i.Id == trip.Issuer && i.Enabled, cancel) is not { } issuer)
            return await RefuseAsync(context, null, OpenIdProblem.NoIssuer, trip.ReturnUrl, null, cancel);

        // The issuer guards its people's passwords; here, only an origin that fails very often is slowed down, and no colleague at the same address before.
        var attempt = new Attempt(Attempt.Origin(context.Connection.RemoteIpAddress), $"openid {trip.State}", KnownDevice: false);
        if (throttle.WaitFor(attempt) is { Ticks: > 0 } wait)
        {
            log.SignInSlowedDown(attempt.Address, wait);
            return new RedirectToProblem(OpenIdProblem.TooManyTries, trip.ReturnUrl);
        }

        // Another issuer's answer to our question (RFC 9207).
        if (iss is not null && !string.Equals(iss.TrimEnd('/'), issuer.Authority.TrimEnd('/'), StringComparison.Ordinal))
            return await RefuseAsync(context, issuer, OpenIdProblem.WrongIssuer, trip.ReturnUrl, attempt, cancel);
        if (error is not null || string.IsNullOrEmpty(code))
            return await RefuseAsync(context, issuer, OpenIdProblem.Declined, trip.ReturnUrl, null, cancel);
        switch (await read.HandleAsync(issuer, trip, code, BeginOpenId.ReturnAddress(context), cancel))
        {
            case IdentityAnswer.Failed { Problem: OpenIdProblem.Away }:
                return await RefuseAsync(context, issuer, OpenIdProblem.Away, trip.ReturnUrl, null, cancel);
            case IdentityAnswer.Failed failed:
                return await RefuseAsync(context, issuer, failed.Problem, trip.ReturnUrl, attempt, cancel);
            case IdentityAnswer.Known { Identity: var identity } when trip.Proving:
                return await ProveAsync(context, issuer, identity, trip, attempt, cancel);
            case IdentityAnswer.Known { Identity: var identity }:
                return await LetInAsync(context, issuer, identity, trip, attempt, cancel);
        }

        throw new System.Diagnostics.UnreachableException();
    }

    private async Task<Results<RedirectHttpResult, RedirectToProblem>> LetInAsync(
        HttpContext context, OpenIdIssuer issuer, OpenIdIdentity identity, OpenIdTrip trip, Attempt attempt, CancellationToken cancel)
    {
        var actor = Actor.Of(context);
        var matched = await match.HandleAsync(issuer, identity, actor, cancel);
        if (matched is MatchAnswer.Failed failed)
            return await RefuseAsync(context, issuer, failed.Problem, trip.ReturnUrl, attempt, cancel, failed.Person);
        var person = ((MatchAnswer.Found)matched).Person;
        var proven = issuer.FactorCounts && identity.TwoFactors;
        if (!proven && await FactorGuard.HasFactorAsync(db, person.Id, cancel))
        {
            ticket.Write(context, person, issuer.Id);
            return TypedResults.LocalRedirect(trip.ReturnUrl is "/" ? "/sign-in/second-factor" : $"/sign-in/second-factor{QueryString.Create("returnUrl", trip.ReturnUrl)}");
        }

        var method = proven ? SignInMethod.OpenIdWithFactor : SignInMethod.OpenId;
        return await open.HandleAsync(context, person.Id, method, issuer.Id, cancel) switch
        {
            SignInOpened.In => TypedResults.LocalRedirect(trip.ReturnUrl),
            // Told in the trail already, with the rule.
            SignInOpened.Barred => new RedirectToProblem(OpenIdProblem.Barred, trip.ReturnUrl),
            _ => await RefuseAsync(context, issuer, OpenIdProblem.Disabled, trip.ReturnUrl, null, cancel),
        };
    }

    // The same person, asked again by the issuer after we asked for it: an old session there proves nothing now.
    private async Task<Results<RedirectHttpResult, RedirectToProblem>> ProveAsync(
        HttpContext context, OpenIdIssuer issuer, OpenIdIdentity identity, OpenIdTrip trip, Attempt attempt, CancellationToken cancel)
    {
        var fresh = identity.AskedAt is { } at && at >= trip.BegunAt - TimeSpan.FromMinutes(2);
        if (!fresh || context.User.Identity is not { IsAuthenticated: true })
            return await RefuseAsync(context, issuer, OpenIdProblem.Expired, trip.ReturnUrl, attempt, cancel);
        var (person, signIn, now) = (context.User.PersonId().Value, context.User.SignInId().Value, clock.GetUtcNow());
        if (!await db.OpenIdLinks.AnyAsync(l => l.IssuerId == issuer.Id && l.Subject == identity.Subject && l.PersonId == person, cancel))
            return await RefuseAsync(context, issuer, OpenIdProblem.OtherAccount, trip.ReturnUrl, attempt, cancel);
        await db.SignIns.Where(s => s.Id == signIn).ExecuteUpdateAsync(set => set.SetProperty(s => s.ProvenAt, now), cancel);
        return TypedResults.LocalRedirect(trip.ReturnUrl);
    }

    private async Task<RedirectToProblem> RefuseAsync(HttpContext context, OpenIdIssuer? issuer, OpenIdProblem problem, string returnUrl, Attempt? attempt, CancellationToken cancel, Person? person = null)
    {
        if (attempt is { } counted)
            throttle.Failed(counted);
        log.OpenIdRefused(issuer?.Name, problem, Actor.Of(context).Address);
        db.Audit(clock, Actor.Of(context), "sign-in.refused", person is null ? "" : Subject.Of(person), person?.DisplayName ?? "", new { issuer = issuer?.Name ?? "", reason = problem.ToString() });
        await db.SaveChangesAsync(cancel);
        return new RedirectToProblem(problem, returnUrl);
    }
}
