using Npgsql;

namespace Relais.Traffic.History;

/// <summary>Whether the history in ClickHouse lacks hours that are over, of whichever collector: each says each minute up to when it has brought all.</summary>
internal sealed class LateHistory(NpgsqlDataSource source, KeptHistory kept, TimeProvider clock)
{
    // A collector that was taken away for good says nothing any more; after that long nobody waits for it.
    private const string First = "SELECT min(at) FROM traffic.log_reader WHERE reader = @reader AND at > @forgotten";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(7);

    /// <summary>Since when something may be missing; null when all is there, or where history is this node's files.</summary>
    public async Task<DateTimeOffset?> SinceAsync(CancellationToken cancel)
    {
        if (kept.ClickHouse is null)
            return null;
        var now = clock.GetUtcNow();
        await using var command = source.CreateCommand(First);
        command.Parameters.AddWithValue("reader", FeedClickHouse.Reader);
        command.Parameters.AddWithValue("forgotten", now - Forgotten);
        return await command.ExecuteScalarAsync(cancel) is DateTime first && now - first > Patience ? new DateTimeOffset(first, TimeSpan.Zero) : null;
    }
}
