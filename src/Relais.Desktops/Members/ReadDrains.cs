using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Bundles;
using Relais.Desktops.Capacity;
using Relais.Desktops.Desktops;
using Relais.Desktops.Engine;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Members;

/// <summary>How far the emptying of a machine is.</summary>
/// <param name="Answers">Whether the machine does; while it does not, nothing of it moves and nobody knows its homes.</param>
internal sealed record DrainView(MemberDrain Drain, bool Answers, IReadOnlyList<Fated> Fates)
{
    public int Total => Drain.Moved + Fates.Count;

    public int Count(params DrainFate[] fates) => Fates.Count(f => fates.Contains(f.Fate));
}

/// <summary>Reads from rows and engine how each drain stands. It only asks.</summary>
internal sealed class ReadDrains(DesktopsDb db, BundleCatalog catalog, SessionDoor door)
{
    private const double FullestDisk = 0.9;
    private const long BytesPerMiB = 1 << 20;

    public async Task<IReadOnlyList<DrainView>> HandleAsync(
        ClusterMembers engine, IReadOnlyList<ClusterMember> members, FleetCapacity fleet, DesktopsOptions options, CancellationToken cancel)
    {
        var drains = await db.Drains.AsNoTracking().OrderBy(d => d.Member).ToListAsync(cancel);
        if (drains.Count == 0)
            return [];
        var instances = await engine.InstancesAsync(cancel);
        var homes = await engine.HomesAsync(cancel);
        var moves = await db.Moves.AsNoTracking().ToDictionaryAsync(m => m.DesktopId, cancel);
        var used = (await door.OpenOnAsync("desktop", cancel)).Select(s => s.Target).ToHashSet();
        var desktops = await db.Desktops.AsNoTracking().Where(d => d.Wanted != Wanted.Deleted).ToListAsync(cancel);
        var taken = drains.Select(d => d.Member).Concat(members.Where(m => !m.IsOpen).Select(m => m.Name)).ToHashSet(StringComparer.Ordinal);
        var places = fleet.Members.Where(m => m.IsOnline && !taken.Contains(m.Name) && m.DiskUsedBytes < m.DiskBytes * FullestDisk)
            .Select(m => new Place(m.Name, FleetCapacity.BudgetOf([m.MemoryBytes / BytesPerMiB], options) - (m.PromisedBytes / BytesPerMiB))).ToList();
        return
        [
            .. drains.Select(drain => new DrainView(
                drain, members.Any(m => m.Name == drain.Member && m.Answers),
                DrainRules.Of(desktops.Where(d => IsOn(d, drain.Member)).Select(Placed), places, drain.Now))),
        ];

        // What is on its way counts where it was until nothing of it is left there.
        bool IsOn(Desktop desktop, string member) =>
            moves.GetValueOrDefault(desktop.Id) is { GivenUpAt: null } move ? move.From == member
            : instances.TryGetValue(desktop.Instance, out var at) ? at == member
            : desktop.HomeId is null && homes[desktop.HomeVolume].Contains(member, StringComparer.Ordinal);

        Placed Placed(Desktop desktop) => new(
            desktop.Id, desktop.State is DesktopState.Stopped ? 0 : SizeOf(desktop), used.Contains(desktop.Id), desktop.PoolId is not null, desktop.IsSpare,
            moves.GetValueOrDefault(desktop.Id) switch
            {
                null => MoveStanding.None,
                { GivenUpAt: null } => MoveStanding.UnderWay,
                _ => MoveStanding.GivenUp,
            });
    }

    private long SizeOf(Desktop desktop) => desktop.MemoryMiB ?? (catalog.Find(desktop.Bundle) is { } bundle ? MemorySize.MiB(bundle.Limits.Memory) : 0);
}
