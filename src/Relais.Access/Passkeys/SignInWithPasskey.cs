using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SignIns;
using Relais.Kernel;
using Relais.Kernel.Audit;

namespace Relais.Access.Passkeys;

/// <summary>
/// Signs in with a passkey, without a name or a password. The passkey must verify the person, so that it counts as two factors:
/// the device they have, and the finger, face or PIN that unlocks it. A code is not asked for then, on purpose.
/// </summary>
internal static class SignInWithPasskey
{
    public sealed record Request(JsonElement Credential);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/passkeys/request-options", Options).AllowAnonymous().WithSummary("Options for proving who one is with a passkey.");
        routes.MapPost("/passkeys/sign-in", Handle).AllowAnonymous().WithSummary("Signs in with the passkey that the browser used.");
        routes.MapPost("/passkeys/prove", Prove).WithSummary("Proves again who one is, before a sensitive change.");
    }

    internal static async Task<ContentHttpResult> Options(HttpContext context, IPasskeyHandler<Person> handler, PasskeyCeremony ceremony)
    {
        var options = await handler.MakeRequestOptionsAsync(user: null, context);
        ceremony.Begin(context, options.AssertionState);
        return TypedResults.Content(options.RequestOptionsJson, "application/json");
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Request request, HttpContext context, IPasskeyHandler<Person> handler, PasskeyCeremony ceremony, OpenSignIn open,
        AccessDb db, ILogger<OpenSignIn> log, CancellationToken cancel)
    {
        if (await CheckAsync(request, context, handler, ceremony, db, cancel) is not { } person)
        {
            log.PasskeyRefused(Actor.Of(context).Address);
            return Problems.Refused("passkey-refused");
        }

        return await open.HandleAsync(context, person, SignInMethod.Passkey, cancel) switch
        {
            SignInOpened.In => TypedResults.NoContent(),
            SignInOpened.Barred barred => Problems.Refused(AccessConditions.RefusedProblem, barred.Words),
            _ => Problems.Refused("account-closed"),
        };
    }

    internal static async Task<Results<NoContent, ProblemHttpResult>> Prove(
        Request request, HttpContext context, IPasskeyHandler<Person> handler, PasskeyCeremony ceremony, AccessDb db, TimeProvider clock,
        CancellationToken cancel)
    {
        if (await CheckAsync(request, context, handler, ceremony, db, cancel) is not { } person || person != context.User.PersonId().Value)
            return Problems.Refused("passkey-refused");
        var (signIn, now) = (context.User.SignInId().Value, clock.GetUtcNow());
        await db.SignIns.Where(s => s.Id == signIn).ExecuteUpdateAsync(
            set => set.SetProperty(s => s.ProvenAt, now).SetProperty(s => s.SecondFactor, true).SetProperty(s => s.SecondFactorAt, now), cancel);
        return TypedResults.NoContent();
    }

    private static async Task<Guid?> CheckAsync(
        Request request, HttpContext context, IPasskeyHandler<Person> handler, PasskeyCeremony ceremony, AccessDb db, CancellationToken cancel)
    {
        var result = await handler.PerformAssertionAsync(new PasskeyAssertionContext
        {
            HttpContext = context,
            CredentialJson = request.Credential.GetRawText(),
            AssertionState = ceremony.End(context),
        });
        if (!result.Succeeded || !result.Passkey.IsUserVerified)
            return null;

        // A counter that went backwards was refused above; the new one is what the next use is compared with.
        var passkey = await db.Passkeys.SingleAsync(k => k.CredentialId == result.Passkey.CredentialId, cancel);
        passkey.Data.SignCount = result.Passkey.SignCount;
        passkey.Data.IsBackedUp = result.Passkey.IsBackedUp;
        await db.SaveChangesAsync(cancel);
        return result.User.Id;
    }
}
