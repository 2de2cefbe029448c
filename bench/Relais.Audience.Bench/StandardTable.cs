using System.Diagnostics;
using System.Globalization;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Bench;

/// <summary>
/// The standard table of a radio reference, 100 stations x 50 targets x 20 bands over 126,000 made-up interviews, with standard errors: alone, for
/// weights calibrated on 6 margins, 500 bootstrap replicates of it, and the whole process from files to file.
/// </summary>
internal static class StandardTable
{
    private const int Replicates = 500;

    public static async Task RunAsync(TextWriter output, int rounds, string relais, string folder)
    {
        var diary = new BenchDiary();
        var (listening, build) = diary.Listening();
        var sample = new RadioSample(listening, diary.Weights, Array.ConvertAll(diary.Codes[BenchDiary.Region], code => (int)code));
        var request = new IndicatorRequest(diary.CompiledTargets(), BenchDiary.Bands(), BenchDiary.Groups);
        var before = new double[BenchDiary.Interviews];
        Array.Fill(before, 1);
        var problem = new CalibrationProblem(before, diary.Margins());
        diary.Write(folder);

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"Standard table: {BenchDiary.Interviews:N0} interviews, {diary.Rows.Count:N0} rows of listening, {BenchDiary.Stations} stations and {request.Groups.Count} groups, {request.Targets.Count} targets, {request.Bands.Count} bands"));
        await output.WriteLineAsync();
        await output.WriteLineAsync("| what | seconds | peak MiB |");
        await output.WriteLineAsync("|---|---|---|");
        Row(output, "bits from rows", build);
        Row(output, "table with standard errors, first in its process", Seconds(() => ComputeIndicators.From(sample, request)));
        Row(output, "table with standard errors", Median(rounds, () => ComputeIndicators.From(sample, request)));
        Row(output, "table with standard errors of calibrated weights", Median(rounds, () => ComputeIndicators.Calibrated(sample, problem, request)));
        Row(output, $"{Replicates} bootstrap replicates of it", Seconds(() => BootstrapIndicators.From(sample, request, new(Replicates, Seed: 1))));

        var whole = new List<Ran>();
        for (var round = 0; round < rounds; round++)
        {
            whole.Add(await Processes.RunAsync(relais, "indicators", "--respondents", $"{folder}/r.csv", "--listening", $"{folder}/l.csv", "--weight", "weight",
                "--strata", "m4", "--bands", string.Join(',', request.Bands.Select(band => band.Name)), "--targets", $"{folder}/t.json", "--groups", $"{folder}/g.json",
                "--out", $"{folder}/o.csv"));
        }

        Row(output, "relais indicators, from files to file", whole.Select(ran => ran.Seconds).Order().ElementAt(rounds / 2), whole.Max(ran => ran.PeakMiB));
    }

    private static void Row(TextWriter output, string what, double seconds)
    {
        using var self = Process.GetCurrentProcess();
        Row(output, what, seconds, self.PeakWorkingSet64 / (1024.0 * 1024));
    }

    private static void Row(TextWriter output, string what, double seconds, double peak) =>
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {what} | {seconds:0.00} | {peak:0} |"));

    private static double Median(int rounds, Action run) => Enumerable.Range(0, rounds).Select(_ => Seconds(run)).Order().ElementAt(rounds / 2);

    private static double Seconds(Action run)
    {
        var begun = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(begun).TotalSeconds;
    }
}
