using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Portal.Security;

namespace Relais.Gateway.Watching;

/// <summary>The person whose session it is lets somebody see it, or does not, or does not any more.</summary>
internal static class AnswerWatch
{
    /// <param name="Accepted">False also ends what was accepted.</param>
    public sealed record Request(bool Accepted);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/gateway/watches/{id:guid}/answer", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("AnswerWatch").WithSummary("Let somebody see one's session, or not");

    private static async Task<Results<NoContent, NotFound>> Handle(
        Guid id, Request request, HttpContext context, GatewayDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (person, now) = (context.User.PersonId().Value, clock.GetUtcNow());
        // One statement decides, so that a refusal is never overtaken by the asker's own end.
        var answered = request.Accepted
            ? await db.Watches.Where(w => w.Id == id && w.PersonId == person && w.State == WatchState.Asked && w.AskedAt > now - WatchConnection.Patience)
                .ExecuteUpdateAsync(set => set.SetProperty(w => w.State, WatchState.Accepted).SetProperty(w => w.AnsweredAt, now), cancel)
            : await db.Watches.Where(w => w.Id == id && w.PersonId == person && (w.State == WatchState.Asked || w.State == WatchState.Accepted))
                .ExecuteUpdateAsync(set => set.SetProperty(w => w.State, WatchState.Refused).SetProperty(w => w.AnsweredAt, now), cancel);
        if (answered == 0)
            return TypedResults.NotFound();
        var watch = await db.Watches.AsNoTracking().SingleAsync(w => w.Id == id, cancel);
        var session = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == watch.SessionId, cancel);
        db.Audit(
            clock, Actor.Of(context), request.Accepted ? "session.watch-accepted" : "session.watch-refused",
            $"{session.TargetKind}:{session.TargetId}", session.TargetName, new { session = session.Id, watch = id, by = watch.AskedBy });
        await db.SaveChangesAsync(cancel);
        return TypedResults.NoContent();
    }
}
