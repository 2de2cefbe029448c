using Microsoft.EntityFrameworkCore;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;

namespace Relais.Desktops.Plans;

/// <summary>A pool as a step that keeps desktops of it ready finds it.</summary>
/// <param name="Most">How many it may have.</param>
/// <param name="Started">Those that somebody has or that run and wait for somebody.</param>
/// <param name="Failed">Those whose start failed until people would be told.</param>
internal sealed record HeldPool(int Most, int Started, int Failed);

/// <summary>
/// Steps that keep desktops of a pool ready. Such a step is a demand and no job: the pool sees it for as long as the run is open, so that a server that
/// dies in between begins nothing twice, and a run that is stopped leaves the pool to its own hours.
/// </summary>
internal static class PoolSteps
{
    /// <summary>How many desktops of each pool are to be started, in use or ready, because plans that run want so.</summary>
    public static async Task<IReadOnlyDictionary<Guid, int>> HeldAsync(DesktopsDb db, CancellationToken cancel)
    {
        var steps = await db.PlanRunSteps.AsNoTracking()
            .Where(s => s.BegunAt != null && db.PlanRuns.Any(r => r.Id == s.RunId && r.FinishedAt == null && r.StoppedBy == null)).ToListAsync(cancel);
        return steps.Where(s => s.Step.Pool is not null).GroupBy(s => s.Step.Pool ?? Guid.Empty).ToDictionary(g => g.Key, g => g.Max(s => s.Step.Ready));
    }

    /// <summary>The pools that there are, of these.</summary>
    public static async Task<IReadOnlyDictionary<Guid, HeldPool>> StandingAsync(DesktopsDb db, IEnumerable<PlanStep> steps, CancellationToken cancel)
    {
        var ids = steps.Select(s => s.Pool).OfType<Guid>().Distinct().ToArray();
        if (ids.Length == 0)
            return new Dictionary<Guid, HeldPool>();
        var most = await db.Pools.AsNoTracking().Where(p => ids.Contains(p.Id)).Select(p => new { p.Id, p.Most }).ToListAsync(cancel);
        var members = await db.Desktops.AsNoTracking().Where(d => d.PoolId != null && ids.Contains(d.PoolId.Value) && d.Wanted != Wanted.Deleted).ToListAsync(cancel);
        return most.ToDictionary(p => p.Id, p => new HeldPool(
            p.Most,
            members.Count(m => m.PoolId == p.Id && (!m.IsSpare || m.State == DesktopState.Running)),
            members.Count(m => m.PoolId == p.Id && m is { IsSpare: true, State: DesktopState.Failed, Attempts: >= FleetProgress.PatientAttempts })));
    }

    /// <summary>Whether all that it asks for are there or failed. Pure.</summary>
    /// <param name="pool">Null when it is gone.</param>
    public static bool IsReached(PlanStep step, HeldPool? pool) =>
        pool is null || pool.Started + pool.Failed >= Math.Min(step.Ready, pool.Most);

    /// <summary>Its desktops by how far they are. Pure.</summary>
    public static IReadOnlyDictionary<FleetRowState, int> CountsOf(PlanRun run, PlanRunStep step, HeldPool? pool)
    {
        if (step.BegunAt is null)
            return new Dictionary<FleetRowState, int>();
        var wanted = step.Step.Ready;
        // Over, they are the pool's again: what counts is how it was.
        var done = Math.Min(wanted, run.FinishedAt is null ? pool?.Started ?? 0 : step.Started);
        var rest = wanted - done;
        var failed = run.FinishedAt is null ? Math.Min(rest, pool is null ? rest : pool.Failed) : step.ReachedAt is null ? 0 : rest;
        var left = run is { FinishedAt: null, StoppedBy: null } ? FleetRowState.Doing : FleetRowState.LeftOut;
        return new (FleetRowState State, int Count)[] { (FleetRowState.Done, done), (FleetRowState.Failed, failed), (left, rest - failed) }
            .Where(c => c.Count > 0).ToDictionary(c => c.State, c => c.Count);
    }
}
