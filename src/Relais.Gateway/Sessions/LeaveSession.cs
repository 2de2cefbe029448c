using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Gateway.Sessions;

/// <summary>The person closes their own session; what runs in the desktop goes on.</summary>
internal static class LeaveSession
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/gateway/sessions/{id:guid}/leave", Handle).RequireAuthorization(AccessPolicies.SignedIn)
            .WithName("LeaveSession").WithSummary("Close one's own session");

    internal static async Task<Results<NoContent, NotFound>> Handle(Guid id, HttpContext context, GatewayDb db, CancellationToken cancel)
    {
        var person = context.User.PersonId().Value;
        var own = await db.Sessions.Where(s => s.Id == id && s.PersonId == person && s.EndedAt == null && s.EndAsked == null)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.EndAsked, nameof(SessionEnd.Left)), cancel);
        return own == 1 ? TypedResults.NoContent() : TypedResults.NotFound();
    }
}
