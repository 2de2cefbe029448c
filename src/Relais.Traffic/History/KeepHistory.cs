using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Relais.Traffic.Collector;
using Relais.Traffic.Live;
using Relais.Traffic.Log;
using Relais.Traffic.Sites;

namespace Relais.Traffic.History;

/// <summary>
/// Each minute: writes what this node's log has of hours that are over into the history, then the place in the log. Files are named after the place where their records
/// begin: whoever dies in between writes the same ones again. Once a day it also keeps the history within its times.
/// </summary>
internal sealed class KeepHistory : BackgroundService
{
    public const string Reader = "history";

    private const long HourMs = 3_600_000;

    // What a block of the last second of an hour needs to be on disk.
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(10);
    private readonly CollectorLog _collector;
    private readonly FollowLog _live;
    private readonly NpgsqlDataSource _source;
    private readonly KeptHistory _kept;
    private readonly TimeProvider _clock;
    private readonly ILogger<KeepHistory> _log;
    private readonly ClosedHours _hours;
    private readonly SemaphoreSlim _one = new(1);
    private DateOnly _purged;
    private bool _failing;

    // End of the first hour that is over and not in the history, in milliseconds since 1970; 0 for none.
    private long _behindMs;

    public KeepHistory(CollectorLog collector, FollowLog live, NpgsqlDataSource source, KnownSites sites, KeptHistory kept, BeaconCounts counts, TimeProvider clock, ILogger<KeepHistory> log)
    {
        (_collector, _live, _source, _kept, _clock, _log, _hours) = (collector, live, source, kept, clock, log, new ClosedHours(sites));
        counts.Meter.CreateObservableGauge("relais.traffic.history.lag", () => Lag.TotalSeconds, "s", "How long the first hour that this node's history has not got is over");
    }

    /// <summary>How long the first hour that is not in the history is over; zero when all are there.</summary>
    public TimeSpan Lag => Volatile.Read(ref _behindMs) is > 0 and var behind ? _clock.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(behind) : TimeSpan.Zero;

    private bool IsBehind => Volatile.Read(ref _behindMs) > 0;

    /// <summary>Writes all hours that are over.</summary>
    public async Task LookAsync(CancellationToken cancel)
    {
        if (_collector.Open is not { } open)
            return;
        await _one.WaitAsync(cancel);
        try
        {
            var now = _clock.GetUtcNow();
            var over = (now - Margin).ToUnixTimeMilliseconds() / HourMs * HourMs;
            var places = new LogPlaces(_source, open.Id);
            await MeasureAsync(open, places, over, cancel);
            if (IsBehind)
                await _live.LookAsync(cancel);
            var counted = await CountedLog.OfAsync(_source, open, cancel);
            if (_kept.ClickHouse is { } clickHouse)
                await new FeedClickHouse(places, clickHouse, _hours).LookAsync(open.Id, counted, over, now, cancel);
            else
                await WriteFilesAsync(open.Id, counted, places, over, now, cancel);
            Volatile.Write(ref _behindMs, 0);

            if (_kept.DayOf(now) is var today && today != _purged)
            {
                await _kept.PurgeAsync(now, cancel);
                _purged = today;
            }
        }
        finally
        {
            _one.Release();
        }
    }

    public override void Dispose()
    {
        _one.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMinutes(1), _clock);
        try
        {
            // What is wrong with a connection string is said now, and not at the end of the first hour.
            if (_kept.ClickHouse is { } clickHouse)
                await TryAsync(clickHouse.OpenAsync, stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await TryAsync(LookAsync, stoppingToken);
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException && stoppingToken.IsCancellationRequested)
        {
            // The server stops; what was not written is looked at by the next one.
        }
    }

    private async Task TryAsync(Func<CancellationToken, Task> work, CancellationToken stop)
    {
        try
        {
            await work(stop);
            if (_failing)
                TrafficLog.HistoryGoesOn(_log);
            _failing = false;
        }
        catch (HistoryAwayException e)
        {
            // Once, and not each minute of a night.
            if (!_failing)
                TrafficLog.HistoryAway(_log, e.Message);
            _failing = true;
        }
        catch (Exception e) when (e is DbException or TimeoutException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            TrafficLog.HistoryUnwritten(_log, e);
            _failing = true;
        }
    }

    private async Task WriteFilesAsync(Guid log, CountedLog counted, LogPlaces places, long over, DateTimeOffset now, CancellationToken cancel)
    {
        await places.FollowAsync(Reader, FeedClickHouse.Reader, cancel);
        var (from, _) = await places.OfAsync(Reader, cancel);
        while (_hours.Read(counted, from, over) is var (rows, to) && to != from)
        {
            using (var writer = new HistoryWriter(_kept.Folder))
            {
                var name = string.Create(CultureInfo.InvariantCulture, $"log-{log:N}-{from.Sequence}");
                writer.Write(name, rows.Views);
                writer.Write(name, rows.Listens);
            }

            await places.KeepAsync(Reader, to, now, cancel);
            from = to;
        }
    }

    private async Task MeasureAsync(OpenLog open, LogPlaces places, long over, CancellationToken cancel)
    {
        var (from, _) = await places.OfAsync(_kept.ClickHouse is null ? Reader : FeedClickHouse.Reader, cancel);
        using var reader = new LogReader(open.Files, from);
        Volatile.Write(ref _behindMs, reader.TryRead(open.Log.End, out var block) && block.WrittenMs < over ? (block.WrittenMs / HourMs * HourMs) + HourMs : 0);
    }
}
