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

namespace Relais.Gateway.Recordings;

/// <summary>An auditor keeps a recording beyond its time, as for an inquiry, or lets it go again.</summary>
internal static class HoldRecording
{
    /// <param name="Held">Whether it is to be kept.</param>
    public sealed record Request(bool Held);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/gateway/recordings/{id:guid}/hold", async (
                Guid id, Request request, HttpContext context, GatewayDb db, TimeProvider clock, CancellationToken cancel) =>
                await HandleAsync(id, request.Held, context, db, clock, cancel))
            .RequireAuthorization(AccessPolicies.Audit).RequireFormToken().WithName("HoldRecording").WithSummary("Keep a recording beyond its time, or not any more");
        routes.MapPost("/recordings/{id:guid}/hold", HandleFormAsync).RequireAuthorization(AccessPolicies.Audit).RequireFormToken().ExcludeFromDescription();
    }

    private static async Task<Results<NoContent, NotFound>> HandleAsync(
        Guid id, bool held, HttpContext context, GatewayDb db, TimeProvider clock, CancellationToken cancel)
    {
        if (await db.Recordings.SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } recording)
            return TypedResults.NotFound();
        if (recording.HeldAt is not null != held)
        {
            recording.HeldAt = held ? clock.GetUtcNow() : null;
            db.Audit(
                clock, Actor.Of(context), held ? "recording.held" : "recording.released", $"{recording.TargetKind}:{recording.TargetId}", recording.TargetName,
                new { recording = id, session = recording.SessionId, person = recording.PersonId });
            await db.SaveChangesAsync(cancel);
        }

        return TypedResults.NoContent();
    }

    // The page's button.
    private static async Task<RedirectHttpResult> HandleFormAsync(
        Guid id, bool held, HttpContext context, GatewayDb db, Notices notices, IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        await HandleAsync(id, held, context, db, clock, cancel);
        notices.Add(context, text[held ? "Recording.NowHeld" : "Recording.Released"]);
        return TypedResults.LocalRedirect("/recordings");
    }
}
