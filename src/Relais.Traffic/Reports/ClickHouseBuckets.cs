using System.Globalization;

namespace Relais.Traffic.Reports;

/// <summary>
/// Times of a question that have no second in common, as SQL of ClickHouse: two constant arrays in which it searches by halves, because its joins look for equals and
/// would hold each row against each time.
/// </summary>
internal sealed class ClickHouseBuckets
{
    private readonly Dictionary<long, int> _places;
    private readonly List<Bucket> _buckets;

    private ClickHouseBuckets(ReportQuestion question, List<int> places)
    {
        places.Sort((a, b) => question.Buckets[a].Start.CompareTo(question.Buckets[b].Start));
        _buckets = [.. places.Select(p => question.Buckets[p])];
        _places = places.ToDictionary(p => question.Buckets[p].Start);
    }

    public long From => _buckets[0].Start;

    public long To => _buckets[^1].Stop;

    /// <summary>The arrays, to stand after WITH.</summary>
    public string Arrays => $"{Array(_buckets.Select(b => b.Start))} AS opens, {Array(_buckets.Select(b => b.Stop))} AS closes, {Array(Enumerable.Range(1, _buckets.Count).Select(n => (long)n))} AS numbers";

    /// <summary>
    /// The question's times in as many parts as it needs: one as a rule; two where an event of a whole day is compared with days of which one has 23 hours.
    /// </summary>
    public static IEnumerable<ClickHouseBuckets> Of(ReportQuestion question)
    {
        var parts = new List<(long End, List<int> Places)>();
        foreach (var place in Enumerable.Range(0, question.Buckets.Count).OrderBy(p => question.Buckets[p].Start))
        {
            var bucket = question.Buckets[place];
            var at = parts.FindIndex(p => p.End <= bucket.Start);
            if (at < 0)
                parts.Add((bucket.Stop, [place]));
            else
                parts[at] = (bucket.Stop, [.. parts[at].Places, place]);
        }

        return parts.Select(p => new ClickHouseBuckets(question, p.Places));
    }

    /// <summary>When the time opens in which a moment lies; good where <see cref="Holds"/>.</summary>
    public static string Opens(string moment) => $"toInt64(roundDown({moment}, opens))";

    /// <summary>Whether a moment lies in one of the times.</summary>
    public string Holds(string moment) => $"{moment} >= {Number(From)} AND {moment} < {Closes(Opens(moment))}";

    /// <summary>When a time closes that opens at a moment.</summary>
    public static string Closes(string opened) => $"transform({opened}, opens, closes, toInt64(0))";

    /// <summary>All times that a stretch may touch, by when they open.</summary>
    public static string Touched(string since, string until) =>
        $"arraySlice(opens, {Index(since)}, {Index($"{until} - 1")} - {Index(since)} + 1)";

    /// <summary>Which of the question's times opens then.</summary>
    public int PlaceOf(long opened) => _places[opened];

    private static string Index(string moment) => $"transform({Opens(moment)}, opens, numbers, toInt64(1))";

    private static string Array(IEnumerable<long> numbers) => $"CAST([{string.Join(',', numbers.Select(Number))}], 'Array(Int64)')";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
