using System.Data.Common;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Portal.Kit;
using Relais.Traffic.Collector;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Sites;

namespace Relais.Traffic.Live;

/// <summary>
/// Each second, in this collector's turn: reads what its log has on disk, counts it, stores figures and place together, and shows all collectors' figures; twice a second
/// where there are others. While PostgreSQL is away it goes on reading and showing its own; what is not stored stays in memory and the log, and is stored as one when it is back.
/// </summary>
internal sealed class FollowLog(
    CollectorLog collector, NpgsqlDataSource source, KnownSites sites, LiveFigures figures, CollectorSignals signals, IOptions<PlaceOptions> place, IOptions<TrafficOptions> options,
    TimeProvider clock, ILogger<FollowLog> log) : BackgroundService
{
    // The other collectors wait meanwhile.
    private const int MostInTurn = 500_000;
    private static readonly TimeSpan HalfSecond = TimeSpan.FromMilliseconds(500);

    private readonly SemaphoreSlim _one = new(1);
    private readonly LiveWhole _whole = new();
    // Written in a transaction whose commit was not answered.
    private readonly List<LiveBatch> _unsettled = [];
    private Following? _following;
    private LogPosition _stored;
    private long _seen;
    private bool _failing;
    private long _lost;
    private int _others;
    private DateTimeOffset _purged;

    /// <summary>The figures of this node as they are now; null until the first look has found the place that is stored.</summary>
    public LiveAggregate? Aggregate => _following?.Aggregate;

    /// <summary>Reads, stores and shows all that is on disk now.</summary>
    public Task LookAsync(CancellationToken cancel) => LookAsync(true, cancel);

    /// <summary>Stores what came last, so that a collector that is taken away leaves nothing behind, and leaves the wall at once.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        if (_following is not { } following)
            return;
        try
        {
            await LookAsync(false, cancellationToken);
            await following.Store.LeaveAsync(cancellationToken);
        }
        catch (Exception e) when (IsAway(e) || e is OperationCanceledException)
        {
            // It lies in the log, and is counted by the next start.
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _following?.Reader.Dispose();
        _one.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(HalfSecond, clock);
        // The end is no failure, also where a host is disposed without being stopped.
        using var stopped = stoppingToken.Register(timer.Dispose);
        for (var half = 1L; collector.Open is not null && await timer.WaitForNextTickAsync(CancellationToken.None); half++)
        {
            var whole = half % 2 == 0;
            if (!whole && _others == 0)
                continue;
            try
            {
                await LookAsync(whole, stoppingToken);
                _failing = false;
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (IsAway(e))
            {
                // Once, and not each second of an hour.
                if (!_failing)
                    TrafficLog.FiguresUnwritten(log, e);
                _failing = true;
            }
        }
    }

    private static bool IsAway(Exception e) => e is DbException or TimeoutException or IOException or InvalidOperationException;

    private async Task LookAsync(bool show, CancellationToken cancel)
    {
        if (collector.Open is not { } open)
            return;
        await _one.WaitAsync(cancel);
        try
        {
            var all = false;
            while (!all)
                all = await LookOnceAsync(open, show, cancel);
        }
        finally
        {
            _one.Release();
        }
    }

    // Gives false when there is more to be read.
    private async Task<bool> LookOnceAsync(OpenLog open, bool show, CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var following = _following ??= await BeginAsync(open, now, cancel);
        var (aggregate, reader, _) = following;
        var today = ShownDay.Of(place.Value, now);
        aggregate.BeginDay(today.From.ToUnixTimeMilliseconds(), today.Until.ToUnixTimeMilliseconds());
        CollectorTurn? turn = null;
        ExceptionDispatchInfo? away = null;
        try
        {
            try
            {
                turn = await TakeTurnAsync(open.Id, following, cancel);
                if (turn is null)
                    return false;
            }
            catch (Exception e) when (IsAway(e))
            {
                away = ExceptionDispatchInfo.Capture(e);
            }

            var (all, lag, until) = Read(aggregate, reader, open.Log.End, now);
            aggregate.Tick(now.ToUnixTimeMilliseconds());
            var picture = aggregate.Picture(until, lag);
            if (show && all)
                Show(open.Id, picture, turn?.Others ?? [], now);
            away?.Throw();
            if (turn is not null)
                await StoreAsync(following, turn, picture, now, cancel);
            if (all)
                signals.Stored(_stored, _others + 1);
            if (all && now - _purged >= PurgeLive.Every)
            {
                _purged = now;
                await PurgeLive.RunAsync(source, open, options.Value.KeepSegments, now, cancel);
            }

            return all;
        }
        finally
        {
            if (turn is not null)
                await turn.DisposeAsync();
        }
    }

    // What was counted before this process began is read again from some minutes before, to know who is here and which ids were.
    private async Task<Following> BeginAsync(OpenLog open, DateTimeOffset now, CancellationToken cancel)
    {
        var store = new CommitFigures(source, open.Id);
        (_stored, _lost, var storedAt) = await store.PlaceAsync(cancel);
        var isNew = _stored == LogPosition.Start;
        var aggregate = new LiveAggregate(shared: true);
        if (!isNew)
            RememberedLog.Read(open, aggregate, _stored, storedAt.ToUnixTimeMilliseconds() - (2 * LiveAggregate.IdsMs));
        aggregate.TakeShared();
        _seen = await LearnPastAsync(open, aggregate, (isNew ? now : storedAt).AddMilliseconds(-2 * LiveAggregate.IdsMs), now, cancel);
        var today = ShownDay.Of(place.Value, now);
        aggregate.BeginDay(today.From.ToUnixTimeMilliseconds(), today.Until.ToUnixTimeMilliseconds());
        foreach (var (value, sketch) in await store.DayAsync((int)(today.From.ToUnixTimeSeconds() / 900), cancel))
            aggregate.AddToDay(value, sketch);
        await CommitFigures.AddDayOfAllAsync(source, today.From, _whole, cancel);
        // Whoever gave a last sign long ago is not here, and says so to nobody.
        aggregate.Tick(now.ToUnixTimeMilliseconds());
        return new Following(aggregate, new LogReader(open.Files, _stored), store);
    }

    // What others counted while this one was away: of the beacons that it still has to count, all; of the others, as many as are remembered.
    private async Task<long> LearnPastAsync(OpenLog open, LiveAggregate aggregate, DateTimeOffset since, DateTimeOffset now, CancellationToken cancel)
    {
        var waiting = RememberedLog.Ids(open, _stored);
        var mine = new List<ulong>();
        var last = await CollectorTurn.ToldSinceAsync(source, open.Id, since, told =>
        {
            aggregate.CountedElsewhere(told.Ids, told.AtMs);
            aggregate.WentElsewhere(told.Arrivals, told.AtMs);
            mine.AddRange(told.Ids.Where(waiting.Contains));
        }, cancel);
        aggregate.CountedElsewhere(mine.ToArray(), now.ToUnixTimeMilliseconds());
        return last;
    }

    // Null when another collector has counted what was counted here out of turn (PostgreSQL was away): then all that is not stored is counted anew.
    private async Task<CollectorTurn?> TakeTurnAsync(Guid id, Following following, CancellationToken cancel)
    {
        var (turn, told) = await CollectorTurn.TakeAsync(source, id, _seen, cancel);
        try
        {
            // A commit whose answer was lost has happened or has not: the place that is stored tells.
            if (_unsettled.Count > 0 && (await following.Store.PlaceAsync(cancel)).Position == _unsettled[^1].Position)
            {
                _stored = _unsettled[^1].Position;
                _unsettled.Clear();
            }

            _others = turn.Others.Count;
            if (Learn(following.Aggregate, told))
                return turn;
            following.Reader.Dispose();
            _following = null;
            _unsettled.Clear();
        }
        catch
        {
            await turn.DisposeAsync();
            throw;
        }

        await turn.DisposeAsync();
        return null;
    }

    private bool Learn(LiveAggregate aggregate, IReadOnlyList<ToldSecond> told)
    {
        foreach (var it in told)
        {
            if (aggregate.HasFresh(it.Ids) || _unsettled.Exists(b => b.Ids.Intersect(it.Ids).Any()))
                return false;
            aggregate.CountedElsewhere(it.Ids, it.AtMs);
            aggregate.WentElsewhere(it.Arrivals, long.MaxValue);
            _seen = it.Number;
        }

        return true;
    }

    // Gives whether that was all, how long the last record has waited until it was counted, and the moment up to which all is counted.
    private (bool All, long LagMs, long UntilMs) Read(LiveAggregate aggregate, LogReader reader, LogPosition end, DateTimeOffset now)
    {
        var (nowMs, last, read) = (now.ToUnixTimeMilliseconds(), 0L, 0);
        while (read < MostInTurn)
        {
            if (!reader.TryRead(end, out var block))
                return (true, last == 0 ? 0 : Math.Max(0, nowMs - last), nowMs);
            if (block.Lost > 0)
            {
                _lost += block.Lost;
                TrafficLog.RecordsLost(log, block.Lost, block.First);
            }

            last = RememberedLog.Take(aggregate, block, counted: true);
            read += block.Count;
        }

        return (false, Math.Max(0, nowMs - last), last);
    }

    private void Show(Guid id, LivePicture picture, IReadOnlyList<ToldPicture> others, DateTimeOffset now) =>
        figures.Publish(LiveFigures.Of(_whole.Add([new ToldPicture(id, 0, picture), .. others], id), now.ToUnixTimeMilliseconds(), sites.Called));

    private async Task StoreAsync(Following following, CollectorTurn turn, LivePicture picture, DateTimeOffset now, CancellationToken cancel)
    {
        var (aggregate, reader, store) = following;
        if (reader.Position != _stored || aggregate.HasCells)
        {
            var (ids, arrivals, twins) = aggregate.TakeShared();
            _unsettled.Add(new LiveBatch(reader.Position, _lost, aggregate.TakeCells(), ids, arrivals, twins));
        }

        foreach (var batch in _unsettled)
            _seen = Math.Max(_seen, await store.WriteAsync(turn, batch, aggregate, now, cancel));
        await turn.ShowAsync(picture, cancel);
        await turn.CommitAsync(cancel);
        if (_unsettled.Count == 0)
            return;
        _stored = _unsettled[^1].Position;
        _unsettled.Clear();
        aggregate.Committed(now.ToUnixTimeMilliseconds());
    }

    private sealed record Following(LiveAggregate Aggregate, LogReader Reader, CommitFigures Store);
}
