using System.Diagnostics;
using System.Globalization;
using Relais.Fieldwork.Bench;
using Relais.Telephony.Pacing;
using Relais.Telephony.Pacing.Simulation;

namespace Relais.Telephony.Bench;

/// <summary>
/// Our predictive pacing beside VICIdial's published adaptation, on the same seeds: the same calls and the same people. Whoever breaks the limit at any moment of a day is
/// said to. VICIdial's runs at its defaults, and at the setting that speaks most of 36, sought for each study on the same seeds, which nobody could do in life.
/// </summary>
internal static class PacingBench
{
    private static readonly (string Name, PacedStudy Study)[] Studies =
    [
        ("household, 8 interviewers", new PacedStudy { Interviewers = 8 }),
        ("household, 20", new PacedStudy { Interviewers = 20 }),
        ("household, 40", new PacedStudy { Interviewers = 40 }),
        ("household, 20, a week", new PacedStudy { Interviewers = 20, Days = 5 }),
        ("mobile, 15 % answer, 60", new PacedStudy { Interviewers = 60, AnswerRate = 0.15 }),
        ("answers rise by 60 %, 20", new PacedStudy { Interviewers = 20, Swing = 0.6 }),
        ("answers fall by 60 %, 20", new PacedStudy { Interviewers = 20, Swing = -0.6 }),
        ("interviews of 3 min, 20", new PacedStudy { Interviewers = 20, Talks = PacedStudy.TalksOf(180) }),
    ];

    // Our own was tuned on seeds below.
    private const int FirstSeed = 1001;

    public static int Run(int seeds)
    {
        Machine.Say("pacing, simulated");
        Say($"{seeds} seeds each, the same for all; limit {Studies[0].Study.Limit:P0} of answered calls; worst: the highest share abandoned so far in a day, or in 24 h, when a call is abandoned");
        Say($"\n| study | pacing | in conversation | abandoned | seeds that broke the limit | worst moment | mean wait s | lines | s a run |");
        Say($"|---|---|---|---|---|---|---|---|---|");
        var (ahead, broken) = (true, 0);
        foreach (var (name, study) in Studies)
        {
            Row(name, "preview", study, DialMode.Preview, seeds, () => new Progressive());
            Row(name, "progressive", study, DialMode.Progressive, seeds, () => new Progressive());
            var peer = Row(name, "VICIdial", study, DialMode.Predictive, seeds, () => new AdaptiveLevel(study.Limit));
            var (most, intensity, target) = Best(study, seeds);
            var best = Row(name, $"VICIdial, level to {most}, intensity {intensity}, target {target}", study, DialMode.Predictive, seeds, () => new AdaptiveLevel(study.Limit, most, intensity, target));
            var ours = Row(name, "Relais, predictive", study, DialMode.Predictive, seeds, () => new GuardedPacing(new Predictive()));
            ahead &= ours.Talk > Math.Max(peer.Talk, best.Talk);
            broken += ours.Broke;
        }

        Say($"\nmore in conversation than VICIdial's better setting in every study: {(ahead ? "yes" : "no")}; our limit broken: {(broken > 0 ? "yes" : "never")}");
        return broken > 0 ? 1 : 0;
    }

    private static (double Talk, int Broke) Row(string study, string way, PacedStudy of, DialMode mode, int seeds, Func<IPacing> make)
    {
        var watch = Stopwatch.StartNew();
        var results = Runs(of, mode, seeds, make);
        var mean = SimulationResult.Mean(results);
        var broke = results.Count(r => !r.Keeps(of.Limit));
        Say(
            $"| {study} | {way} | {mean.TalkShare:P1} | {mean.Abandonment:P2} | {broke} | {Math.Max(mean.WorstDay, mean.WorstRolling):P2} | {mean.MeanWait:F1} | {mean.MostLines} | {watch.Elapsed.TotalSeconds / seeds:F2} |");
        return (mean.TalkShare, broke);
    }

    private static (double Most, double Intensity, double Target) Best(PacedStudy study, int seeds) =>
        (from most in (double[])[1.5, 2, 3] from intensity in (double[])[0.1, 0.3, 1] from target in (double[])[-2, -1, 0, 1] select (most, intensity, target))
        .MaxBy(s => SimulationResult.Mean(Runs(study, DialMode.Predictive, seeds, () => new AdaptiveLevel(study.Limit, s.most, s.intensity, s.target))).TalkShare);

    private static List<SimulationResult> Runs(PacedStudy study, DialMode mode, int seeds, Func<IPacing> make) =>
        [.. Enumerable.Range(FirstSeed, seeds).Select(seed => StudySimulation.Run(study, mode, make(), (ulong)seed))];

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
