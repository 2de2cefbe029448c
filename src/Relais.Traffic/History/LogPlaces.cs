using Npgsql;
using Relais.Traffic.Log;

namespace Relais.Traffic.History;

/// <summary>How far readers of a collector's log have come.</summary>
internal sealed class LogPlaces(NpgsqlDataSource source, Guid log)
{
    private const string Place = "SELECT segment, \"offset\", sequence, at FROM traffic.log_reader WHERE log = @log AND reader = @reader";

    private const string Keep = """
        INSERT INTO traffic.log_reader (log, reader, segment, "offset", sequence, lost, at) VALUES (@log, @reader, @segment, @offset, @sequence, 0, @now)
        ON CONFLICT (log, reader) DO UPDATE SET segment = EXCLUDED.segment, "offset" = EXCLUDED."offset", sequence = EXCLUDED.sequence, at = EXCLUDED.at
        """;

    // A reader that nobody is any more would keep the log's segments for ever.
    private const string Follow = """
        UPDATE traffic.log_reader SET reader = @reader WHERE log = @log AND reader = @former
        AND NOT EXISTS (SELECT 1 FROM traffic.log_reader WHERE log = @log AND reader = @reader);
        DELETE FROM traffic.log_reader WHERE log = @log AND reader LIKE @formers;
        """;

    /// <summary>The place that is stored, and when it was; the log's start when there is none.</summary>
    public async Task<(LogPosition Position, DateTimeOffset At)> OfAsync(string reader, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Place);
        command.Parameters.AddWithValue("log", log);
        command.Parameters.AddWithValue("reader", reader);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await row.ReadAsync(cancel) ? (new LogPosition(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2)), row.GetFieldValue<DateTimeOffset>(3)) : (LogPosition.Start, default);
    }

    public async Task KeepAsync(string reader, LogPosition place, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Keep);
        command.Parameters.AddWithValue("log", log);
        command.Parameters.AddWithValue("reader", reader);
        command.Parameters.AddWithValue("segment", place.Segment);
        command.Parameters.AddWithValue("offset", place.Offset);
        command.Parameters.AddWithValue("sequence", place.Sequence);
        command.Parameters.AddWithValue("now", now);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>A reader goes on where another one stopped, which is no more.</summary>
    public async Task FollowAsync(string reader, string former, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Follow);
        command.Parameters.AddWithValue("log", log);
        command.Parameters.AddWithValue("reader", reader);
        command.Parameters.AddWithValue("former", former);
        command.Parameters.AddWithValue("formers", former + "%");
        await command.ExecuteNonQueryAsync(cancel);
    }
}
