using System.Runtime.InteropServices;
using Npgsql;
using Relais.Traffic.Collector;
using Relais.Traffic.History;
using Relais.Traffic.Log;

namespace Relais.Traffic.Live;

/// <summary>What of a log the live figures have counted. The history takes no more and no less, so that a beacon on two collectors' disks is in it once.</summary>
/// <param name="End">Up to where.</param>
/// <param name="Twins">Ids in it that another collector counted.</param>
internal sealed record CountedLog(ILogFiles Files, LogPosition End, IReadOnlySet<ulong> Twins)
{
    private const string Note = "INSERT INTO traffic.twin (log, sequence, ids) VALUES (@log, @sequence, @ids)";

    private const string Read = "SELECT ids FROM traffic.twin WHERE log = @log";

    private const string Forget = $"""
        DELETE FROM traffic.twin t USING traffic.log_reader r
        WHERE t.log = @log AND r.log = t.log AND r.reader IN ('{KeepHistory.Reader}', '{FeedClickHouse.Reader}') AND t.sequence <= r.sequence
        """;

    public static async Task<CountedLog> OfAsync(NpgsqlDataSource source, OpenLog open, CancellationToken cancel)
    {
        // The place first: what was found up to there was stored with it.
        var (end, _) = await new LogPlaces(source, open.Id).OfAsync(CommitFigures.Reader, cancel);
        var twins = new HashSet<ulong>();
        await using var command = source.CreateCommand(Read);
        command.Parameters.AddWithValue("log", open.Id);
        await using var row = await command.ExecuteReaderAsync(cancel);
        while (await row.ReadAsync(cancel))
            twins.UnionWith(MemoryMarshal.Cast<byte, ulong>(row.GetFieldValue<byte[]>(0)).ToArray());
        return new CountedLog(open.Files, end, twins);
    }

    /// <summary>Keeps what was not counted up to a place, with what was.</summary>
    public static async Task NoteAsync(NpgsqlConnection connection, Guid log, LogPosition upTo, ulong[] twins, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(Note, connection);
        command.Parameters.AddWithValue("log", log);
        command.Parameters.AddWithValue("sequence", upTo.Sequence);
        command.Parameters.AddWithValue("ids", MemoryMarshal.AsBytes<ulong>(twins).ToArray());
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Removes what the history has passed.</summary>
    public static async Task ForgetAsync(NpgsqlDataSource source, Guid log, CancellationToken cancel)
    {
        await using var command = source.CreateCommand(Forget);
        command.Parameters.AddWithValue("log", log);
        await command.ExecuteNonQueryAsync(cancel);
    }
}
