using Microsoft.EntityFrameworkCore;
using Relais.Audience.Inputs;

namespace Relais.Audience.Runs;

/// <summary>Takes a run from the queue and computes it from what the rows hold.</summary>
internal static class RunQueue
{
    /// <returns>Null when somebody else took it, or it is not there.</returns>
    public static async Task<Run?> ClaimAsync(AudienceDb db, Guid id, TimeProvider clock, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var claimed = await db.Runs.Where(r => r.Id == id && r.State == RunState.Queued).ExecuteUpdateAsync(set => set
            .SetProperty(r => r.State, RunState.Running).SetProperty(r => r.StartedAt, now).SetProperty(r => r.Attempt, r => r.Attempt + 1), cancel);
        return claimed == 0 ? null : await db.Runs.AsNoTracking().SingleAsync(r => r.Id == id, cancel);
    }

    public static async Task<RunOutcome> ComputeAsync(AudienceDb db, Run run, Action<RunStep> begin, CancellationToken cancel)
    {
        begin(RunStep.Reading);
        var respondents = await KeptInput.ReadAsync(db, run.RespondentsId, cancel);
        var listening = await KeptInput.ReadAsync(db, run.ListeningId, cancel);
        return ComputeRun.From(run.Id, RunSettings.Parse(run.Settings), KeptInput.Opener(respondents), KeptInput.Opener(listening), begin, cancel);
    }
}
