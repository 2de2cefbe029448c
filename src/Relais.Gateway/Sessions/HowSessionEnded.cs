using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Gateway.Sessions;

/// <summary>
/// Why one's own session was cut, for the page that shows it: the browser's WebSocket does not always tell the close code.
/// Somebody else's session is not found, like one that does not exist.
/// </summary>
internal static class HowSessionEnded
{
    /// <param name="End">In lower camel case: left, moved, endedByAdministrator ...; null while it goes on.</param>
    public sealed record Response(string? End);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/gateway/sessions/{id:guid}", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .WithName("HowSessionEnded").WithSummary("Why one's own session was cut");

    internal static async Task<Results<Ok<Response>, NotFound>> Handle(Guid id, HttpContext context, GatewayDb db, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var session = await db.Sessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == id && s.PersonId == person, cancel);
        if (session is null)
            return TypedResults.NotFound();
        var end = session.End?.ToString() ?? session.EndAsked;
        return TypedResults.Ok(new Response(end is null ? null : char.ToLowerInvariant(end[0]) + end[1..]));
    }
}
