using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Gateway.Sessions;

/// <summary>The sessions that are open now, and those of the last days.</summary>
internal static class ListSessions
{
    private const int Most = 500;

    /// <param name="DurationSeconds">From its opening to its end, or to now.</param>
    /// <param name="Watchable">Whether somebody may ask to see it.</param>
    /// <param name="Pictured">Whether there is a small picture of it, for those who may see recordings.</param>
    public sealed record Line(
        Guid Id, Guid PersonId, string Person, string Target, DateTimeOffset OpenedAt, DateTimeOffset? EndedAt, string? End,
        double DurationSeconds, long FromClientBytes, long ToClientBytes, string? ClientAddress, bool Connected,
        bool Watchable, bool Pictured);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/gateway/sessions", async (
                bool? ended, GatewayDb db, People people, TimeProvider clock, CancellationToken cancel) =>
                TypedResults.Ok(await HandleAsync(ended ?? false, null, db, people, clock, cancel)))
            .RequireAuthorization(AccessPolicies.Administer).WithName("ListSessions").WithSummary("Sessions, open ones first");

    internal static async Task<IReadOnlyList<Line>> HandleAsync(
        bool ended, Guid? person, GatewayDb db, People people, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var connectedSince = now - TimeSpan.FromSeconds(10);
        var sessions = await db.Sessions.AsNoTracking()
            .Where(s => (ended || s.EndedAt == null) && (person == null || s.PersonId == person))
            .OrderBy(s => s.EndedAt != null).ThenByDescending(s => s.OpenedAt)
            .Take(Most).ToListAsync(cancel);
        var names = await people.FindManyAsync([.. sessions.Select(s => new PersonId(s.PersonId)).Distinct()], cancel);
        var ids = sessions.Where(s => s.EndedAt is null).Select(s => s.Id).ToArray();
        var pictured = await db.Pictures.Where(p => ids.Contains(p.Of)).Select(p => p.Of).ToHashSetAsync(cancel);
        return
        [
            .. sessions.Select(s => new Line(
                s.Id, s.PersonId, names.GetValueOrDefault(new PersonId(s.PersonId))?.DisplayName ?? "?", s.TargetName, s.OpenedAt, s.EndedAt, s.End?.ToString(),
                ((s.EndedAt ?? now) - s.OpenedAt).TotalSeconds, s.FromClientBytes, s.ToClientBytes, s.ClientAddress,
                s.EndedAt is null && s.SeenAt > connectedSince, s.Watchable, pictured.Contains(s.Id))),
        ];
    }
}
