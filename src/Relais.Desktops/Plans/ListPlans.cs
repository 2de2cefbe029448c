using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Fleet;

namespace Relais.Desktops.Plans;

/// <summary>A plan with its latest run.</summary>
/// <param name="Pools">By pool, the groups that may use it.</param>
internal sealed record PlanView(
    ContinuityPlan Plan, IReadOnlyDictionary<Guid, string> Groups, IReadOnlyDictionary<Guid, Guid[]> Pools, RunView? Run)
{
    /// <summary>The names of a step's groups, or of those that may use its pool; those that are gone are left out.</summary>
    public IReadOnlyList<string> GroupsOf(PlanStep step) => [.. (step.Pool is { } pool ? Pools.GetValueOrDefault(pool, []) : step.Groups).Select(g => Groups.GetValueOrDefault(g)).OfType<string>()];
}

/// <summary>How far a run is.</summary>
internal sealed record RunView(PlanRun Run, IReadOnlyList<RunStepView> Steps)
{
    public int Total => Steps.Sum(s => s.Total);

    public int Over => Steps.Sum(s => s.Over);

    public int Failed => Steps.Sum(s => s.Counts.GetValueOrDefault(FleetRowState.Failed));

    /// <summary>Desktops of people that failed. Those of pools are tried again by themselves.</summary>
    public int Retriable => Steps.Where(s => s.Job is not null).Sum(s => s.Counts.GetValueOrDefault(FleetRowState.Failed));

    public int Done => Steps.Sum(s => s.Counts.GetValueOrDefault(FleetRowState.Done));

    /// <summary>Whether what failed may be tried again; a run that was stopped stays so.</summary>
    public bool MayRetry => Retriable > 0 && Run.StoppedBy is null;

    public RunState State => Run switch
    {
        { FinishedAt: null, StoppedBy: not null } => RunState.Stopping,
        { FinishedAt: null } => Steps.Any(s => s.Step.Step.Pool is not null) && Steps.All(s => s.IsOver) ? RunState.Holding : RunState.Working,
        _ when Failed > 0 => RunState.WithFailures,
        { StoppedBy: not null } => RunState.Stopped,
        _ => RunState.Done,
    };
}

/// <param name="Job">Null before it has begun, and when there was nobody to start for.</param>
/// <param name="Lines">Its desktops; empty where only counts were asked for.</param>
internal sealed record RunStepView(PlanRunStep Step, FleetJob? Job, IReadOnlyDictionary<FleetRowState, int> Counts, IReadOnlyList<JobLine> Lines)
{
    public bool IsOver => Step.BegunAt is not null && (Step.Step.Pool is null ? Job is null or { FinishedAt: not null } : Step.ReachedAt is not null);

    public int Total => Counts.Values.Sum();

    public int Over => Counts.Where(c => c.Key is not (FleetRowState.Waiting or FleetRowState.Doing)).Sum(c => c.Value);
}

/// <summary>How a run stands, in a word.</summary>
public enum RunState
{
    Working,

    /// <summary>All that it asks for is there, and desktops of pools are kept ready until it is stopped.</summary>
    Holding,
    Stopping,
    Stopped,
    WithFailures,
    Done,
}

/// <summary>Plans, and what came of them when they were started.</summary>
internal sealed class ListPlans(DesktopsDb db, ListJobs jobs, Groups groups)
{
    private const int MostRuns = 20;

    public async Task<IReadOnlyList<PlanView>> AllAsync(CancellationToken cancel)
    {
        var plans = await db.Plans.AsNoTracking().ToListAsync(cancel);
        var names = (await groups.AllAsync(cancel)).ToDictionary(g => g.Id, g => g.Name);
        var pools = await db.Pools.AsNoTracking().ToDictionaryAsync(p => p.Id, p => p.Groups, cancel);
        List<PlanView> found = [];
        foreach (var plan in plans.OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase))
            found.Add(new PlanView(plan, names, pools, await RunsAsync(plan.Id, 1, cancel) is [var latest] ? latest : null));
        return found;
    }

    /// <summary>With the lines of its latest run.</summary>
    public async Task<PlanView?> FindAsync(Guid id, CancellationToken cancel)
    {
        if (await db.Plans.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } plan)
            return null;
        var names = (await groups.AllAsync(cancel)).ToDictionary(g => g.Id, g => g.Name);
        var pools = await db.Pools.AsNoTracking().ToDictionaryAsync(p => p.Id, p => p.Groups, cancel);
        var latest = await db.PlanRuns.AsNoTracking().Where(r => r.PlanId == id).OrderByDescending(r => r.AskedAt).Select(r => (Guid?)r.Id).FirstOrDefaultAsync(cancel);
        return new PlanView(plan, names, pools, latest is { } run ? await RunAsync(run, cancel) : null);
    }

    /// <summary>Ids of plans by name, capitals aside.</summary>
    public Task<Guid?> ByNameAsync(string name, CancellationToken cancel)
    {
        var normalized = ContinuityPlan.Normalize(name);
        return db.Plans.Where(p => p.NormalizedName == normalized).Select(p => (Guid?)p.Id).SingleOrDefaultAsync(cancel);
    }

    /// <summary>The latest runs of a plan, with counts alone.</summary>
    public Task<IReadOnlyList<RunView>> RunsAsync(Guid plan, CancellationToken cancel) => RunsAsync(plan, MostRuns, cancel);

    /// <summary>One run with its desktops.</summary>
    public async Task<RunView?> RunAsync(Guid id, CancellationToken cancel)
    {
        if (await db.PlanRuns.AsNoTracking().Include(r => r.Steps.OrderBy(s => s.Number)).SingleOrDefaultAsync(r => r.Id == id, cancel) is not { } run)
            return null;
        var pools = await PoolSteps.StandingAsync(db, run.Steps.Select(s => s.Step), cancel);
        List<RunStepView> steps = [];
        foreach (var step in run.Steps)
        {
            var job = step.JobId is { } begun ? await jobs.FindAsync(begun, cancel) : null;
            steps.Add(new RunStepView(step, job?.Job, job?.Counts ?? PoolCounts(run, step, pools), job?.Lines ?? []));
        }

        return new RunView(run, steps);
    }

    private async Task<IReadOnlyList<RunView>> RunsAsync(Guid plan, int most, CancellationToken cancel)
    {
        var runs = await db.PlanRuns.AsNoTracking().Include(r => r.Steps.OrderBy(s => s.Number)).Where(r => r.PlanId == plan)
            .OrderByDescending(r => r.AskedAt).Take(most).ToListAsync(cancel);
        var ids = runs.SelectMany(r => r.Steps).Select(s => s.JobId).OfType<Guid>().ToArray();
        var found = await db.Jobs.AsNoTracking().Where(j => ids.Contains(j.Id)).ToDictionaryAsync(j => j.Id, cancel);
        var counts = (await db.JobRows.Where(r => ids.Contains(r.JobId)).GroupBy(r => new { r.JobId, r.State })
            .Select(g => new { g.Key.JobId, g.Key.State, Count = g.Count() }).ToListAsync(cancel)).ToLookup(c => c.JobId);
        var pools = await PoolSteps.StandingAsync(db, runs.SelectMany(r => r.Steps).Select(s => s.Step), cancel);
        return
        [
            .. runs.Select(r => new RunView(r,
            [
                .. r.Steps.Select(s => new RunStepView(
                    s, found.GetValueOrDefault(s.JobId ?? Guid.Empty),
                    s.JobId is { } job ? counts[job].ToDictionary(c => c.State, c => c.Count) : PoolCounts(r, s, pools), [])),
            ])),
        ];
    }

    private static IReadOnlyDictionary<FleetRowState, int> PoolCounts(PlanRun run, PlanRunStep step, IReadOnlyDictionary<Guid, HeldPool> pools) =>
        step.Step.Pool is { } pool ? PoolSteps.CountsOf(run, step, pools.GetValueOrDefault(pool)) : new Dictionary<FleetRowState, int>();
}
