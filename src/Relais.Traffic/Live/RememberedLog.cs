using Relais.Traffic.Collector;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Live;

/// <summary>What a log says to a process that begins: who is here, which ids were counted, and which wait to be.</summary>
internal static class RememberedLog
{
    // 64 MiB of ids: what a collector takes in minutes, and it stands behind by a second.
    private const int MostIds = 1 << 22;

    /// <summary>Reads what is counted already, from a moment to the place that is stored.</summary>
    public static void Read(OpenLog open, LiveAggregate aggregate, LogPosition stored, long sinceMs)
    {
        var first = stored.Segment;
        foreach (var segment in open.Files.Segments().Where(s => s <= stored.Segment).OrderDescending())
        {
            first = segment;
            using var peek = new LogReader(open.Files, new LogPosition(segment, 0, -1));
            if (peek.TryRead(new LogPosition(segment + 1, 0, 0), out var block) && block.WrittenMs < sinceMs)
                break;
        }

        using var reader = new LogReader(open.Files, new LogPosition(first, 0, -1));
        while (reader.TryRead(stored, out var block))
        {
            if (block.WrittenMs >= sinceMs)
                Take(aggregate, block, counted: false);
        }
    }

    /// <summary>The ids that are on disk and not counted.</summary>
    public static HashSet<ulong> Ids(OpenLog open, LogPosition stored)
    {
        var ids = new HashSet<ulong>();
        using var reader = new LogReader(open.Files, stored);
        while (ids.Count < MostIds && reader.TryRead(open.Log.End, out var block))
        {
            var rest = block.Records.Span;
            while (Record.TryRead(ref rest, out var record))
                ids.Add(LiveAggregate.KeyOf(record.Id));
        }

        return ids;
    }

    /// <returns>When the block's first record was received.</returns>
    public static long Take(LiveAggregate aggregate, in LogBlock block, bool counted)
    {
        var rest = block.Records.Span;
        long received = 0;
        while (Record.TryRead(ref rest, out var record))
        {
            received = received == 0 ? record.ReceivedMs : received;
            aggregate.Take(record, counted);
        }

        return received;
    }
}
