using System.Data.Common;
using System.Globalization;

namespace Relais.Traffic.Reports;

/// <summary>What was counted of listening, by bucket and values of dimensions, and the measures that it makes.</summary>
/// <param name="dimensions">How many there are.</param>
internal sealed class ListeningSums(int dimensions)
{
    private const double SecondsPerHour = 3600;
    private readonly Dictionary<string, Of> _told = new(StringComparer.Ordinal);

    public static readonly Action<Of, Func<int, long>> Begun = static (sums, value) => (sums.Sessions, sums.Listens, sums.BegunSeconds) = (value(0), value(1), value(2));

    public static readonly Action<Of, Func<int, long>> Heard = static (sums, value) => (sums.Seconds, sums.ListenSeconds, sums.Listeners) = (value(0), value(1), value(2));

    public static readonly Action<Of, Func<int, long>> Visited = static (sums, value) => sums.Visits = value(0);

    public static readonly Action<Of, Func<int, long>> Peaked = static (sums, value) => (sums.Peak, sums.PeakAt) = (value(0), value(1));

    /// <summary>Takes a row: a bucket, values of dimensions, then numbers.</summary>
    /// <param name="bucket">The question's, where the row's first column is not it.</param>
    public void Take(DbDataReader row, Action<Of, Func<int, long>> take, int? bucket = null)
    {
        var values = Enumerable.Range(1, dimensions).Select(row.GetString).ToList();
        var at = bucket ?? row.GetInt32(0);
        var key = string.Join('\0', values.Prepend(at.ToString(CultureInfo.InvariantCulture)));
        if (!_told.TryGetValue(key, out var sums))
            sums = _told[key] = new Of(at, values);
        take(sums, i => row.GetInt64(1 + dimensions + i));
    }

    /// <param name="isUnlinked">Whether people cannot be told apart over the whole of a time.</param>
    public IEnumerable<ReportLine> Lines(ReportQuestion question, Func<Bucket, bool> isUnlinked) =>
        _told.Values.SelectMany(s => Lines(s, question.Buckets[s.Bucket].Hours, isUnlinked(question.Buckets[s.Bucket])));

    private static IEnumerable<ReportLine> Lines(Of of, double hours, bool unlinked)
    {
        var total = of.Seconds / SecondsPerHour;
        double? listeners = unlinked ? null : of.Listeners;
        double?[] values =
        [
            of.Sessions, total, listeners, total / hours, listeners is > 0 ? total / listeners : null, of.Listens, of.ListenSeconds / SecondsPerHour,
            of.Listens > 0 ? of.BegunSeconds / (double)of.Listens : null, of.Visits, of.Peak, of.Peak > 0 ? of.PeakAt : null,
        ];
        return ListeningReport.Measures.Select((m, i) => new ReportLine(of.Bucket, of.Values, m, values[i]));
    }

    internal sealed record Of(int Bucket, IReadOnlyList<string> Values)
    {
        public long Sessions { get; set; }
        public long Listens { get; set; }
        public long BegunSeconds { get; set; }
        public long Seconds { get; set; }
        public long ListenSeconds { get; set; }
        public long Listeners { get; set; }
        public long Visits { get; set; }
        public long Peak { get; set; }
        public long PeakAt { get; set; }
    }
}
