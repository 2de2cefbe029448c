using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Dialling;

/// <summary>
/// Calls the waves that are called by themselves. Each node does so for the interviewers whose headsets are connected at it; the row of a wave's dialler is the lock
/// between them, and the ledger is one. Woken by what happens on the lines, it looks at the rows: a signal that is lost costs a second.
/// </summary>
internal sealed class RunDiallers(IServiceScopeFactory scopes, DiallerSignals signals, TimeProvider clock, ILogger<RunDiallers> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(1);

    private readonly Dictionary<int, Campaign> _campaigns = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await signals.WokenAsync(LookEvery, clock, stoppingToken);
                await LookAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                // The database may be away for a moment: the next look catches up.
                FieldworkLog.DiallerFailed(log, e);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task LookAsync(CancellationToken cancel)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<FieldworkDb>();
        var seats = await db.DialSeats.AsNoTracking().ToListAsync(cancel);
        var dialled = await db.DialledCalls.AsNoTracking().ToListAsync(cancel);
        var ids = seats.Select(s => s.WaveId).Concat(dialled.Select(d => d.WaveId)).Concat(_campaigns.Keys).ToHashSet();
        if (ids.Count == 0)
            return;
        var waves = await db.Waves.AsNoTracking().Where(w => ids.Contains(w.Id)).OrderBy(w => w.Priority).ThenBy(w => w.Id).ToListAsync(cancel);
        var look = scope.ServiceProvider.GetRequiredService<DialWave>();
        foreach (var wave in waves)
        {
            if (!_campaigns.TryGetValue(wave.Id, out var campaign))
                _campaigns[wave.Id] = campaign = new Campaign();
            await look.HandleAsync(wave, campaign, [.. seats.Where(s => s.WaveId == wave.Id)], [.. dialled.Where(d => d.WaveId == wave.Id)], cancel);
            if (wave.State is WaveState.Closed && !dialled.Exists(d => d.WaveId == wave.Id))
                _campaigns.Remove(wave.Id);
        }
    }
}
