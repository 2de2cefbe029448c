using System.Globalization;
using Relais.Traffic.Live;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Live;
using Relais.Traffic.Measures.Records;
using Relais.Traffic.Sites;

namespace Relais.Traffic.History;

/// <summary>Reads a collector's log as rows of the history.</summary>
internal sealed class ClosedHours(KnownSites sites)
{
    private const int MostRecords = 500_000;

    /// <summary>Reads whole blocks: counted, written before <paramref name="overMs"/>, and no more than fit into memory.</summary>
    public (RecordRows Rows, LogPosition To) Read(CountedLog log, LogPosition from, long overMs) => Read(log, from, log.End, overMs, MostRecords);

    /// <summary>Reads all up to a place that was reached before.</summary>
    public (RecordRows Rows, LogPosition To) Read(CountedLog log, LogPosition from, LogPosition end) => Read(log, from, end, long.MaxValue, int.MaxValue);

    private (RecordRows Rows, LogPosition To) Read(CountedLog log, LogPosition from, LogPosition end, long overMs, int most)
    {
        var (rows, to) = (new RecordRows(id => sites.NameOf(id) ?? id.ToString(CultureInfo.InvariantCulture)), from);
        using var reader = new LogReader(log.Files, from);
        while (rows.Count < most && reader.TryRead(end, out var block) && block.WrittenMs < overMs)
        {
            var rest = block.Records.Span;
            while (Record.TryRead(ref rest, out var record))
            {
                if (!log.Twins.Contains(LiveAggregate.KeyOf(record.Id)))
                    rows.Take(record);
            }

            to = reader.Position;
        }

        return (rows, to);
    }
}
