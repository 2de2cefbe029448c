using Npgsql;
using Relais.Traffic.Collector;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Live;

namespace Relais.Traffic.Live;

/// <summary>Removes what nobody needs any more: segments that all readers have passed, and what collectors told each other.</summary>
internal static class PurgeLive
{
    public static readonly TimeSpan Every = TimeSpan.FromMinutes(10);

    // A collector that is gone must find what the others counted meanwhile, for as long as its own segments would stay.
    private const string Told = """
        DELETE FROM traffic.shared_second WHERE at < least(@now, (
            SELECT min(r.at) FROM traffic.log_reader r
            WHERE r.reader = 'live' AND r.at > @now - @keep AND NOT EXISTS (SELECT FROM traffic.live_picture p WHERE p.log = r.log AND p.at > clock_timestamp() - interval '1 minute'))) - @ids
        """;

    public static async Task RunAsync(NpgsqlDataSource source, OpenLog open, TimeSpan keep, DateTimeOffset now, CancellationToken cancel)
    {
        await using (var told = source.CreateCommand(Told))
        {
            told.Parameters.AddWithValue("now", now);
            told.Parameters.AddWithValue("keep", keep);
            told.Parameters.AddWithValue("ids", TimeSpan.FromMilliseconds(2 * LiveAggregate.IdsMs));
            await told.ExecuteNonQueryAsync(cancel);
        }

        await CountedLog.ForgetAsync(source, open.Id, cancel);
        await using var command = source.CreateCommand("SELECT min(segment) FROM traffic.log_reader WHERE log = @log");
        command.Parameters.AddWithValue("log", open.Id);
        if (await command.ExecuteScalarAsync(cancel) is not long passed)
            return;
        var old = (now - keep).ToUnixTimeMilliseconds();
        foreach (var segment in open.Files.Segments().Where(s => s < passed))
        {
            // A segment is as old as the one after it is begun.
            using var next = new LogReader(open.Files, new LogPosition(segment + 1, 0, -1));
            if (!next.TryRead(open.Log.End, out var block) || block.WrittenMs > old)
                break;
            open.Log.DeleteBefore(segment + 1);
        }
    }
}
