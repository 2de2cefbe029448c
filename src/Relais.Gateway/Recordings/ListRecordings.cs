using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Gateway.Recordings;

/// <summary>What was recorded, newest first.</summary>
internal static class ListRecordings
{
    private const int Most = 500;

    /// <param name="Protocol">"rdp", "vnc" or "ssh".</param>
    /// <param name="State">"running", "whole", "dropped", "torn" or "missing".</param>
    /// <param name="Node">The machine that holds it.</param>
    /// <param name="Held">Whether it is kept whatever its age.</param>
    public sealed record Line(
        Guid Id, Guid Session, Guid PersonId, string Person, string Target, string Protocol, DateTimeOffset StartedAt, double DurationSeconds,
        long LengthBytes, string State, string Node, bool Held);

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/gateway/recordings", async (string? search, GatewayDb db, People people, CancellationToken cancel) =>
                TypedResults.Ok(await HandleAsync(search, db, people, cancel)))
            .RequireAuthorization(AccessPolicies.Audit).WithName("ListRecordings").WithSummary("Recorded sessions, newest first");

    /// <param name="search">Part of a target's name.</param>
    internal static async Task<IReadOnlyList<Line>> HandleAsync(string? search, GatewayDb db, People people, CancellationToken cancel)
    {
        var pattern = string.IsNullOrWhiteSpace(search) ? null : $"%{search.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
        var rows = await db.Recordings.AsNoTracking()
            .Where(r => pattern == null || EF.Functions.ILike(r.TargetName, pattern))
            .OrderByDescending(r => r.StartedAt).Take(Most).ToListAsync(cancel);
        var names = await people.FindManyAsync([.. rows.Select(r => new PersonId(r.PersonId)).Distinct()], cancel);
        return [.. rows.Select(r => Of(r, names.GetValueOrDefault(new PersonId(r.PersonId))?.DisplayName))];
    }

    internal static async Task<Line?> FindAsync(Guid id, GatewayDb db, People people, CancellationToken cancel)
    {
        var row = await db.Recordings.AsNoTracking().SingleOrDefaultAsync(r => r.Id == id, cancel);
        return row is null ? null : Of(row, (await people.FindAsync(new PersonId(row.PersonId), cancel))?.DisplayName);
    }

    private static Line Of(Recording r, string? person) => new(
        r.Id, r.SessionId, r.PersonId, person ?? "?", r.TargetName, Word(r.Protocol.ToString()), r.StartedAt, r.Duration.TotalSeconds,
        r.LengthBytes, Word(r.State.ToString()), r.Node, r.HeldAt is not null);

    private static string Word(string name) => name.ToLowerInvariant();
}
