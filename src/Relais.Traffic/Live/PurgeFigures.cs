using System.Data.Common;
using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using Relais.Traffic.History;

namespace Relais.Traffic.Live;

/// <summary>
/// Removes live figures of days that are in the history by now: a log's minutes once its hours are written there, in batches that hold no lock for long. What no history ever took,
/// because its node is gone, goes when the history's own days would.
/// </summary>
internal sealed class PurgeFigures(NpgsqlDataSource source, IOptions<TrafficOptions> options, IOptions<HistoryOptions> history, TimeProvider clock, ILogger<PurgeFigures> log) : BackgroundService
{
    private const int Batch = 5000;
    private const int MostBatches = 40;
    private const int Minute = 60;
    private const int Quarter = 900;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    private static readonly string Cells = Sql("live_cell", "minute", Minute);
    private static readonly string Reach = Sql("live_reach", "quarter", Quarter);

    /// <summary>Removes what is due, and gives how many rows that were.</summary>
    public async Task<long> LookAsync(CancellationToken cancel)
    {
        var now = clock.GetUtcNow();
        var (due, last) = (now - options.Value.KeepFigures, now.AddMonths(-history.Value.DataMonths));
        return await RemoveAsync(Cells, due, last, Minute, cancel) + await RemoveAsync(Reach, due, last, Quarter, cancel);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        using var stopped = stoppingToken.Register(timer.Dispose);
        while (await timer.WaitForNextTickAsync(CancellationToken.None))
        {
            try
            {
                await LookAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is DbException or TimeoutException or InvalidOperationException)
            {
                TrafficLog.FiguresUnpurged(log, e);
            }
        }
    }

    private async Task<long> RemoveAsync(string sql, DateTimeOffset due, DateTimeOffset last, int unitSeconds, CancellationToken cancel)
    {
        long removed = 0;
        for (var batch = 0; batch < MostBatches; batch++)
        {
            await using var command = source.CreateCommand(sql);
            command.Parameters.AddWithValue("due", (int)(due.ToUnixTimeSeconds() / unitSeconds));
            command.Parameters.AddWithValue("last", (int)(last.ToUnixTimeSeconds() / unitSeconds));
            command.Parameters.AddWithValue("batch", Batch);
            var rows = await command.ExecuteNonQueryAsync(cancel);
            removed += rows;
            if (rows < Batch)
                break;
        }

        return removed;
    }

    // An hour is written once it is over: a log whose history has a later moment, or nothing left to read, has written it. Nodes step over what another one removes just now.
    private static string Sql(string table, string column, int unitSeconds) => string.Create(CultureInfo.InvariantCulture,
        $"""
         DELETE FROM traffic.{table} WHERE ctid = ANY (ARRAY(
           SELECT old.ctid FROM traffic.{table} old WHERE old.{column} < @due AND (old.{column} < @last OR EXISTS (
             SELECT 1 FROM traffic.log_reader written WHERE written.log = old.log AND written.reader IN ('{KeepHistory.Reader}', '{FeedClickHouse.Reader}')
             AND (written.at > to_timestamp(old.{column}::bigint * {unitSeconds}) + interval '2 hours'
                  OR EXISTS (SELECT 1 FROM traffic.log_reader read WHERE read.log = old.log AND read.reader = 'live' AND written.sequence >= read.sequence))))
           ORDER BY old.{column} LIMIT @batch FOR UPDATE SKIP LOCKED))
         """);
}
