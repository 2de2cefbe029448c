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

namespace Relais.Gateway.Sessions;

/// <summary>An administrator ends a session; the node that holds it does so within a second or two.</summary>
internal static class EndSession
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/gateway/sessions/{id:guid}/end", Handle).RequireAuthorization(AccessPolicies.Administer)
            .RequireFormToken().WithName("EndSession").WithSummary("End a session at once");
        routes.MapPost("/sessions/{id:guid}/end", HandleFormAsync).RequireAuthorization(AccessPolicies.Administer).RequireFormToken().ExcludeFromDescription();
    }

    internal static async Task<Results<NoContent, NotFound>> Handle(
        Guid id, HttpContext context, GatewayDb db, TimeProvider clock, CancellationToken cancel)
    {
        var session = await db.Sessions.SingleOrDefaultAsync(s => s.Id == id, cancel);
        if (session is null)
            return TypedResults.NotFound();
        if (session is { EndedAt: null, EndAsked: null })
        {
            session.EndAsked = nameof(SessionEnd.EndedByAdministrator);
            db.Audit(
                clock, Actor.Of(context), "session.ended", $"{session.TargetKind}:{session.TargetId}", session.TargetName,
                new { session = session.Id, person = session.PersonId });
            await db.SaveChangesAsync(cancel);
        }

        return TypedResults.NoContent();
    }

    // The page's button.
    private static async Task<RedirectHttpResult> HandleFormAsync(
        Guid id, HttpContext context, GatewayDb db, Notices notices, IStringLocalizer<GatewayTexts> text,
        TimeProvider clock, CancellationToken cancel)
    {
        await Handle(id, context, db, clock, cancel);
        notices.Add(context, text["Action.Ended"]);
        return TypedResults.LocalRedirect("/sessions");
    }
}
