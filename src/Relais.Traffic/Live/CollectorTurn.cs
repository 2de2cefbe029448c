using System.Runtime.InteropServices;
using System.Text.Json;
using Npgsql;
using Relais.Traffic.Measures.Live;

namespace Relais.Traffic.Live;

/// <summary>What another collector told with a commit.</summary>
internal sealed record ToldSecond(long Number, long AtMs, ulong[] Ids, ulong[] Arrivals);

/// <summary>
/// A transaction in which this collector alone counts: it first learns what the others have counted, then reads its own log, and tells what it counted with the commit. So of
/// a beacon that two collectors have on disk, one counts. A node that stands still in its turn loses it.
/// </summary>
internal sealed class CollectorTurn : IAsyncDisposable
{
    /// <summary>A picture that is older belongs to a collector that is gone.</summary>
    public static readonly TimeSpan PictureAge = TimeSpan.FromMilliseconds(2500);

    private const string Pictures = """
        SELECT log, (extract(epoch FROM clock_timestamp() - at) * 1000)::bigint, picture FROM traffic.live_picture WHERE log <> @log AND at > clock_timestamp() - @age
        """;

    private const string Told = "SELECT number, at, ids, arrivals FROM traffic.shared_second WHERE number > @seen AND log <> @log ORDER BY number";

    private const string Tell = "INSERT INTO traffic.shared_second (log, at, ids, arrivals) VALUES (@log, @now, @ids, @arrivals) RETURNING number";

    private const string Show = """
        INSERT INTO traffic.live_picture (log, at, picture) VALUES (@log, clock_timestamp(), @picture)
        ON CONFLICT (log) DO UPDATE SET at = EXCLUDED.at, picture = EXCLUDED.picture
        """;

    private readonly NpgsqlTransaction _transaction;
    private readonly Guid _log;

    private CollectorTurn(NpgsqlConnection connection, NpgsqlTransaction transaction, Guid log) => (Connection, _transaction, _log) = (connection, transaction, log);

    public NpgsqlConnection Connection { get; }

    /// <summary>What the others count now.</summary>
    public IReadOnlyList<ToldPicture> Others { get; private set; } = [];

    /// <summary>Waits for the turn, and learns what was told since.</summary>
    public static async Task<(CollectorTurn Turn, IReadOnlyList<ToldSecond> Told)> TakeAsync(NpgsqlDataSource source, Guid log, long seen, CancellationToken cancel)
    {
        var connection = await source.OpenConnectionAsync(cancel);
        try
        {
            var turn = new CollectorTurn(connection, await connection.BeginTransactionAsync(cancel), log);
            return (turn, await turn.LearnAsync(seen, cancel));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The pictures of collectors that answer, but for one.</summary>
    public static async Task<List<ToldPicture>> PicturesAsync(NpgsqlDataSource source, Guid except, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Pictures);
        command.Parameters.AddWithValue("log", except);
        command.Parameters.AddWithValue("age", PictureAge);
        await using var row = await command.ExecuteReaderAsync(cancel);
        return await ReadPicturesAsync(row, cancel);
    }

    /// <summary>What others told since a moment, outside of any turn: a node that begins has much to learn.</summary>
    /// <returns>The last number that all was learned up to.</returns>
    public static async Task<long> ToldSinceAsync(NpgsqlDataSource source, Guid log, DateTimeOffset since, Action<ToldSecond> take, CancellationToken cancel)
    {
        // First: what is told from now on may be learned twice, and is never missed.
        await using var newest = source.CreateCommand("SELECT coalesce(max(number), 0) FROM traffic.shared_second");
        var last = (long)(await newest.ExecuteScalarAsync(cancel) ?? 0L);
        await using var command = source.CreateCommand("SELECT number, at, ids, arrivals FROM traffic.shared_second WHERE at >= @since AND log <> @log ORDER BY number");
        command.Parameters.AddWithValue("since", since);
        command.Parameters.AddWithValue("log", log);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            take(Read(row));
        return last;
    }

    /// <returns>The number under which it was told.</returns>
    public async Task<long> TellAsync(ulong[] ids, ulong[] arrivals, DateTimeOffset now, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Tell, Connection);
        command.Parameters.AddWithValue("log", _log);
        command.Parameters.AddWithValue("now", now);
        command.Parameters.AddWithValue("ids", MemoryMarshal.AsBytes<ulong>(ids).ToArray());
        command.Parameters.AddWithValue("arrivals", MemoryMarshal.AsBytes<ulong>(arrivals).ToArray());
        return (long)(await command.ExecuteScalarAsync(cancel) ?? 0L);
    }

    public async Task ShowAsync(LivePicture picture, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Show, Connection);
        command.Parameters.AddWithValue("log", _log);
        command.Parameters.AddWithValue("picture", JsonSerializer.SerializeToUtf8Bytes(picture, JsonSerializerOptions.Web));
        await command.ExecuteNonQueryAsync(cancel);
    }

    public Task CommitAsync(CancellationToken cancel) => _transaction.CommitAsync(cancel);

    public async ValueTask DisposeAsync()
    {
        await _transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }

    private async Task<List<ToldSecond>> LearnAsync(long seen, CancellationToken cancel)
    {
        await using var batch = new NpgsqlBatch(Connection)
        {
            BatchCommands =
            {
                new NpgsqlBatchCommand("SET LOCAL lock_timeout = '2s'"),
                new NpgsqlBatchCommand("SET LOCAL idle_in_transaction_session_timeout = '5s'"),
                new NpgsqlBatchCommand("SELECT pg_advisory_xact_lock(hashtextextended('traffic.turn', 0))"),
                // Statements of their own: each sees what was committed when it begins.
                new NpgsqlBatchCommand(Told) { Parameters = { new NpgsqlParameter("seen", seen), new NpgsqlParameter("log", _log) } },
                new NpgsqlBatchCommand(Pictures) { Parameters = { new NpgsqlParameter("log", _log), new NpgsqlParameter("age", PictureAge) } },
            },
        };
        await using var row = await batch.ExecuteReaderAsync(cancel);
        // The first answer with rows is the lock's.
        await row.NextResultAsync(cancel);
        var told = new List<ToldSecond>();
        while (await row.ReadAsync(cancel))
            told.Add(Read(row));
        await row.NextResultAsync(cancel);
        Others = await ReadPicturesAsync(row, cancel);
        return told;
    }

    private static ToldSecond Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1).ToUnixTimeMilliseconds(),
        MemoryMarshal.Cast<byte, ulong>(row.GetFieldValue<byte[]>(2)).ToArray(), MemoryMarshal.Cast<byte, ulong>(row.GetFieldValue<byte[]>(3)).ToArray());

    private static async Task<List<ToldPicture>> ReadPicturesAsync(NpgsqlDataReader row, CancellationToken cancel)
    {
        var found = new List<ToldPicture>();
        while (await row.ReadAsync(cancel))
        {
            if (JsonSerializer.Deserialize<LivePicture>(row.GetFieldValue<byte[]>(2), JsonSerializerOptions.Web) is { } picture)
                found.Add(new ToldPicture(row.GetGuid(0), row.GetInt64(1), picture));
        }

        return found;
    }
}
