using System.Diagnostics;
using System.Globalization;
using Relais.Traffic.History;
using Relais.Traffic.Reports;

namespace Relais.Traffic.Bench;

/// <summary>A day of very much listening, written as the product writes it, and asked for by channel and quarter of an hour.</summary>
internal static class ReportBench
{
    private const double AimSeconds = 1.5;
    private const int Rounds = 3;

    public static int Run(string path, long events)
    {
        var history = HistoryFolder.Open(path);
        var from = Bucket.Midnight(new DateOnly(2026, 1, 15), history.Zone);
        var begun = Stopwatch.GetTimestamp();
        var (beats, rows, files) = new BroadcastDay(events).Write(history, from);
        var size = Directory.EnumerateFiles(path, "*.parquet", SearchOption.AllDirectories).Sum(f => new FileInfo(f).Length);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{beats} beats of a day, put together and written in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s: {rows} times of listening in {files} files, {size / 1048576.0:0} MiB\n"));
        Console.WriteLine("| asked | seconds, median | least | most | lines |\n|---|---|---|---|---|");
        Ask(history, from, "quarter", ["channel"], "channel x quarter of an hour");
        Ask(history, from, "all", ["channel"], "channel, the whole day");
        using var own = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\naim {AimSeconds:0.0} s; all eleven measures, listeners told exactly and not estimated; {own.PeakWorkingSet64 / 1048576.0:0} MiB at most, its own making of the day included"));
        return 0;
    }

    private static void Ask(HistoryFolder history, long from, string each, IReadOnlyList<string> by, string what)
    {
        var question = new ReportQuestion(
            Bucket.Of(DateTimeOffset.FromUnixTimeSeconds(from), DateTimeOffset.FromUnixTimeSeconds(from + BroadcastDay.Seconds), each, history.Zone) ?? [], by,
            new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal), Definition.Pages);
        var made = Say($"{what}, made from the rows", () => ReportRun.Make(history, question, CancellationToken.None));
        // As the server does by night.
        var kept = ReportRun.Of(history, question, TimeSpan.Zero, CancellationToken.None);
        var again = Say($"{what}, made before and kept", () => ReportRun.Of(history, question, CancellationToken.None));
        if (!Same(made, kept) || !Same(made, again))
            throw new InvalidOperationException("What is kept is not what was made.");
    }

    private static IReadOnlyList<ReportLine> Say(string what, Func<IReadOnlyList<ReportLine>> ask)
    {
        var (times, lines) = (new List<double>(), (IReadOnlyList<ReportLine>)[]);
        for (var round = 0; round < Rounds; round++)
        {
            var asked = Stopwatch.GetTimestamp();
            lines = ask();
            times.Add(Stopwatch.GetElapsedTime(asked).TotalSeconds);
        }

        times.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {times[Rounds / 2]:0.00} | {times[0]:0.00} | {times[^1]:0.00} | {lines.Count} |"));
        return lines;
    }

    private static bool Same(IReadOnlyList<ReportLine> some, IReadOnlyList<ReportLine> others) =>
        some.Count == others.Count && some.Zip(others).All(p => p.First.Bucket == p.Second.Bucket && p.First.Measure == p.Second.Measure && p.First.Value.Equals(p.Second.Value) && p.First.Of.SequenceEqual(p.Second.Of, StringComparer.Ordinal));
}
