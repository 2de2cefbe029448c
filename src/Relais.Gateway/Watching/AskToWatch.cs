using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Kernel;
using Relais.Kernel.Audit;
using Relais.Portal.Kit;
using Relais.Portal.Security;

namespace Relais.Gateway.Watching;

/// <summary>A supervisor asks to see a session; its person answers on their screen.</summary>
internal static class AskToWatch
{
    /// <param name="Watch">What the page of <c>/watches/ID</c> shows.</param>
    public sealed record Response(Guid Watch);

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/gateway/sessions/{id:guid}/watch", Handle).RequireAuthorization(AccessPolicies.Supervise)
            .RequireFormToken().WithName("AskToWatch").WithSummary("Ask a person to see their session");
        routes.MapPost("/sessions/{id:guid}/watch", HandleFormAsync).RequireAuthorization(AccessPolicies.Supervise).RequireFormToken().ExcludeFromDescription();
    }

    private static async Task<Results<Ok<Response>, ProblemHttpResult>> Handle(
        Guid id, HttpContext context, GatewayDb db, People people, IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel) =>
        await AskAsync(id, context, db, people, clock, cancel) is { } watch
            ? TypedResults.Ok(new Response(watch))
            : Problems.Conflict("not-watchable", text["Watch.Not"]);

    // The page's button.
    private static async Task<RedirectHttpResult> HandleFormAsync(
        Guid id, HttpContext context, GatewayDb db, People people, Notices notices, IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        if (await AskAsync(id, context, db, people, clock, cancel) is { } watch)
            return TypedResults.LocalRedirect($"/watches/{watch}");
        notices.Add(context, text["Watch.Not"]);
        return TypedResults.LocalRedirect("/sessions");
    }

    private static async Task<Guid?> AskAsync(Guid id, HttpContext context, GatewayDb db, People people, TimeProvider clock, CancellationToken cancel)
    {
        var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.EndedAt == null && s.EndAsked == null, cancel);
        if (session is not { Watchable: true })
            return null;
        var (now, asker) = (clock.GetUtcNow(), context.User.PersonId());
        var watch = new Watch
        {
            Id = Guid.CreateVersion7(now),
            SessionId = id,
            PersonId = session.PersonId,
            AskedBy = asker.Value,
            SignInId = context.User.SignInId().Value,
            AskedByName = (await people.FindAsync(asker, cancel))?.DisplayName ?? "?",
            AskedAt = now,
        };
        db.Watches.Add(watch);
        db.Audit(
            clock, Actor.Of(context), "session.watch-asked", $"{session.TargetKind}:{session.TargetId}", session.TargetName,
            new { session = id, person = session.PersonId, watch = watch.Id });
        await db.SaveChangesAsync(cancel);
        return watch.Id;
    }
}
