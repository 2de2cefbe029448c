using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Desktops.Bundles;
using Relais.Desktops.Capacity;
using Relais.Desktops.Engine;
using Relais.Desktops.Fleet;
using Relais.Desktops.Plans;
using Relais.Desktops.Pools;

namespace Relais.Desktops.Desktops;

/// <summary>
/// Brings the engine to what the rows say, whenever a row changes and every few seconds anyway. It keeps nothing that the rows
/// and the engine do not say, so it may be killed at any moment; names made from row ids keep two of them from doubling a desktop.
/// </summary>
internal sealed class Reconcile(
    IServiceScopeFactory scopes, NpgsqlDataSource source, DesktopsEngine engine, IOptions<DesktopsOptions> options, TimeProvider clock,
    ILogger<Reconcile> log) : BackgroundService
{
    public const string Channel = "relais_desktops";

    // A job's rows follow their desktops, which tell nobody when they are there.
    private static readonly TimeSpan WhileBusy = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<Guid, Task> _driven = new();

    // The machines that desktops on their way were given, until their instances say it.
    private readonly ConcurrentDictionary<Guid, string> _places = new();
    private readonly SemaphoreSlim _turns = new(options.Value.AtOnce);
    private DateTimeOffset _tended;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await source.OpenConnectionAsync(stoppingToken);
                await ListenAsync(connection, stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // Also a query that the server cancelled: only our own stop ends this.
                DesktopsLog.ReconcileFailed(log, e);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_driven.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        // One node reconciles. The lock ends with its connection; if a hung node comes back all the same, names and row
        // versions keep it from doing harm.
        await using (var take = new NpgsqlCommand("SELECT pg_try_advisory_lock(hashtext('relais.desktops.reconcile'))", connection))
        {
            if (await take.ExecuteScalarAsync(cancel) is not true)
            {
                await Task.Delay(options.Value.ReconcileEvery, clock, cancel);
                return;
            }
        }

        await using (var listen = new NpgsqlCommand($"LISTEN {Channel}", connection))
            await listen.ExecuteNonQueryAsync(cancel);

        while (true)
        {
            var next = await LookAsync(cancel);
            await connection.WaitAsync(next, cancel);
        }
    }

    /// <summary>Starts what there is to do; says when to look again at the latest.</summary>
    internal async Task<TimeSpan> LookAsync(CancellationToken cancel)
    {
        if (!await engine.ReadyAsync(cancel))
            return options.Value.ReconcileEvery;

        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
        var busy = await TendAsync(scope.ServiceProvider, cancel);
        // Before the engine is listed: what is done after that is counted as on its way.
        var driven = _driven.Keys.ToHashSet();
        // The engine is listed before the rows: an instance whose row is not there has truly no row.
        var instances = await engine.Instances.ListAsync(cancel);
        var rows = await db.Desktops.AsNoTracking().ToListAsync(cancel);

        var known = rows.Select(d => d.Id).ToHashSet();
        var orphans = instances.Where(i => i.Row is { } row && !known.Contains(row) && !i.IsAway).ToList();
        if (orphans.Count > 0)
        {
            // Before anything else: their addresses belong to whoever has the place now.
            await Task.WhenAll(orphans.Select(orphan => Drive(orphan.Row ?? Guid.Empty, () => RemoveOrphanAsync(orphan, cancel)))).WaitAsync(cancel);
            instances = await engine.Instances.ListAsync(cancel);
        }

        // Before one of another bundle starts.
        await engine.HoldRulesAsync(rows.Select(d => (d.Slot, d.Bundle)), cancel);
        var now = clock.GetUtcNow();
        var next = busy ? WhileBusy : options.Value.ReconcileEvery;
        var byRow = instances.ToLookup(i => i.Row);
        List<Desktop> due = [];
        foreach (var row in rows.Where(d => !IsAsWanted(d, byRow[d.Id].FirstOrDefault())))
        {
            if (row.NextAttemptAt is { } at && at > now)
                next = TimeSpan.FromTicks(Math.Min(next.Ticks, (at - now).Ticks + TimeSpan.TicksPerMillisecond));
            else if (!driven.Contains(row.Id))
                due.Add(row);
        }

        var (waiting, places) = await scope.ServiceProvider.GetRequiredService<AdmitDesktops>().HandleAsync(due, rows, byRow, driven, _places, cancel);
        foreach (var row in due.Where(d => !waiting.Contains(d.Id)))
        {
            var place = places.GetValueOrDefault(row.Id) is { Length: > 0 } member ? member : null;
            if (place is not null)
                _places[row.Id] = place;
            _ = Drive(row.Id, () => DriveAsync(row.Id, row.Wanted == Wanted.Running, place, cancel));
        }

        // Room that somebody leaves tells nobody, nor does one that was asked for otherwise while it was at work on.
        return (waiting.Count > 0 || driven.Count > 0) && next > WhileBusy ? WhileBusy : next;
    }

    // What time and people ask of many desktops goes into their rows first; the rest follows from there.
    private async Task<bool> TendAsync(IServiceProvider services, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (now - _tended >= options.Value.ReconcileEvery)
        {
            if (_tended == default)
                await services.GetRequiredService<BundleImages>().RegisterAsync(cancel);
            await services.GetRequiredService<TendFleet>().HandleAsync(cancel);
            _tended = now;
        }

        // Its steps become jobs, which the next line takes on.
        var plans = await services.GetRequiredService<WorkPlans>().HandleAsync(cancel);
        await services.GetRequiredService<TendPools>().HandleAsync(cancel);
        return await services.GetRequiredService<WorkJobs>().HandleAsync(cancel) || plans;
    }

    /// <summary>Whether row and engine both say what is wanted.</summary>
    private static bool IsAsWanted(Desktop desktop, Instance? instance) => instance is { IsAway: true }
        // Nothing can be done about one whose machine is away: who wants to work on it is told so, one that rests is left alone.
        ? desktop.Reached == desktop.Asked && desktop.Wanted is (Wanted.Frozen or Wanted.Stopped)
        : desktop.Reached == desktop.Asked && (instance is null || instance.Root == desktop.Root) && IsInState(desktop, instance);

    private static bool IsInState(Desktop desktop, Instance? instance) => desktop.Wanted switch
    {
        Wanted.Running => desktop.State == DesktopState.Running && instance is { Status: "Running", Prepared: true },
        Wanted.Frozen => desktop.State is DesktopState.Frozen or DesktopState.Stopped && instance is null or { Status: "Frozen" or "Stopped" },
        Wanted.Stopped => desktop.State == DesktopState.Stopped && instance is null or { Status: "Stopped" },
        Wanted.Archived => desktop.State == DesktopState.Stopped && instance is null,
        Wanted.Deleted => false,
    };

    private Task Drive(Guid row, Func<Task> work)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_driven.TryAdd(row, done.Task))
            return Task.CompletedTask;
        _ = Task.Run(async () =>
        {
            await _turns.WaitAsync();
            try
            {
                await work();
            }
            catch (Exception e) when (e is not OperationCanceledException)
            {
                DesktopsLog.DriveFailed(log, row, e);
            }
            catch (OperationCanceledException)
            {
                DesktopsLog.DriveStopped(log, row);
            }
            finally
            {
                _turns.Release();
                _places.TryRemove(row, out _);
                _driven.TryRemove(row, out _);
                done.SetResult();
            }
        });
        return done.Task;
    }

    private async Task DriveAsync(Guid row, bool admitted, string? member, CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DriveDesktop>().HandleAsync(row, admitted, member, cancel);
    }

    private async Task RemoveOrphanAsync(Instance orphan, CancellationToken cancel)
    {
        DesktopsLog.OrphanRemoved(log, orphan.Name);
        if (orphan.Status != "Stopped")
            await engine.Instances.StopAsync(orphan.Name, force: true, cancel);
        await engine.Instances.DeleteAsync(orphan.Name, cancel);
    }
}
