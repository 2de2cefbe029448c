using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Relais.Traffic.Measures.Live;

namespace Relais.Traffic.Replay;

/// <summary>What a load came to.</summary>
/// <param name="Counted">How many of its beacons the stored figures have.</param>
/// <param name="LatenciesMs">From the moment a beacon was due to its 204, in order.</param>
/// <param name="LagsMs">Of looks at the stored figures: from the moment when as many had been accepted as are counted, in order.</param>
internal sealed record LoadOutcome(long Accepted, long Refused, long Unanswered, long Counted, double[] LatenciesMs, double[] LagsMs)
{
    /// <summary>Acknowledged and not counted. What was counted without an acknowledgement came through a connection that broke.</summary>
    public long Lost => Math.Max(0, Accepted - Counted);

    /// <summary>A quantile of sorted values; 0 of none.</summary>
    public static double At(double[] sorted, double share) => sorted.Length == 0 ? 0 : sorted[Math.Min(sorted.Length - 1, (int)(sorted.Length * share))];
}

/// <summary>Sends a load and holds what was acknowledged against what is stored of its site, to which nobody else may send meanwhile.</summary>
internal sealed class MeasuredLoad(NpgsqlDataSource source, int site, SendLoad load, TimeProvider clock)
{
    // Starts and views of the site, over all collectors. Older minutes do not change under a load, and are many.
    private const string Counted = "SELECT coalesce(sum(starts + views), 0)::bigint FROM traffic.live_cell WHERE dimension = @dimension AND value = @site AND minute >= @since";
    private const int MinutesBefore = 60;

    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly int _since = (int)(clock.GetUtcNow().ToUnixTimeSeconds() / 60) - MinutesBefore;

    public async Task<LoadOutcome> RunAsync(CancellationToken cancel)
    {
        var (before, lags) = (await CountedAsync(cancel), new List<double>());
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var watching = WatchAsync(before, lags, over.Token);
        await load.RunAsync(cancel);
        var counted = await SettledAsync(before + load.Result.Accepted, cancel) - before;
        await over.CancelAsync();
        await watching;
        return new LoadOutcome(load.Result.Accepted, load.Result.Refused, load.Result.Unanswered, counted, load.Result.Latencies(), [.. lags.Order()]);
    }

    // The lag of a look: from the moment when as many had been accepted as are counted now.
    private async Task WatchAsync(long before, List<double> lags, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookEvery);
        long last = 0;
        try
        {
            while (await timer.WaitForNextTickAsync(cancel))
            {
                var counted = await CountedAsync(cancel) - before;
                if (counted > last && load.Result.WhenAccepted(counted) is { } when)
                    lags.Add(Stopwatch.GetElapsedTime(when).TotalMilliseconds);
                last = counted;
            }
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }

    // Until all is there, or nothing more has come for a while.
    private async Task<long> SettledAsync(long expected, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LookEvery);
        var (counted, since) = (await CountedAsync(cancel), Stopwatch.GetTimestamp());
        while (counted < expected && Stopwatch.GetElapsedTime(since) < Patience && await timer.WaitForNextTickAsync(cancel))
        {
            var now = await CountedAsync(cancel);
            (counted, since) = (now, now == counted ? since : Stopwatch.GetTimestamp());
        }

        return counted;
    }

    private async Task<long> CountedAsync(CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Counted);
        command.Parameters.AddWithValue("dimension", (short)Dimension.Site);
        command.Parameters.AddWithValue("site", site.ToString(CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("since", _since);
        return (long)(await command.ExecuteScalarAsync(cancel) ?? 0L);
    }
}
