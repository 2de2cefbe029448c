using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Kernel.Audit;

namespace Relais.Desktops.Fleet;

/// <summary>What came of asking for an action.</summary>
/// <param name="Job">What to follow; null when it was refused.</param>
/// <param name="Reason">Why it was refused, as a key that pages put into words.</param>
internal readonly record struct FleetAsked(Guid? Job, string? Reason);

/// <summary>Somebody wants an action for one or many desktops: a job with a row for each, which the reconciler takes up.</summary>
internal sealed class AskFleet(DesktopsDb db, BundleCatalog catalog, MyDesktop desktops, TimeProvider clock)
{
    private const int SmallestMemoryMiB = 256;
    private const int LargestMemoryMiB = 1024 * 1024;
    private const int MostCpus = 128;

    public async Task<FleetAsked> HandleAsync(FleetAction action, FleetArguments arguments, IReadOnlyCollection<Guid> chosen, Actor actor, CancellationToken cancel)
    {
        if (chosen.Count == 0)
            return new FleetAsked(null, "none-chosen");
        if (FaultOf(action, arguments) is { } fault)
            return new FleetAsked(null, fault);
        var ids = chosen.Distinct().ToArray();
        var found = await db.Desktops.AsNoTracking().Where(d => ids.Contains(d.Id)).Select(d => new { d.Id, d.PersonId }).ToListAsync(cancel);
        if (found.Count == 0)
            return new FleetAsked(null, "none-chosen");

        var job = FleetJob.Of(action, arguments, found.Select(d => (d.Id, d.PersonId)), actor, clock.GetUtcNow());
        db.Jobs.Add(job);
        await db.SaveChangesAsync(cancel);
        await desktops.TellAsync(cancel);
        return new FleetAsked(job.Id, null);
    }

    /// <summary>Leaves undone what a job has not begun yet.</summary>
    /// <returns>Whether there is such a job.</returns>
    public async Task<bool> StopAsync(Guid job, CancellationToken cancel)
    {
        var found = await db.Jobs.Where(j => j.Id == job).ExecuteUpdateAsync(set => set.SetProperty(j => j.StopAsked, true), cancel);
        await desktops.TellAsync(cancel);
        return found > 0;
    }

    private string? FaultOf(FleetAction action, FleetArguments arguments) => action switch
    {
        FleetAction.Move when arguments.Bundle is not { Length: > 0 } bundle || catalog.Find(bundle) is null => FleetRules.UnknownBundle,
        FleetAction.Resize when arguments.MemoryMiB is < SmallestMemoryMiB or > LargestMemoryMiB || arguments.Cpu is < 1 or > MostCpus => "size",
        FleetAction.Resize when arguments.Sizes is { } sizes && sizes.Values.Any(s => s is < SmallestMemoryMiB or > LargestMemoryMiB) => "size",
        FleetAction.Tag or FleetAction.Untag when DesktopTags.Read(arguments.Tag) is null => FleetRules.NoTag,
        _ => null,
    };
}
