using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Gateway.Contracts;

namespace Relais.Desktops.Workstations;

/// <summary>
/// Once a minute, on one node at a time: knocks at enabled workstations, ends sessions of people who may not have them any more, and
/// forgets accounts that were not used.
/// </summary>
internal sealed class ProbeWorkstations(
    IServiceScopeFactory scopes, NpgsqlDataSource database, IOptions<WorkstationOptions> options, TimeProvider clock, ILogger<ProbeWorkstations> log)
    : BackgroundService
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
                DesktopsLog.ProbeFailed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await Task.Delay(options.Value.ProbeEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One round; does nothing, and says so, while another one is at it.</summary>
    internal async Task<bool> LookAsync(CancellationToken cancel)
    {
        await using var connection = await database.OpenConnectionAsync(cancel);
        await using var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('relais.desktops.probe'))", connection);
        if (await take.ExecuteScalarAsync(cancel) is not true)
            return false;
        try
        {
            await WithdrawAsync(cancel);
            var ids = await DueAsync(cancel);
            var limit = new ParallelOptions { MaxDegreeOfParallelism = options.Value.ProbesAtOnce, CancellationToken = cancel };
            await Parallel.ForEachAsync(ids, limit, async (id, stop) => await KnockAsync(id, stop));
            return true;
        }
        finally
        {
            await using var give = new NpgsqlCommand("SELECT pg_advisory_unlock(hashtext('relais.desktops.probe'))", connection);
            await give.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    // Somebody left a group, or a time is over: no change of the workstation itself tells.
    private async Task WithdrawAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (door, allowed) = (scope.ServiceProvider.GetRequiredService<SessionDoor>(), scope.ServiceProvider.GetRequiredService<AllowedWorkstations>());
        foreach (var person in (await door.OpenOnAsync(EditWorkstations.TargetKind, cancel)).GroupBy(open => open.Person))
        {
            var still = (await allowed.OfAsync(person.Key, cancel)).Select(w => w.Id).ToHashSet();
            foreach (var open in person.Where(open => !still.Contains(open.Target)))
                await door.EndAsync(open.Session, "AccessWithdrawn", cancel);
        }
    }

    private async Task<List<Guid>> DueAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
        var oldest = clock.GetUtcNow() - options.Value.AccountTime;
        await db.WorkstationAccounts.Where(a => a.SignInId != Guid.Empty && a.GivenAt < oldest).ExecuteDeleteAsync(cancel);
        // A VNC server (RealVNC, TigerVNC) counts a connection that does not sign in as an attack, and after five of them shuts this server out for
        // longer and longer. So one that answered is left alone until somebody opens it.
        return await db.Workstations.Where(w => w.Enabled && (w.Protocol != TargetProtocol.Vnc || w.Reach != Reach.Answers)).Select(w => w.Id).ToListAsync(cancel);
    }

    private async Task KnockAsync(Guid id, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
        if (await db.Workstations.SingleOrDefaultAsync(w => w.Id == id && w.Enabled, cancel) is { } workstation)
            await scope.ServiceProvider.GetRequiredService<KnockAtWorkstation>().HandleAsync(workstation, cancel);
    }
}
