using System.Diagnostics;
using Relais.Traffic.History;

namespace Relais.Traffic.Reports;

/// <summary>Answers a question from the history: pages, listening or both, in the order of times, then of dimensions, then of measures.</summary>
internal static class ReportRun
{
    public static IReadOnlyList<ReportLine> Of(HistoryFolder history, ReportQuestion question, CancellationToken cancel) => Of(history, question, KeptAnswers.Worth, cancel);

    /// <param name="worth">An answer that takes longer to make is kept.</param>
    public static IReadOnlyList<ReportLine> Of(HistoryFolder history, ReportQuestion question, TimeSpan worth, CancellationToken cancel)
    {
        var path = KeptAnswers.PathOf(history, question);
        if (KeptAnswers.Read(path) is { } kept)
            return kept;
        var begun = Stopwatch.GetTimestamp();
        var lines = Make(history, question, cancel);
        if (Stopwatch.GetElapsedTime(begun) >= worth)
            KeptAnswers.Write(path, lines);
        return lines;
    }

    /// <summary>Makes an answer from the rows.</summary>
    public static IReadOnlyList<ReportLine> Make(HistoryFolder history, ReportQuestion question, CancellationToken cancel)
    {
        using var duck = new Duck();
        IEnumerable<ReportLine> lines =
        [
            .. question.IsOfPages ? PageReport.Of(history, duck, question, cancel) : [],
            .. question.IsOfListening ? ListeningReport.Of(history, duck, question, cancel) : [],
        ];
        // Sorting keeps the order of measures.
        return [.. lines.OrderBy(l => l.Bucket).ThenBy(l => string.Join('\0', l.Of), StringComparer.Ordinal)];
    }
}
