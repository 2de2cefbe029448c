using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Kernel.Audit;

namespace Relais.Access.Directories;

/// <summary>Brings people in line with the directory when it is time. On every node: who takes the turn in the database has it.</summary>
internal sealed class SyncOnSchedule(IServiceScopeFactory scopes, TimeProvider clock, ILogger<SyncOnSchedule> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                log.DirectoryFailed(e);
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>What came of it; null when it was not time.</returns>
    internal async Task<SyncOutcome?> LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccessDb>();
        var now = clock.GetUtcNow();
        var turn = await db.Database.ExecuteSqlAsync(
            $"UPDATE access.directory SET next_at = {now} + every_minutes * interval '1 minute' WHERE every_minutes > 0 AND (next_at IS NULL OR next_at <= {now})", cancel);
        return turn == 0 ? null : await scope.ServiceProvider.GetRequiredService<SyncDirectory>().HandleAsync(mark: null, force: false, Actor.System, cancel);
    }
}
