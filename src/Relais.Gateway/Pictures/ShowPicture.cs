using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Gateway.Pictures;

/// <summary>The small picture of a session that is recorded, for those who may see the recording.</summary>
internal static class ShowPicture
{
    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/gateway/sessions/{id:guid}/picture", Handle).RequireAuthorization(AccessPolicies.Audit)
            .WithName("ShowSessionPicture").WithSummary("The last small picture of a session that is recorded and open");

    private static async Task<Results<FileContentHttpResult, NotFound>> Handle(Guid id, HttpContext context, GatewayDb db, CancellationToken cancel)
    {
        context.Response.Headers.CacheControl = "no-store";
        return await db.Pictures.AsNoTracking().Where(p => p.Of == id && db.Sessions.Any(s => s.Id == id && s.EndedAt == null))
                .SingleOrDefaultAsync(cancel) is { } picture
            ? TypedResults.File(picture.Bytes, picture.Bytes[0] == 0xFF ? "image/jpeg" : "image/png", lastModified: picture.At)
            : TypedResults.NotFound();
    }
}
