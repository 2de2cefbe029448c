using Npgsql;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Sketches;

namespace Relais.Traffic.Live;

/// <summary>What is stored together: additions, the place in the log up to which they are, what other collectors are told of them, and what another one had counted already.</summary>
internal sealed record LiveBatch(
    LogPosition Position, long Lost, IReadOnlyList<(int Minute, DimensionValue Value, LiveCellChange Change)> Cells, ulong[] Ids, ulong[] Arrivals, ulong[] Twins);

/// <summary>Stores what was added and the place in the log up to which it was, in one transaction: whoever comes after a crash goes on from exactly there.</summary>
internal sealed class CommitFigures(NpgsqlDataSource source, Guid log)
{
    public const string Reader = "live";

    private const string Place = """
        INSERT INTO traffic.log_reader (log, reader, segment, "offset", sequence, lost, at) VALUES (@log, @reader, @segment, @offset, @sequence, @lost, @now)
        ON CONFLICT (log, reader) DO UPDATE
        SET segment = EXCLUDED.segment, "offset" = EXCLUDED."offset", sequence = EXCLUDED.sequence, lost = EXCLUDED.lost, at = EXCLUDED.at
        """;

    // A minute that the watermark has passed is amended, and says so.
    private const string Cells = """
        INSERT INTO traffic.live_cell AS cell (log, minute, dimension, value, views, hits, starts, slots, peak_listeners, peak_visitors, revision)
        SELECT @log, m, d, v, views, hits, starts, slots, listeners, visitors, 1
        FROM unnest(@minutes, @dimensions, @values, @views, @hits, @starts, @slots, @listeners, @visitors) AS t(m, d, v, views, hits, starts, slots, listeners, visitors)
        ON CONFLICT (minute, dimension, value, log) DO UPDATE
        SET views = cell.views + EXCLUDED.views, hits = cell.hits + EXCLUDED.hits, starts = cell.starts + EXCLUDED.starts, slots = cell.slots + EXCLUDED.slots,
            peak_listeners = greatest(cell.peak_listeners, EXCLUDED.peak_listeners), peak_visitors = greatest(cell.peak_visitors, EXCLUDED.peak_visitors),
            revision = cell.revision + CASE WHEN EXCLUDED.minute < @open THEN 1 ELSE 0 END
        """;

    private const string StoredReach = """
        SELECT r.quarter, r.dimension, r.value, r.visitors, r.listeners FROM traffic.live_reach r
        JOIN unnest(@quarters, @dimensions, @values) AS t(q, d, v) ON r.quarter = t.q AND r.dimension = t.d AND r.value = t.v
        WHERE r.log = @log
        """;

    private const string Reach = """
        INSERT INTO traffic.live_reach (log, quarter, dimension, value, visitors, listeners)
        SELECT @log, q, d, v, visitors, listeners FROM unnest(@quarters, @dimensions, @values, @visitors, @listeners) AS t(q, d, v, visitors, listeners)
        ON CONFLICT (quarter, dimension, value, log) DO UPDATE SET visitors = EXCLUDED.visitors, listeners = EXCLUDED.listeners
        """;

    private const string DayOfAll = "SELECT visitors, listeners FROM traffic.live_reach WHERE dimension = 0 AND quarter >= @from";

    private const string Stop = "DELETE FROM traffic.live_picture WHERE log = @log";

    /// <summary>The place that is stored; the log's start when there is none.</summary>
    public async Task<(LogPosition Position, long Lost, DateTimeOffset At)> PlaceAsync(CancellationToken cancel)
    {
        await using var command = source.CreateCommand("SELECT segment, \"offset\", sequence, lost, at FROM traffic.log_reader WHERE log = @log AND reader = @reader");
        command.Parameters.AddWithValue("log", log);
        command.Parameters.AddWithValue("reader", Reader);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel)
            ? (new LogPosition(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), row.GetInt64(3), row.GetFieldValue<DateTimeOffset>(4))
            : (LogPosition.Start, 0, default);
    }

    /// <summary>What is stored of the quarters of a day.</summary>
    public async Task<List<(DimensionValue Value, LiveReachSketch Sketch)>> DayAsync(int fromQuarter, CancellationToken cancel)
    {
        await using var command = source.CreateCommand("SELECT dimension, value, visitors, listeners FROM traffic.live_reach WHERE log = @log AND quarter >= @from");
        command.Parameters.AddWithValue("log", log);
        command.Parameters.AddWithValue("from", fromQuarter);
        var found = new List<(DimensionValue, LiveReachSketch)>();
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
        {
            var sketch = new LiveReachSketch();
            Merge(sketch, row.GetFieldValue<byte[]>(2), row.GetFieldValue<byte[]>(3));
            found.Add((new DimensionValue((Dimension)row.GetInt16(0), row.GetString(1)), sketch));
        }

        return found;
    }

    /// <summary>What is stored of a day by all collectors, also those that are gone.</summary>
    public static async Task AddDayOfAllAsync(NpgsqlDataSource source, DateTimeOffset from, LiveWhole whole, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(DayOfAll);
        command.Parameters.AddWithValue("from", (int)(from.ToUnixTimeSeconds() / 900));
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            whole.AddToDay(from.ToUnixTimeMilliseconds(), row.GetFieldValue<byte[]>(1), row.GetFieldValue<byte[]>(0));
    }

    /// <summary>Writes all of a batch into the turn's transaction.</summary>
    /// <returns>The number under which the others are told; 0 when there is nothing to tell.</returns>
    public async Task<long> WriteAsync(CollectorTurn turn, LiveBatch batch, LiveAggregate aggregate, DateTimeOffset now, CancellationToken cancel)
    {
        await PlaceAsync(turn.Connection, batch.Position, batch.Lost, now, cancel);
        await CellsAsync(turn.Connection, batch.Cells, now, cancel);
        // Sketches may be ahead of the place: whoever is counted again then changes nothing.
        await ReachAsync(turn.Connection, [.. aggregate.Sketches], cancel);
        if (batch.Twins.Length > 0)
            await CountedLog.NoteAsync(turn.Connection, log, batch.Position, batch.Twins, cancel);
        return batch.Ids.Length + batch.Arrivals.Length == 0 ? 0 : await turn.TellAsync(batch.Ids, batch.Arrivals, now, cancel);
    }

    /// <summary>This collector ends: nobody waits until its picture is old.</summary>
    public async Task LeaveAsync(CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Stop);
        command.Parameters.AddWithValue("log", log);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task PlaceAsync(NpgsqlConnection connection, LogPosition position, long lost, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Place, connection);
        command.Parameters.AddWithValue("log", log);
        command.Parameters.AddWithValue("reader", Reader);
        command.Parameters.AddWithValue("segment", position.Segment);
        command.Parameters.AddWithValue("offset", position.Offset);
        command.Parameters.AddWithValue("sequence", position.Sequence);
        command.Parameters.AddWithValue("lost", lost);
        command.Parameters.AddWithValue("now", now);
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task CellsAsync(NpgsqlConnection connection, IReadOnlyList<(int Minute, DimensionValue Value, LiveCellChange Change)> cells, DateTimeOffset now, CancellationToken cancel)
    {
        if (cells.Count == 0)
            return;
        await using var command = new NpgsqlCommand(Cells, connection);
        command.Parameters.AddWithValue("log", log);
        // The first minute that is open: its end and the watermark lie ahead.
        command.Parameters.AddWithValue("open", (int)((now.ToUnixTimeMilliseconds() - LiveAggregate.WatermarkMs) / 60_000));
        command.Parameters.AddWithValue("minutes", cells.Select(c => c.Minute).ToArray());
        command.Parameters.AddWithValue("dimensions", cells.Select(c => (short)c.Value.Dimension).ToArray());
        command.Parameters.AddWithValue("values", cells.Select(c => c.Value.Text).ToArray());
        command.Parameters.AddWithValue("views", cells.Select(c => c.Change.Views).ToArray());
        command.Parameters.AddWithValue("hits", cells.Select(c => c.Change.Hits).ToArray());
        command.Parameters.AddWithValue("starts", cells.Select(c => c.Change.Starts).ToArray());
        command.Parameters.AddWithValue("slots", cells.Select(c => c.Change.Slots).ToArray());
        command.Parameters.AddWithValue("listeners", cells.Select(c => c.Change.PeakListeners).ToArray());
        command.Parameters.AddWithValue("visitors", cells.Select(c => c.Change.PeakVisitors).ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }

    private async Task ReachAsync(NpgsqlConnection connection, List<(int Quarter, DimensionValue Value, LiveReachSketch Sketch)> sketches, CancellationToken cancel)
    {
        if (sketches.Count == 0)
            return;
        await MergeStoredAsync(connection, [.. sketches.Where(s => !s.Sketch.Merged)], cancel);
        await using var command = new NpgsqlCommand(Reach, connection);
        AddKeys(command, sketches);
        command.Parameters.AddWithValue("visitors", sketches.Select(s => RedisEncoding.Write(s.Sketch.Visitors)).ToArray());
        command.Parameters.AddWithValue("listeners", sketches.Select(s => RedisEncoding.Write(s.Sketch.Listeners)).ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }

    // Of before this process, or let go since. Merging twice changes nothing.
    private async Task MergeStoredAsync(NpgsqlConnection connection, List<(int Quarter, DimensionValue Value, LiveReachSketch Sketch)> fresh, CancellationToken cancel)
    {
        if (fresh.Count == 0)
            return;
        var byKey = fresh.ToDictionary(f => (f.Quarter, f.Value), f => f.Sketch);
        await using (var command = new NpgsqlCommand(StoredReach, connection))
        {
            AddKeys(command, fresh);
            await using var row = await command.ExecuteReaderAsync(cancel);
            while (await row.ReadAsync(cancel))
                Merge(byKey[(row.GetInt32(0), new DimensionValue((Dimension)row.GetInt16(1), row.GetString(2)))], row.GetFieldValue<byte[]>(3), row.GetFieldValue<byte[]>(4));
        }

        foreach (var sketch in byKey.Values)
            sketch.Merged = true;
    }

    private void AddKeys(NpgsqlCommand command, List<(int Quarter, DimensionValue Value, LiveReachSketch Sketch)> sketches)
    {
        command.Parameters.AddWithValue("log", log);
        command.Parameters.AddWithValue("quarters", sketches.Select(s => s.Quarter).ToArray());
        command.Parameters.AddWithValue("dimensions", sketches.Select(s => (short)s.Value.Dimension).ToArray());
        command.Parameters.AddWithValue("values", sketches.Select(s => s.Value.Text).ToArray());
    }

    private static void Merge(LiveReachSketch into, byte[] visitors, byte[] listeners)
    {
        if (RedisEncoding.Read(visitors) is { } seen)
            into.Visitors.Merge(seen);
        if (RedisEncoding.Read(listeners) is { } heard)
            into.Listeners.Merge(heard);
    }
}
