using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Desktops.Fleet;

namespace Relais.Desktops.Plans;

/// <summary>A plan with its latest run.</summary>
internal sealed record PlanView(ContinuityPlan Plan, IReadOnlyDictionary<Guid, string> Groups, RunView? Run)
{
    /// <summary>The names of a step's groups; those that are gone are left out.</summary>
    public IReadOnlyList<string> GroupsOf(PlanStep step) => [.. step.Groups.Select(g => Groups.GetValueOrDefault(g)).OfType<string>()];
}

/// <summary>How far a run is.</summary>
internal sealed record RunView(PlanRun Run, IReadOnlyList<RunStepView> Steps)
{
    public int Total => Steps.Sum(s => s.Total);

    public int Over => Steps.Sum(s => s.Over);

    public int Failed => Steps.Sum(s => s.Counts.GetValueOrDefault(FleetRowState.Failed));

    public int Done => Steps.Sum(s => s.Counts.GetValueOrDefault(FleetRowState.Done));

    /// <summary>Whether what failed may be tried again; a run that was stopped stays so.</summary>
    public bool MayRetry => Failed > 0 && Run.StoppedBy is null;

    public RunState State => Run switch
    {
        { FinishedAt: null, StoppedBy: not null } => RunState.Stopping,
        { FinishedAt: null } => RunState.Working,
        _ when Failed > 0 => RunState.WithFailures,
        { StoppedBy: not null } => RunState.Stopped,
        _ => RunState.Done,
    };
}

/// <param name="Job">Null before it has begun, and when there was nobody to start for.</param>
/// <param name="Lines">Its desktops; empty where only counts were asked for.</param>
internal sealed record RunStepView(PlanRunStep Step, FleetJob? Job, IReadOnlyDictionary<FleetRowState, int> Counts, IReadOnlyList<JobLine> Lines)
{
    public int Total => Counts.Values.Sum();

    public int Over => Counts.Where(c => c.Key is not (FleetRowState.Waiting or FleetRowState.Doing)).Sum(c => c.Value);
}

/// <summary>How a run stands, in a word.</summary>
public enum RunState
{
    Working,
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
        List<PlanView> found = [];
        foreach (var plan in plans.OrderBy(p => p.Name, StringComparer.CurrentCultureIgnoreCase))
            found.Add(new PlanView(plan, names, await RunsAsync(plan.Id, 1, cancel) is [var latest] ? latest : null));
        return found;
    }

    /// <summary>With the lines of its latest run.</summary>
    public async Task<PlanView?> FindAsync(Guid id, CancellationToken cancel)
    {
        if (await db.Plans.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancel) is not { } plan)
            return null;
        var names = (await groups.AllAsync(cancel)).ToDictionary(g => g.Id, g => g.Name);
        var latest = await db.PlanRuns.AsNoTracking().Where(r => r.PlanId == id).OrderByDescending(r => r.AskedAt).Select(r => (Guid?)r.Id).FirstOrDefaultAsync(cancel);
        return new PlanView(plan, names, latest is { } run ? await RunAsync(run, cancel) : null);
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
        List<RunStepView> steps = [];
        foreach (var step in run.Steps)
        {
            var job = step.JobId is { } begun ? await jobs.FindAsync(begun, cancel) : null;
            steps.Add(new RunStepView(step, job?.Job, job?.Counts ?? new Dictionary<FleetRowState, int>(), job?.Lines ?? []));
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
        return
        [
            .. runs.Select(r => new RunView(r,
            [
                .. r.Steps.Select(s => new RunStepView(
                    s, found.GetValueOrDefault(s.JobId ?? Guid.Empty), counts[s.JobId ?? Guid.Empty].ToDictionary(c => c.State, c => c.Count), [])),
            ])),
        ];
    }
}
