using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.SecondFactors;
using Relais.Access.SignIns;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Access.OpenId;

/// <summary>Undoing a tie: by an administrator, and by the person whose it is; on pages and for programs.</summary>
internal static class UndoLink
{
    public sealed record Link(Guid Issuer, string Name, string Subject, DateTimeOffset LinkedAt);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("").RequireFormToken().ExcludeFromDescription();
        pages.MapPost("/people/{id:guid}/open-id/{issuer:guid}/undo", (Guid id, Guid issuer, HttpContext context, EditLinks edit, PersonActions.Reply reply, CancellationToken cancel) =>
            reply.ToAsync(context, id, "undo-link", edit.RemoveAsync(id, issuer, Actor.Of(context), cancel))).RequireAuthorization(AccessPolicies.Administer);
        pages.MapPost("/account/open-id/{issuer:guid}/undo", Own).RequireAuthorization(AccessPolicies.SignedIn);

        var api = routes.MapGroup("/api/access").WithTags("Access").RequireFormToken();
        var people = api.MapGroup("/people/{id:guid}/open-id-links").RequireAuthorization(AccessPolicies.Administer);
        people.MapGet("", async (Guid id, EditLinks edit, CancellationToken cancel) => TypedResults.Ok(Shown(await edit.OfAsync(id, cancel))))
            .WithSummary("A person's accounts at sign-in services.");
        people.MapPost("/{issuer:guid}/undo", (Guid id, Guid issuer, HttpContext context, EditLinks edit, CancellationToken cancel) => Program(id, issuer, context, edit, cancel))
            .WithSummary("Unties a person from an account at a sign-in service; sign-ins through it end.");
        var own = api.MapGroup("/account/open-id-links").RequireAuthorization(AccessPolicies.SignedIn);
        own.MapGet("", async (HttpContext context, EditLinks edit, CancellationToken cancel) => TypedResults.Ok(Shown(await edit.OfAsync(context.User.PersonId().Value, cancel))))
            .WithSummary("One's own accounts at sign-in services.");
        own.MapPost("/{issuer:guid}/undo", OwnProgram).WithSummary("Unties oneself from an account at a sign-in service; sign-ins through it end.");
    }

    internal static async Task<Results<RedirectHttpResult, NotFound>> Own(
        Guid issuer, HttpContext context, EditLinks edit, FactorGuard guard, AccessDb db, Notices notices, IStringLocalizer<OpenIdTexts> text, CancellationToken cancel)
    {
        if (await guard.CheckAsync(context, sending: true, cancel) is not Proof.Given)
            return TypedResults.LocalRedirect(ProofPage.Address(context));
        var signIn = context.User.SignInId().Value;
        var through = await db.SignIns.AnyAsync(s => s.Id == signIn && s.IssuerId == issuer, cancel);
        if (await edit.RemoveAsync(context.User.PersonId().Value, issuer, Actor.Of(context), cancel) is Answer.Missing)
            return TypedResults.NotFound();
        if (through)
        {
            SignInCookie.Forget(context);
            return TypedResults.LocalRedirect("/sign-in");
        }

        notices.Add(context, text["Link.Undone"]);
        return TypedResults.LocalRedirect("/account");
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> OwnProgram(Guid issuer, HttpContext context, EditLinks edit, FactorGuard guard, IStringLocalizer<AccessTexts> text, CancellationToken cancel) =>
        await guard.CheckAsync(context, sending: true, cancel) is Proof.Given
            ? await Program(context.User.PersonId().Value, issuer, context, edit, cancel)
            : Problems.Refused("proof-wanted", text["Proof.Why"]);

    private static async Task<Results<NoContent, ProblemHttpResult>> Program(Guid id, Guid issuer, HttpContext context, EditLinks edit, CancellationToken cancel) =>
        await edit.RemoveAsync(id, issuer, Actor.Of(context), cancel) is Answer.Missing ? Problems.Missing("link-missing") : TypedResults.NoContent();

    private static IEnumerable<Link> Shown(IEnumerable<LinkRow> links) => links.Select(l => new Link(l.Issuer, l.Name, l.Subject, l.LinkedAt));
}
