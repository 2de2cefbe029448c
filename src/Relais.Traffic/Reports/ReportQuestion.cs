using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>What a report is to tell: of which times, split by what, of whom.</summary>
/// <param name="Buckets">Not empty.</param>
/// <param name="By">Dimensions, of <see cref="Dimensions"/>.</param>
/// <param name="Where">Values that a dimension must have.</param>
internal sealed record ReportQuestion(IReadOnlyList<Bucket> Buckets, IReadOnlyList<string> By, IReadOnlyDictionary<string, IReadOnlyList<string>> Where, Definition Pages)
{
    /// <summary>Of pages; listening has <c>channel</c> in the place of <c>path</c>.</summary>
    public static readonly IReadOnlyList<string> Dimensions = ["site", "channel", "path", "device", "player", "region"];

    /// <summary>Whether pages can be told of so: they have no channel.</summary>
    public bool IsOfPages => !By.Contains("channel", StringComparer.Ordinal) && !Where.ContainsKey("channel");

    /// <summary>Whether listening can: it has no path.</summary>
    public bool IsOfListening => !By.Contains("path", StringComparer.Ordinal) && !Where.ContainsKey("path");

    public long From => Buckets.Min(b => b.Start);

    public long To => Buckets.Max(b => b.Stop);

    /// <summary>The dimensions as the beginning of a list of columns.</summary>
    public string Columns(string prefix = "") => string.Concat(By.Select(d => $"{prefix}{d}, "));

    public string Filter => FilterBy(Duck.Text);

    /// <param name="text">How a text is written in the SQL of whoever is asked.</param>
    public string FilterBy(Func<string, string> text) => string.Concat(Where.Select(w => $" AND {w.Key} IN ({string.Join(", ", w.Value.Select(text))})"));

    /// <summary>The buckets as a table of SQL.</summary>
    public string BucketTable => $"(VALUES {string.Join(", ", Buckets.Select((b, n) => $"({n}, {b.Start}, {b.Stop})"))}) AS bucket(n, opens, closes)";
}

/// <param name="Bucket">Which of the question's.</param>
/// <param name="Of">Values of the dimensions, in the question's order.</param>
/// <param name="Value">Null where it cannot be told: a mean over nobody, different visitors of days whose identifiers are gone.</param>
internal sealed record ReportLine(int Bucket, IReadOnlyList<string> Of, string Measure, double? Value);
