using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Access.SignIns;

/// <summary>Signing out: here, of another of one's own devices, or everywhere.</summary>
internal static class SignOut
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        var own = routes.MapGroup("").RequireFormToken().ExcludeFromDescription();
        own.MapPost("/sign-out", Here).RequireAuthorization(AccessPolicySetup.SignedInPartly);
        own.MapPost("/account/sign-ins/{id:guid}/revoke", One).RequireAuthorization(AccessPolicies.SignedIn);
        own.MapPost("/account/sign-out-everywhere", Everywhere).RequireAuthorization(AccessPolicySetup.SignedInPartly);
    }

    internal static async Task<RedirectHttpResult> Here(HttpContext context, RevokeSignIns revoke, AccessDb db, CancellationToken cancel)
    {
        var signIn = context.User.SignInId().Value;
        var issuer = await db.SignIns.Where(s => s.Id == signIn).Select(s => s.IssuerId).SingleOrDefaultAsync(cancel);
        await revoke.OneAsync(context.User.PersonId().Value, context.User.SignInId().Value, Actor.Of(context), "person.signed-out", cancel);
        SignInCookie.Forget(context);
        // Who came by another issuer may still be signed in there, and is told so.
        return TypedResults.LocalRedirect(issuer is null ? "/sign-in" : $"/sign-in/openid/{issuer}/left");
    }

    internal static async Task<Results<RedirectHttpResult, NotFound>> One(
        Guid id, HttpContext context, RevokeSignIns revoke, Notices notices, IStringLocalizer<AccessTexts> text, CancellationToken cancel)
    {
        var answer = await revoke.OneAsync(context.User.PersonId().Value, id, Actor.Of(context), "person.signed-out", cancel);
        if (answer is Answer.Missing)
            return TypedResults.NotFound();
        notices.Add(context, text["SignIn.Revoked"]);
        return TypedResults.LocalRedirect("/account");
    }

    internal static async Task<RedirectHttpResult> Everywhere(HttpContext context, RevokeSignIns revoke, CancellationToken cancel)
    {
        await revoke.AllAsync(context.User.PersonId().Value, except: null, Actor.Of(context), cancel);
        SignInCookie.Forget(context);
        return TypedResults.LocalRedirect("/sign-in");
    }
}
