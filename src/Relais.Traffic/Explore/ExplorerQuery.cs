using System.Globalization;
using Relais.Traffic.Reports;

namespace Relais.Traffic.Explore;

/// <summary>What an address of the explorer asks for. Days that it does not name move on with the calendar.</summary>
/// <param name="Measure">One of <see cref="ShownReport.Measures"/>.</param>
/// <param name="Until">The last day that is shown.</param>
internal sealed record ExplorerQuery(string Measure, DateOnly From, DateOnly Until, string Each, string? By, string? Site, string? Channel)
{
    private const int FirstDays = 7;

    /// <param name="value">The value of a parameter of the address.</param>
    public static ExplorerQuery Of(Func<string, string?> value, DateOnly today)
    {
        var until = Day(value("until")) ?? today;
        return new ExplorerQuery(
            value("measure") is { } named && ShownReport.Measures.Contains(named, StringComparer.Ordinal) ? named : "page_views",
            Day(value("from")) ?? until.AddDays(1 - FirstDays), until, value("each") is { Length: > 0 } each ? each : "day", value("by"), value("site"), value("channel"));
    }

    public ReportArguments Parse(TimeZoneInfo zone) => ReportArguments.Parse(Arguments().ToLookup(a => a.Name, a => a.Value, StringComparer.Ordinal), zone);

    // On a page the last day is one that is shown.
    public IEnumerable<(string Name, string Value)> Arguments() => new (string, string?)[]
    {
        ("from", Iso(From)), ("to", Iso(Until.AddDays(1))), ("each", Each), ("by", By), ("site", Site), ("channel", Channel),
    }.Where(a => a.Item2 is { Length: > 0 }).Select(a => (a.Item1, a.Item2!));

    public static string Iso(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? Day(string? text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) && day.Year is > 1971 and < 2199 ? day : null;
}
