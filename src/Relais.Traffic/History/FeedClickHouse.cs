using System.Globalization;
using Relais.Traffic.Live;
using Relais.Traffic.Log;

namespace Relais.Traffic.History;

/// <summary>
/// Brings hours that are over from a collector's log into ClickHouse, each record once. Where a batch ends is stored before it is inserted: whoever dies in between reads
/// the same records again and inserts them under the same token, however much the log has grown. A batch that merely began at the same place would hold more by then,
/// and ClickHouse would take all of it for the old one.
/// </summary>
internal sealed class FeedClickHouse(LogPlaces places, ClickHouseHistory history, ClosedHours hours)
{
    public const string Reader = "clickhouse";

    /// <summary>The end of the batch that is on its way, or was the last one.</summary>
    public const string Ahead = "clickhouse-ahead";

    // Then the tokens of so many other inserts may have come that ClickHouse has forgotten ours.
    private static readonly TimeSpan Doubtful = TimeSpan.FromDays(1);

    public async Task LookAsync(Guid log, CountedLog counted, long overMs, DateTimeOffset now, CancellationToken cancel)
    {
        await places.FollowAsync(Reader, KeepHistory.Reader, cancel);
        await history.OpenAsync(cancel);
        var (from, _) = await places.OfAsync(Reader, cancel);
        var (ahead, since) = await places.OfAsync(Ahead, cancel);
        if (from.IsBefore(ahead))
        {
            // What was begun is ended as it was begun.
            await InsertAsync(log, from, hours.Read(counted, from, ahead).Rows, now - since > Doubtful, cancel);
            await places.KeepAsync(Reader, ahead, now, cancel);
            from = ahead;
        }

        while (hours.Read(counted, from, overMs) is var (rows, to) && to != from)
        {
            await places.KeepAsync(Ahead, to, now, cancel);
            await InsertAsync(log, from, rows, doubtful: false, cancel);
            await places.KeepAsync(Reader, to, now, cancel);
            from = to;
        }

        // Also when there was nothing: so others see that this log is not behind.
        await places.KeepAsync(Reader, from, now, cancel);
    }

    private async Task InsertAsync(Guid log, LogPosition from, RecordRows rows, bool doubtful, CancellationToken cancel)
    {
        var batch = string.Create(CultureInfo.InvariantCulture, $"log-{log:N}-{from.Segment}-{from.Offset}");
        await InsertAsync(ClickHouseTable.Requests, [.. rows.Views.Select(r => RowOf(batch, r))], batch, doubtful, cancel);
        await InsertAsync(ClickHouseTable.Listens, [.. rows.Listens.Select(r => RowOf(batch, r))], batch, doubtful, cancel);
    }

    private async Task InsertAsync(ClickHouseTable table, IReadOnlyCollection<object[]> rows, string batch, bool doubtful, CancellationToken cancel)
    {
        if (!doubtful || await history.CountAsync(table, batch, cancel) < rows.Count)
            await history.InsertAsync(table, rows, batch, cancel);
    }

    private object[] RowOf(string batch, in RequestRow row) =>
        [batch, row.At, history.DayOf(row.At), row.Site, row.Path, row.Method, (ushort)row.Status, row.Page, row.Bot, row.Visitor, row.Device, row.Player, row.Region];

    private object[] RowOf(string batch, in ListenRow row) =>
        [batch, row.Start, row.Stop, history.DayOf(row.Start), row.Site, row.Channel, row.Bot, row.Listener, row.Device, row.Player, row.Region];
}
