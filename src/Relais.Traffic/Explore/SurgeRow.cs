using Relais.Traffic.Reports;

namespace Relais.Traffic.Explore;

/// <summary>A measure during an event, and at the same time of day on the days before: the middle one of them, the least and the most.</summary>
internal sealed record SurgeRow(string Measure, double Then, double Usual, double Least, double Most)
{
    /// <summary>How many times the usual; null where usually there is nobody.</summary>
    public double? Times => Usual > 0 ? Then / Usual : null;

    /// <param name="times">The event and the days before. A day of which nothing is told had nobody.</param>
    public static IReadOnlyList<SurgeRow> Of(IReadOnlyList<ReportLine> lines, int times) =>
        [.. ShownReport.Measures.Where(m => lines.Any(l => l.Measure == m)).Select(measure =>
        {
            var values = new double[times];
            foreach (var line in lines.Where(l => l.Measure == measure))
                values[line.Bucket] = line.Value ?? 0;
            var before = values[1..].Order().ToArray();
            var middle = before.Length % 2 == 1 ? before[before.Length / 2] : (before[(before.Length / 2) - 1] + before[before.Length / 2]) / 2;
            return new SurgeRow(measure, values[0], middle, before[0], before[^1]);
        })];
}
