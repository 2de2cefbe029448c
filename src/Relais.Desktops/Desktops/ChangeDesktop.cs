using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Desktops.Desktops;

/// <summary>An administrator starts, freezes, stops or deletes a desktop: the row says what is wanted, the rest follows.</summary>
internal static class ChangeDesktop
{
    public sealed record Request(Wanted Wanted);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/desktops/{id:guid}/want", Handle).RequireAuthorization(AccessPolicies.Administer)
            .RequireFormToken().WithName("ChangeDesktop").WithSummary("Start, freeze, stop or delete a desktop");
        routes.MapPost("/desktops/{id:guid}/want", HandleFormAsync).RequireAuthorization(AccessPolicies.Administer).ExcludeFromDescription();
    }

    internal static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Handle(
        Guid id, Request request, HttpContext context, DesktopsDb db, MyDesktop desktops, SessionDoor door, TimeProvider clock, CancellationToken cancel) =>
        await HandleAsync(id, request.Wanted, Actor.Of(context), db, desktops, door, clock, cancel) switch
        {
            ChangeResult.Noted => TypedResults.NoContent(),
            ChangeResult.Missing => TypedResults.NotFound(),
            ChangeResult.BeingDeleted => Problems.Conflict("desktop-being-deleted"),
            ChangeResult.OfPool => Problems.Conflict("desktop-of-pool", "a desktop of a pool runs or is deleted: nothing else can be wanted of it"),
            ChangeResult.Overtaken => Problems.Conflict("changed-meanwhile", "the desktop changed in the same moment: try again"),
        };

    // The page's buttons: back to the list, which says what came of it.
    private static async Task<RedirectHttpResult> HandleFormAsync(
        Guid id, [FromForm] Wanted wanted, HttpContext context, DesktopsDb db, MyDesktop desktops, SessionDoor door, Notices notices,
        IStringLocalizer<DesktopsTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        var result = await HandleAsync(id, wanted, Actor.Of(context), db, desktops, door, clock, cancel);
        notices.Add(context, text["Result." + result]);
        return TypedResults.LocalRedirect("/desktops");
    }

    internal static async Task<ChangeResult> HandleAsync(
        Guid id, Wanted wanted, Actor actor, DesktopsDb db, MyDesktop desktops, SessionDoor door, TimeProvider clock, CancellationToken cancel)
    {
        var desktop = await db.Desktops.SingleOrDefaultAsync(d => d.Id == id, cancel);
        if (desktop is null)
            return ChangeResult.Missing;
        if (desktop.Wanted == Wanted.Deleted)
            return ChangeResult.BeingDeleted;
        if (desktop.PoolId is not null && wanted is not (Wanted.Running or Wanted.Deleted))
            return ChangeResult.OfPool;

        desktop.Want(wanted, clock.GetUtcNow());
        db.Audit(clock, actor, $"desktop.{wanted.ToString().ToLowerInvariant()}", $"desktop:{id}", desktop.Bundle, new { person = desktop.PersonId });
        try
        {
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateConcurrencyException)
        {
            return ChangeResult.Overtaken;
        }

        if (wanted is Wanted.Stopped or Wanted.Deleted)
            await door.EndAllAsync("desktop", id, "TargetGone", cancel);
        await desktops.TellAsync(cancel);
        return ChangeResult.Noted;
    }
}

internal enum ChangeResult
{
    Noted,
    Missing,
    BeingDeleted,

    /// <summary>One of a pool runs or goes; there is nothing between.</summary>
    OfPool,
    Overtaken,
}
