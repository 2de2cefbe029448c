using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Relais.Desktops.Pools;

/// <summary>Looks every few seconds whether people may still use the desktops of pools that they have: nobody tells when they leave a group.</summary>
internal sealed class WatchPoolRights(IServiceScopeFactory scopes, IOptions<PoolOptions> options, TimeProvider clock, ILogger<WatchPoolRights> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RightsEvery, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAsync(stoppingToken);
        }
        catch (Exception e) when (stoppingToken.IsCancellationRequested && e is OperationCanceledException or ObjectDisposedException)
        {
            // The server stops, and what it looked with may be gone before.
        }
    }

    private async Task TryAsync(CancellationToken stop)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<WithdrawMembers>().HandleAsync(stop);
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            // The database may be away for a moment: the next look catches up.
            DesktopsLog.PoolRightsFailed(log, e);
        }
    }
}
