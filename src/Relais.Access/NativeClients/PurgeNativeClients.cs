using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Relais.Access.SignIns;

namespace Relais.Access.NativeClients;

/// <summary>Forgets native clients some time after they ended, and forms that nobody came back for. What they did stays in the audit trail.</summary>
internal sealed class PurgeNativeClients(
    IServiceScopeFactory scopes, IOptions<NativeClientOptions> options, TimeProvider clock, ILogger<PurgeNativeClients> log) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromHours(1);

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
                log.PurgeFailed(e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // On every node: who comes second finds nothing. The client goes with its sign-in.
    internal async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AccessDb>();
        var ended = clock.GetUtcNow() - options.Value.KeepEnded;
        var (idle, old) = (ended - options.Value.IdleLife, ended - options.Value.Life);
        await KeptForms.KeepForm.ForgetOldAsync(db, clock.GetUtcNow(), cancel);
        await db.SignIns
            .Where(s => s.Method == SignInMethod.NativeClient && (s.RevokedAt < ended || s.LastSeenAt < idle || s.CreatedAt < old))
            .ExecuteDeleteAsync(cancel);
    }
}
