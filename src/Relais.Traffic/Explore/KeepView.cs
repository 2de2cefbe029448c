using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Portal.Security;

namespace Relais.Traffic.Explore;

/// <summary>Keeps what somebody looks at in the explorer under a name, and removes it.</summary>
internal static class KeepView
{
    public const string Path = "/traffic/explorer/views";
    private const int MostOfPerson = 50;

    internal static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPost(Path, Handle).RequireAuthorization(AccessPolicies.ReadFigures).ExcludeFromDescription();
        routes.MapGet($"{Path}/{{id:guid}}", HandleOpen).RequireAuthorization(AccessPolicies.ReadFigures).ExcludeFromDescription();
        routes.MapPost($"{Path}/{{id:guid}}/remove", HandleRemove).RequireAuthorization(AccessPolicies.ReadFigures).RequireFormToken().ExcludeFromDescription();
    }

    internal static async Task<Results<RedirectHttpResult, ProblemHttpResult>> Handle(
        [FromForm] string name, [FromForm] string query, [FromForm] bool? shared, HttpContext context, TrafficDb db, TimeProvider clock, CancellationToken cancel)
    {
        var (me, called) = (context.User.PersonId().Value, name.Trim());
        if (called.Length is 0 or > SavedView.LongestName || query.Length is < 2 or > SavedView.LongestQuery || query[0] != '?' || query.Any(char.IsControl))
            return TypedResults.Problem(statusCode: StatusCodes.Status400BadRequest, type: "view-not-understood");
        if (await db.Views.CountAsync(v => v.PersonId == me, cancel) >= MostOfPerson)
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, type: "too-many-views");
        db.Views.Add(new SavedView { Id = Guid.CreateVersion7(clock.GetUtcNow()), PersonId = me, Name = called, Query = query, Shared = shared == true, CreatedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(cancel);
        return TypedResults.LocalRedirect(ExplorerPage.Path + query);
    }

    // Under an address that stays short and names the view; somebody's own view that is not for all is not there.
    internal static async Task<Results<RedirectHttpResult, NotFound>> HandleOpen(Guid id, HttpContext context, TrafficDb db, CancellationToken cancel)
    {
        var me = context.User.PersonId().Value;
        return await db.Views.AsNoTracking().SingleOrDefaultAsync(v => v.Id == id && (v.PersonId == me || v.Shared), cancel) is { } view
            ? TypedResults.LocalRedirect(ExplorerPage.Path + view.Query)
            : TypedResults.NotFound();
    }

    // Only one's own: another's is not there.
    internal static async Task<Results<RedirectHttpResult, NotFound>> HandleRemove(Guid id, HttpContext context, TrafficDb db, CancellationToken cancel)
    {
        var me = context.User.PersonId().Value;
        return await db.Views.Where(v => v.Id == id && v.PersonId == me).ExecuteDeleteAsync(cancel) > 0
            ? TypedResults.LocalRedirect(ExplorerPage.Path)
            : TypedResults.NotFound();
    }
}
