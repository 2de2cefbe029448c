using System.Globalization;
using Relais.Kernel.Verbs;

namespace Relais.Telephony.Pacing.Simulation;

/// <summary><c>relais telephony simulate</c>: tries ways of calling on a study before using them. No server, no telephone.</summary>
internal static class SimulateVerb
{
    private const int UsageError = 2;

    private const string Usage = """
        usage: relais telephony simulate [OPTION VALUE]...
          --mode M          preview, progressive, predictive or all (all)
          --interviewers N  on shift (20)
          --answer P        percent of calls that somebody or something answers (35)
          --swing P         percent by which that rises from the middle of the shift to its end; negative: falls (0)
          --interview S     mean length of an interview, in seconds (600); refusals, machines and appointments are as usual
          --note S          mean time after a conversation, in seconds (12)
          --read S          preview: mean time to read a case, in seconds (15)
          --ring S          how long a telephone may ring, in seconds, 15 at least (25)
          --limit P         percent of answered calls that may be abandoned (3)
          --hours H         of the shift (4)        --days N   of shifts (1)
          --seeds N         repetitions with other calls and people (5)
        prints, averaged over the repetitions: the share of time in conversation, abandoned calls, the worst moment, waits
        """;

    public static readonly Verb Verb = new("telephony simulate", "try a way of calling on a study: relais telephony simulate --help", RunAsync) { Usage = Usage };

    private static async Task<int> RunAsync(VerbCall call, CancellationToken cancel)
    {
        if (call.Arguments is ["--help"] or ["help"])
        {
            await call.Out.WriteLineAsync(Usage);
            return 0;
        }

        if (!TryParse(call.Arguments, out var study, out var modes, out var seeds))
        {
            await call.Error.WriteLineAsync(Usage);
            return UsageError;
        }

        await call.Out.WriteLineAsync("mode         in conversation   abandoned   worst moment   mean wait s   9 in 10 below s    placed   answered   lines");
        foreach (var mode in modes)
        {
            var results = new List<SimulationResult>();
            for (var seed = 1; seed <= seeds; seed++)
            {
                cancel.ThrowIfCancellationRequested();
                results.Add(StudySimulation.Run(study, mode, (ulong)seed));
            }

            var of = SimulationResult.Mean(results);
            await call.Out.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{mode.ToString().ToLowerInvariant(),-12} {of.TalkShare,14:P1} {of.Abandonment,12:P2} {Math.Max(of.WorstDay, of.WorstRolling),14:P2} {of.MeanWait,13:F1} {of.LongWait,17:F0} {of.Placed,9} {of.Answered,10} {of.MostLines,7}"));
        }

        return 0;
    }

    private static bool TryParse(IReadOnlyList<string> words, out PacedStudy study, out IReadOnlyList<DialMode> modes, out int seeds)
    {
        (study, modes, seeds) = (new PacedStudy(), [DialMode.Preview, DialMode.Progressive, DialMode.Predictive], 5);
        for (var i = 0; i < words.Count; i += 2)
        {
            if (i + 1 == words.Count)
                return false;
            var value = words[i + 1];
            if (words[i] == "--mode")
            {
                if (value == "all")
                    continue;
                if (!Enum.TryParse<DialMode>(value, ignoreCase: true, out var mode) || !Enum.IsDefined(mode))
                    return false;
                modes = [mode];
                continue;
            }

            if (!double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
                return false;
            if (words[i] == "--seeds")
                seeds = (int)Math.Clamp(number, 1, 1000);
            else if (StudyFields.With(study, words[i][Math.Min(2, words[i].Length)..], number) is { } changed)
                study = changed;
            else
                return false;
        }

        return true;
    }
}
