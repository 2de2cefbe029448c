using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Localization;
using Relais.Access.Contracts;
using Relais.Gateway.Watching;
using Relais.Kernel;
using Relais.Portal.Security;

namespace Relais.Gateway.Pictures;

/// <summary>A person's page gives a picture of what it shows: whole for whoever they let watch, small while the session is recorded.</summary>
internal static class SendPicture
{
    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/gateway/watches/{id:guid}/picture", HandleWholeAsync).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("SendWatchedPicture").WithSummary("The whole picture, for somebody who was allowed to watch");
        routes.MapPost("/api/gateway/sessions/{id:guid}/picture", HandleSmallAsync).RequireAuthorization(AccessPolicies.SignedIn)
            .RequireFormToken().WithName("SendSessionPicture").WithSummary("A small picture of a session that is recorded");
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleWholeAsync(
        Guid id, HttpContext context, GatewayDb db, IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        return await db.Watches.AnyAsync(w => w.Id == id && w.PersonId == person && w.State == WatchState.Accepted, cancel)
            ? await KeepAsync(id, Picture.WholeLimit, context, db, text, clock, cancel)
            : TypedResults.NotFound();
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleSmallAsync(
        Guid id, HttpContext context, GatewayDb db, IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        var (person, signIn) = (context.User.PersonId().Value, context.User.SignInId().Value);
        var recorded = await db.Sessions.AnyAsync(
            s => s.Id == id && s.PersonId == person && s.SignInId == signIn && s.EndedAt == null && s.Recording != Contracts.RecordingPolicy.Off, cancel);
        return recorded ? await KeepAsync(id, Picture.SmallLimit, context, db, text, clock, cancel) : TypedResults.NotFound();
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> KeepAsync(
        Guid of, int limit, HttpContext context, GatewayDb db, IStringLocalizer<GatewayTexts> text, TimeProvider clock, CancellationToken cancel)
    {
        if (await Picture.ReadAsync(context.Request, limit, cancel) is not { } bytes)
            return Problems.Of(StatusCodes.Status413PayloadTooLarge, "picture-too-large", text["Picture.TooLarge", ByteWords.Of(limit)]);
        if (!Picture.Is(bytes))
            return Problems.Invalid("not-a-picture", text["Picture.Not"]);
        await Picture.KeepAsync(db, of, clock.GetUtcNow(), bytes, cancel);
        return TypedResults.NoContent();
    }
}
