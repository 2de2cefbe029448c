using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Kernel.Database;
using Relais.Portal.Kit;

namespace Relais.Desktops.Workstations;

/// <summary>What the list shows; every part of it is in the page's address.</summary>
internal sealed record WorkstationQuery(string? Search, string? State, string? Protocol, int Page)
{
    public const int PageLength = 50;
}

/// <summary>What a workstation is to the person who looks, in one word.</summary>
internal enum WorkstationState
{
    Ready,

    /// <summary>Does not answer and can be woken up.</summary>
    Asleep,
    Unreachable,

    /// <summary>Shows another certificate than the pinned one.</summary>
    Changed,
    Disabled,

    /// <summary>Not knocked at yet.</summary>
    Unknown,
}

internal sealed record WorkstationRow(Workstation Workstation, string? Owner, IReadOnlyList<string> Groups);

internal sealed record FoundWorkstations(IReadOnlyList<WorkstationRow> Workstations, int Total);

internal static class WorkstationStates
{
    public static WorkstationState StateOf(Workstation workstation) => workstation switch
    {
        { Enabled: false } => WorkstationState.Disabled,
        { PinState: PinState.Changed } => WorkstationState.Changed,
        { Reach: Reach.Answers } => WorkstationState.Ready,
        { Reach: Reach.Unknown } => WorkstationState.Unknown,
        { Reach: Reach.Silent, Mac: not null } => WorkstationState.Asleep,
        _ => WorkstationState.Unreachable,
    };

    public static StateKind KindOf(WorkstationState state) => state switch
    {
        WorkstationState.Ready => StateKind.Good,
        WorkstationState.Asleep => StateKind.Idle,
        WorkstationState.Unreachable => StateKind.Bad,
        WorkstationState.Changed => StateKind.Warning,
        WorkstationState.Disabled => StateKind.Neutral,
        WorkstationState.Unknown => StateKind.Neutral,
    };
}

/// <summary>Enrolled workstations with their people and state.</summary>
internal sealed class ListWorkstations(DesktopsDb db, People people, Groups groups)
{
    public async Task<FoundWorkstations> HandleAsync(WorkstationQuery query, CancellationToken cancel)
    {
        var found = InState(Matching(query), query.State);
        var total = await found.CountAsync(cancel);
        var page = await found.Include(w => w.Groups)
            .OrderBy(w => EF.Functions.Collate(w.Name, NameOrder.Collation)).ThenBy(w => w.Id)
            .Skip((Math.Max(query.Page, 1) - 1) * WorkstationQuery.PageLength)
            .Take(WorkstationQuery.PageLength)
            .ToListAsync(cancel);
        return new FoundWorkstations(await NamedAsync(page, cancel), total);
    }

    public async Task<WorkstationRow?> FindAsync(Guid id, CancellationToken cancel)
    {
        var found = await db.Workstations.AsNoTracking().Include(w => w.Groups).Where(w => w.Id == id).ToListAsync(cancel);
        return (await NamedAsync(found, cancel)).SingleOrDefault();
    }

    private async Task<IReadOnlyList<WorkstationRow>> NamedAsync(IReadOnlyList<Workstation> workstations, CancellationToken cancel)
    {
        var owners = await people.FindManyAsync([.. workstations.Select(w => w.OwnerId).OfType<Guid>().Select(id => new PersonId(id))], cancel);
        var names = (await groups.AllAsync(cancel)).ToDictionary(g => g.Id, g => g.Name);
        return
        [
            .. workstations.Select(w => new WorkstationRow(
                w,
                w.OwnerId is { } owner ? owners.GetValueOrDefault(new PersonId(owner))?.UserName : null,
                // A group that was deleted lets nobody in any more.
                [.. w.Groups.Select(g => names.GetValueOrDefault(g.GroupId)).OfType<string>().Order(StringComparer.CurrentCultureIgnoreCase)])),
        ];
    }

    private IQueryable<Workstation> Matching(WorkstationQuery query)
    {
        var found = db.Workstations.AsNoTracking();
        if (query.Search?.Trim() is { Length: > 0 } search)
        {
            var pattern = Containing(search);
            found = found.Where(w => EF.Functions.ILike(w.Name, pattern, @"\") || EF.Functions.ILike(w.Host, pattern, @"\")
                || EF.Functions.ILike(w.Site ?? "", pattern, @"\") || EF.Functions.ILike(w.Mac ?? "", pattern, @"\"));
        }

        return Enum.TryParse<TargetProtocol>(query.Protocol, ignoreCase: true, out var protocol) ? found.Where(w => w.Protocol == protocol) : found;
    }

    /// <summary>For ILIKE with the escape character "\": what is typed is searched for as it is.</summary>
    internal static string Containing(string typed) =>
        $"%{typed.Trim().Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";

    // The same words as WorkstationStates.StateOf, in SQL.
    private static IQueryable<Workstation> InState(IQueryable<Workstation> found, string? state) =>
        Enum.TryParse<WorkstationState>(state, ignoreCase: true, out var wanted)
            ? wanted switch
            {
                WorkstationState.Disabled => found.Where(w => !w.Enabled),
                WorkstationState.Changed => found.Where(w => w.Enabled && w.SeenPin != null),
                WorkstationState.Ready => found.Where(w => w.Enabled && w.SeenPin == null && w.Reach == Reach.Answers),
                WorkstationState.Unknown => found.Where(w => w.Enabled && w.SeenPin == null && w.Reach == Reach.Unknown),
                WorkstationState.Asleep => found.Where(w => w.Enabled && w.SeenPin == null && w.Reach == Reach.Silent && w.Mac != null),
                WorkstationState.Unreachable => found.Where(w => w.Enabled && w.SeenPin == null
                    && (w.Reach == Reach.NameUnknown || w.Reach == Reach.AddressRefused || w.Reach == Reach.SiteAway || (w.Reach == Reach.Silent && w.Mac == null))),
            }
            : found;
}
