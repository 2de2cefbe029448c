using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

internal static class ReportPeriods
{
    /// <summary>Whether people cannot be told apart over the whole of a time: it has several days, and in one of them numbers are of that day alone.</summary>
    public static bool IsUnlinked(HistoryFolder history, string table, Bucket bucket)
    {
        var (first, last) = (history.DayOf(bucket.Start), history.DayOf(bucket.Stop - 1));
        return first < last && history.Days(table).Any(d => d >= first && d <= last && history.IsUnlinked(table, d));
    }
}
