using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Relais.Audience.Runs;

/// <summary>
/// Computes the runs that were asked for, one after another, on one node. It keeps nothing that the rows do not say: killed in the midst of a run, the
/// next to take the lock starts that run again, and whoever was thought dead can't write any more, because each try has its number.
/// </summary>
internal sealed class RunWorker(IServiceScopeFactory scopes, NpgsqlDataSource source, TimeProvider clock, ILogger<RunWorker> log) : BackgroundService
{
    public const string Channel = "relais_audience_runs";
    private const int MostAttempts = 3;
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WatchEvery = TimeSpan.FromMilliseconds(200);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stoppingToken);
                await LeadAsync(connection, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                AudienceLog.WorkerFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task LeadAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // One node computes. The lock ends with its connection, however its process ends.
        await using (var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('relais.audience.runs'))", connection))
        {
            if (await take.ExecuteScalarAsync(cancel) is not true)
            {
                await Task.Delay(LookEvery, clock, cancel);
                return;
            }
        }

        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancel);
        await ResumeAsync(cancel);
        while (true)
        {
            while (await ClaimAsync(connection, cancel) is { } run)
                await RunAsync(run, connection, cancel);
            await connection.WaitAsync(LookEvery, cancel);
        }
    }

    /// <summary>What was under way when its server died is started again, and given up when that happens too often.</summary>
    private async Task ResumeAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AudienceDb>();
        foreach (var run in await db.Runs.AsNoTracking().Where(r => r.State == RunState.Running).ToListAsync(cancel))
        {
            AudienceLog.RunResumed(log, run.Id, run.Attempt);
            if (run.Attempt >= MostAttempts)
                await SaveRun.FailedAsync(db, run, run.Attempt, [new RunFault("interrupted", $"{run.Attempt}")], clock, cancel);
            else
                await SaveRun.Ours(db, run.Id, run.Attempt).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Queued).SetProperty(r => r.Step, RunStep.Waiting), cancel);
        }
    }

    // Over the connection that holds the lock: whoever has lost it claims nothing any more.
    private async Task<Run?> ClaimAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AudienceDb>();
        db.Database.SetDbConnection(connection, contextOwnsConnection: false);
        var next = await db.Runs.AsNoTracking().Where(r => r.State == RunState.Queued).OrderBy(r => r.RequestedAt).Select(r => r.Id).FirstOrDefaultAsync(cancel);
        return await RunQueue.ClaimAsync(db, next, clock, cancel);
    }

    private async Task RunAsync(Run run, NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AudienceDb>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var step = new StepShown();
        var work = Task.Run(() => ComputeAsync(run, step, stop.Token), CancellationToken.None);
        try
        {
            await WatchAsync(db, run, work, step, connection, stop);
            switch (await work)
            {
                case RunOutcome.Computed results:
                    await SaveRun.DoneAsync(db, run, run.Attempt, results, clock, cancel);
                    break;
                case RunOutcome.Refused refused:
                    await SaveRun.FailedAsync(db, run, run.Attempt, refused.Faults, clock, cancel);
                    break;
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            var now = clock.GetUtcNow();
            await SaveRun.Ours(db, run.Id, run.Attempt).ExecuteUpdateAsync(set => set.SetProperty(r => r.State, RunState.Cancelled).SetProperty(r => r.FinishedAt, now), cancel);
        }
        catch (Exception e) when (!cancel.IsCancellationRequested && work.IsFaulted)
        {
            // A fault of ours, not of the data: the log has it, the run says where to look.
            AudienceLog.RunFailed(log, run.Id, e);
            await SaveRun.FailedAsync(db, run, run.Attempt, [new RunFault("unexpected", $"{run.Id}")], clock, cancel);
        }
        finally
        {
            await stop.CancelAsync();
            await work.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private async Task<RunOutcome> ComputeAsync(Run run, StepShown step, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AudienceDb>();
        return await RunQueue.ComputeAsync(db, run, next => step.Now = next, cancel);
    }

    /// <summary>While it computes: shows how far it is, and stops it when that is asked. A connection that breaks ends this, and with it the lock.</summary>
    private static async Task WatchAsync(AudienceDb db, Run run, Task work, StepShown step, NpgsqlConnection connection, CancellationTokenSource stop)
    {
        var shown = RunStep.Waiting;
        while (!work.IsCompleted)
        {
            if (step.Now is var now && now != shown)
            {
                await SaveRun.Ours(db, run.Id, run.Attempt).ExecuteUpdateAsync(set => set.SetProperty(r => r.Step, now), stop.Token);
                shown = now;
            }

            await connection.WaitAsync(WatchEvery, stop.Token);
            if (!work.IsCompleted && await db.Runs.AnyAsync(r => r.Id == run.Id && (r.CancelAsked || r.Attempt != run.Attempt), stop.Token))
                await stop.CancelAsync();
        }
    }

    private sealed class StepShown
    {
        private volatile int _now;

        public RunStep Now
        {
            get => (RunStep)_now;
            set => _now = (int)value;
        }
    }
}
