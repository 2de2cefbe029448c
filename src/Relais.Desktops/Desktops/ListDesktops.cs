using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Bundles;

namespace Relais.Desktops.Desktops;

/// <summary>What the list shows; every part of it is in the page's address.</summary>
/// <param name="Search">Part of the person's name or user name.</param>
/// <param name="State">A state, "archived", "leaving" (will be deleted), "behind" (another version than decided) or "fault".</param>
/// <param name="Group">Id of a group of people.</param>
/// <param name="Pool">Id of a pool, or "personal".</param>
/// <param name="Sort">"name", "state", "bundle" or "opened"; with "-" before it when descending.</param>
/// <param name="Tag">A label that it has, capitals aside.</param>
internal sealed record DesktopQuery(string? Search = null, string? State = null, string? Bundle = null, Guid? Group = null, string? Pool = null, string? Sort = null, string? Tag = null)
{
    public const string Personal = "personal";

    public bool IsEmpty => Search is null && State is null && Bundle is null && Group is null && Pool is null && Tag is null;
}

/// <summary>Every desktop with its person and state.</summary>
public static class ListDesktops
{
    public const int PageLength = 50;

    public sealed record Line(
        Guid Id, Guid PersonId, string Person, string UserName, string Bundle, string? Image, bool Behind, Wanted Wanted, DesktopState State,
        DateTimeOffset StateSince, string? Address, string? Fault, string? FaultDetail, DateTimeOffset? OpenedAt, DateTimeOffset? DeleteAt,
        int? MemoryMiB, int? Cpu, bool AlwaysOn)
    {
        /// <summary>Name of the pool that it is of; null for a personal one. Its person is empty while nobody has it.</summary>
        public string? Pool { get; init; }

        /// <summary>Labels that administrators gave it.</summary>
        public IReadOnlyList<string> Tags { get; init; } = [];
    }

    internal static void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/desktops", async (
                DesktopsDb db, People people, Groups groups, CancellationToken cancel, string? q = null, string? state = null, string? bundle = null, Guid? group = null,
                string? pool = null, string? sort = null, string? tag = null) =>
                TypedResults.Ok(await HandleAsync(new DesktopQuery(q, state, bundle, group, pool, sort, tag), db, people, groups, cancel)))
            .RequireAuthorization(AccessPolicies.Administer).WithName("ListDesktops").WithSummary("All desktops, with the filters of the page");

    /// <returns>By person, in the order of the reader's language, where nothing else is asked for.</returns>
    internal static async Task<IReadOnlyList<Line>> HandleAsync(DesktopQuery query, DesktopsDb db, People people, Groups groups, CancellationToken cancel)
    {
        var desktops = await db.Desktops.AsNoTracking().Where(d => query.Bundle == null || d.Bundle == query.Bundle).ToListAsync(cancel);
        var pools = await db.Pools.AsNoTracking().ToDictionaryAsync(p => p.Id, p => p.Name, cancel);
        desktops.RemoveAll(d => !IsOf(d, query.Pool) || (query.Tag is { } tag && !DesktopTags.Has(d.Tags, tag)));
        var bundles = await db.Bundles.AsNoTracking().ToDictionaryAsync(b => b.Name, StringComparer.Ordinal, cancel);
        var cards = await people.FindManyAsync([.. desktops.Select(d => new PersonId(d.PersonId))], cancel);
        if (query.Group is { } group)
        {
            var members = await groups.MembersAsync(group, cancel);
            desktops.RemoveAll(d => !members.Contains(new PersonId(d.PersonId)));
        }

        return Sorted(
        [
            .. desktops.Select(d => LineOf(d, cards.GetValueOrDefault(new PersonId(d.PersonId)), RollOutRules.IsBehind(bundles.GetValueOrDefault(d.Bundle), d)) with
                {
                    Pool = d.PoolId is { } pool ? pools.GetValueOrDefault(pool, "?") : null, Tags = d.Tags,
                })
                .Where(line => IsIn(line, query.State) && Matches(line, query.Search)),
        ], query.Sort);
    }

    // Team 2 comes before team 10, and the id last: equal ones keep their order from page to page.
    private static List<Line> Sorted(List<Line> lines, string? sort)
    {
        var names = CultureInfo.CurrentCulture.CompareInfo.GetStringComparer(CompareOptions.IgnoreCase | CompareOptions.NumericOrdering);
        var byName = lines.OrderBy(d => d.Person, names).ThenBy(d => d.Id).ToList();
        return sort switch
        {
            "-name" => [.. byName.AsEnumerable().Reverse()],
            "state" => [.. byName.OrderBy(d => d.State).ThenBy(d => d.StateSince)],
            "-state" => [.. byName.OrderByDescending(d => d.State).ThenByDescending(d => d.StateSince)],
            "bundle" => [.. byName.OrderBy(d => d.Bundle, StringComparer.Ordinal)],
            "-bundle" => [.. byName.OrderByDescending(d => d.Bundle, StringComparer.Ordinal)],
            "opened" => [.. byName.OrderBy(d => d.OpenedAt ?? DateTimeOffset.MinValue)],
            "-opened" => [.. byName.OrderByDescending(d => d.OpenedAt ?? DateTimeOffset.MinValue)],
            _ => byName,
        };
    }

    private static Line LineOf(Desktop d, PersonCard? card, bool behind) => new(
        d.Id, d.PersonId, d.IsSpare ? "" : card?.DisplayName ?? "?", card?.UserName ?? "", d.Bundle, d.Image, behind, d.Wanted, d.State, d.StateSince, d.Address, d.Fault,
        d.FaultDetail, d.OpenedAt, d.DeleteAt, d.MemoryMiB, d.Cpu, d.AlwaysOn);

    private static bool IsOf(Desktop d, string? pool) => pool switch
    {
        null => true,
        DesktopQuery.Personal => d.PoolId is null,
        _ => Guid.TryParse(pool, out var id) && d.PoolId == id,
    };

    private static bool Matches(Line line, string? search) => search is null
        || line.Person.Contains(search, StringComparison.CurrentCultureIgnoreCase) || line.UserName.Contains(search, StringComparison.OrdinalIgnoreCase);

    private static bool IsIn(Line line, string? state) => state?.ToLowerInvariant() switch
    {
        null => true,
        "archived" => line.Wanted == Wanted.Archived,
        "leaving" => line.DeleteAt is not null,
        "behind" => line.Behind,
        "fault" => line.Fault is not null,
        _ => Enum.TryParse<DesktopState>(state, ignoreCase: true, out var wanted) && line.State == wanted,
    };
}
