using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Desktops.Desktops;

/// <summary>Every desktop with its person and state.</summary>
public static class ListDesktops
{
    public sealed record Line(
        Guid Id, Guid PersonId, string Person, string Bundle, Wanted Wanted, DesktopState State, DateTimeOffset StateSince,
        string? Address, string? Fault, string? FaultDetail, DateTimeOffset? OpenedAt);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/desktops", async (DesktopState? state, DesktopsDb db, People people, CancellationToken cancel) =>
                TypedResults.Ok(await HandleAsync(state, db, people, cancel)))
            .RequireAuthorization(AccessPolicies.Administer).WithName("ListDesktops").WithSummary("All desktops");

    internal static async Task<IReadOnlyList<Line>> HandleAsync(DesktopState? state, DesktopsDb db, People people, CancellationToken cancel)
    {
        var desktops = await db.Desktops.AsNoTracking().Where(d => state == null || d.State == state).ToListAsync(cancel);
        var names = await people.FindManyAsync([.. desktops.Select(d => new PersonId(d.PersonId))], cancel);
        return
        [
            .. desktops.Select(d => new Line(
                    d.Id, d.PersonId, names.GetValueOrDefault(new PersonId(d.PersonId))?.DisplayName ?? "?", d.Bundle, d.Wanted, d.State, d.StateSince, d.Address, d.Fault,
                    d.FaultDetail, d.OpenedAt))
                .OrderBy(d => d.Person, StringComparer.CurrentCultureIgnoreCase),
        ];
    }
}
