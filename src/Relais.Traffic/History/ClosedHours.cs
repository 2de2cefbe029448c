using System.Globalization;
using Relais.Traffic.Log;
using Relais.Traffic.Measures.Records;
using Relais.Traffic.Sites;

namespace Relais.Traffic.History;

/// <summary>Reads a collector's log as rows of the history.</summary>
internal sealed class ClosedHours(KnownSites sites)
{
    private const int MostRecords = 500_000;

    /// <summary>Reads whole blocks: up to <paramref name="end"/>, written before <paramref name="overMs"/>, and no more than fit into memory.</summary>
    public (RecordRows Rows, LogPosition To) Read(ILogFiles files, LogPosition from, LogPosition end, long overMs) => Read(files, from, end, overMs, MostRecords);

    /// <summary>Reads all up to a place that was reached before.</summary>
    public (RecordRows Rows, LogPosition To) Read(ILogFiles files, LogPosition from, LogPosition end) => Read(files, from, end, long.MaxValue, int.MaxValue);

    private (RecordRows Rows, LogPosition To) Read(ILogFiles files, LogPosition from, LogPosition end, long overMs, int most)
    {
        var (rows, to) = (new RecordRows(id => sites.NameOf(id) ?? id.ToString(CultureInfo.InvariantCulture)), from);
        using var reader = new LogReader(files, from);
        while (rows.Count < most && reader.TryRead(end, out var block) && block.WrittenMs < overMs)
        {
            var rest = block.Records.Span;
            while (Record.TryRead(ref rest, out var record))
                rows.Take(record);
            to = reader.Position;
        }

        return (rows, to);
    }
}
