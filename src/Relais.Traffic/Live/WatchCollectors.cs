using System.Data.Common;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Portal.Kit;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Live;

/// <summary>On a node that collects nothing: each second the collectors' pictures, put together, so that its wall shows the whole as theirs do.</summary>
internal sealed class WatchCollectors(
    NpgsqlDataSource source, KnownSites sites, LiveFigures figures, IOptions<PlaceOptions> place, IOptions<TrafficOptions> options, TimeProvider clock, ILogger<WatchCollectors> log)
    : BackgroundService
{
    private readonly LiveWhole _whole = new();
    private bool _begun;
    private bool _failing;

    public async Task LookAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        if (!_begun)
            await CommitFigures.AddDayOfAllAsync(source, ShownDay.Of(place.Value, now).From, _whole, cancel);
        _begun = true;
        var pictures = await CollectorTurn.PicturesAsync(source, Guid.Empty, cancel);
        figures.Publish(LiveFigures.Of(_whole.Add(pictures, Guid.Empty), now.ToUnixTimeMilliseconds(), sites.Called));
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Collect)
            return;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1), clock);
        using var stopped = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                await LookAsync(stoppingToken);
                _failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is DbException or TimeoutException or IOException or InvalidOperationException)
            {
                if (!_failing)
                    TrafficLog.CollectorsUnread(log, e);
                _failing = true;
            }
        }
    }
}
