using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Audience.Waves;
using Relais.Kernel.Audit;

namespace Relais.Audience.Runs;

/// <summary>
/// Now and then removes the results of old runs that nobody published: never those that are proposed or published, nor the last ones of a wave that is not
/// published yet. Several nodes may look at once: each removal is a transaction of its own, and who comes second finds it done.
/// </summary>
internal sealed class RemoveOldRuns(IServiceScopeFactory scopes, IOptions<RunOptions> options, TimeProvider clock, ILogger<RemoveOldRuns> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                AudienceLog.RemovalFailed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.LookEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round.</summary>
    /// <returns>How many runs lost their results.</returns>
    internal async Task<int> LookAsync(CancellationToken cancel)
    {
        if (options.Value.KeepDays == 0)
            return 0;
        var oldest = clock.GetUtcNow() - TimeSpan.FromDays(options.Value.KeepDays);
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AudienceDb>();
        var due = await db.Runs.AsNoTracking()
            .Where(r => r.State == RunState.Done && r.FinishedAt < oldest && db.Waves.Any(w => w.Id == r.WaveId && w.RunId != r.Id
                && (w.State == WaveState.Published || db.Runs.Any(o => o.WaveId == r.WaveId && o.State == RunState.Done && o.Number > r.Number))))
            .OrderBy(r => r.FinishedAt).Select(r => r.Id).ToListAsync(cancel);
        // Waves have copies of those that they took.
        await db.FieldInterviews.Where(i => i.CompletedAt < oldest).ExecuteDeleteAsync(cancel);
        var removed = 0;
        foreach (var run in due)
        {
            var result = await scope.ServiceProvider.GetRequiredService<RemoveRun>().HandleAsync(run, Actor.System, "its time is over", cancel);
            removed += result == StepResult.Done ? 1 : 0;
        }

        return removed;
    }
}
