using Microsoft.EntityFrameworkCore;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;

namespace Relais.Audience.Runs;

/// <summary>
/// Removes the results of a run that is neither proposed nor published: figures, curves and weights. The run itself stays, with the hashes of what it was made
/// of and of what came of it, so that the same can be computed again and its number is not given twice. The database refuses it for a run that counts.
/// </summary>
internal sealed class RemoveRun(AudienceDb db, TimeProvider clock)
{
    public async Task<StepResult> HandleAsync(Guid runId, Actor actor, string why, CancellationToken cancel)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        if (await db.Runs.AsNoTracking().SingleOrDefaultAsync(r => r.Id == runId, cancel) is not { } run)
            return StepResult.Missing;
        if (run.State != RunState.Done)
            return StepResult.WrongState;
        // Writes the wave's row as it is: whoever proposes this run in the same moment is told that they were overtaken.
        if (await db.Waves.Where(w => w.Id == run.WaveId && w.RunId != runId).ExecuteUpdateAsync(set => set.SetProperty(w => w.Name, w => w.Name), cancel) == 0)
            return StepResult.RunCounts;
        var now = clock.GetUtcNow();
        if (await db.Runs.Where(r => r.Id == runId && r.State == RunState.Done)
            .ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Removed).SetProperty(r => r.RemovedAt, now), cancel) == 0)
            return StepResult.WrongState;
        await db.Figures.Where(f => f.RunId == runId).ExecuteDeleteAsync(cancel);
        await db.Curves.Where(c => c.RunId == runId).ExecuteDeleteAsync(cancel);
        await db.Weights.Where(w => w.RunId == runId).ExecuteDeleteAsync(cancel);
        db.Audit(clock, actor, "run.removed", StartRun.Subject(runId), $"{run.Number}", new { wave = run.WaveId, result = run.ResultSha256, why });
        await db.SaveChangesAsync(cancel);
        await transaction.CommitAsync(cancel);
        return StepResult.Done;
    }
}
