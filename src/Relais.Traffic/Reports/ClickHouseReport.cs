using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>Answers a question from ClickHouse, by the same definitions and in the same order as <see cref="ReportRun"/> does from files.</summary>
internal static class ClickHouseReport
{
    /// <exception cref="HistoryAwayException">ClickHouse does not answer.</exception>
    public static async Task<IReadOnlyList<ReportLine>> OfAsync(ClickHouseHistory history, ReportQuestion question, CancellationToken cancel)
    {
        await history.OpenAsync(cancel);
        var lines = new List<ReportLine>();
        foreach (var buckets in ClickHouseBuckets.Of(question))
        {
            if (question.Pages == Definition.Cells)
            {
                lines.AddRange(await ClickHouseCells.OfAsync(history, question, buckets, cancel));
                continue;
            }

            if (question.IsOfPages)
                lines.AddRange(await ClickHousePages.OfAsync(history, question, buckets, cancel));
            if (question.IsOfListening)
                lines.AddRange(await ClickHouseListening.OfAsync(history, question, buckets, cancel));
        }

        // Sorting keeps the order of measures.
        return [.. lines.OrderBy(l => l.Bucket).ThenBy(l => string.Join('\0', l.Of), StringComparer.Ordinal)];
    }

    /// <summary>Which times have several days, of which one has numbers of that day alone.</summary>
    public static async Task<Func<Bucket, bool>> UnlinkedAsync(ClickHouseHistory history, ClickHouseTable table, CancellationToken cancel)
    {
        var days = new List<long>();
        await history.EachAsync($"SELECT DISTINCT toInt64(day) FROM {ClickHouseTables.Unlinked} WHERE kind = '{table.Kind}' AND day IN (SELECT day FROM {table.Name})", row => days.Add(row.GetInt64(0)), cancel);
        return bucket => history.DayOf(bucket.Start) is var first && history.DayOf(bucket.Stop - 1) is var last && first < last && days.Exists(d => d >= first && d <= last);
    }
}
