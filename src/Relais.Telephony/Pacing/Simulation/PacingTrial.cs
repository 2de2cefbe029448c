using System.Globalization;

namespace Relais.Telephony.Pacing.Simulation;

/// <summary>What a supervisor asks of the simulation, as typed, and what came of it.</summary>
internal sealed class PacingTrial
{
    /// <summary>What is asked, in the order in which the page shows it, with what stands there at first.</summary>
    public static readonly IReadOnlyList<(string Name, string First)> Asked =
    [
        ("interviewers", "20"), ("hours", "4"), ("answer", "35"), ("swing", "0"), ("interview", "600"), ("note", "12"), ("read", "15"), ("ring", "25"), ("limit", "3"),
    ];

    // Larger ones take too long for a page; the verb takes them.
    private const double MostInterviewers = 100;
    private const double MostHours = 8;

    // One at a time on a node: it takes a processor for a second or more.
    private static readonly SemaphoreSlim Turn = new(1);

    private PacingTrial(IReadOnlyDictionary<string, string> typed, IReadOnlySet<string> faults, PacedStudy? study) => (Typed, Faults, Study) = (typed, faults, study);

    public IReadOnlyDictionary<string, string> Typed { get; }

    /// <summary>The names of what cannot be taken.</summary>
    public IReadOnlySet<string> Faults { get; }

    /// <summary>Null where something cannot be taken.</summary>
    public PacedStudy? Study { get; }

    /// <summary>The least and the most that a name takes here.</summary>
    public static (double Least, double Most) BoundsOf(string name)
    {
        var (least, most) = StudyFields.BoundsOf(name);
        return (least, name switch { "interviewers" => MostInterviewers, "hours" => MostHours, _ => most });
    }

    /// <param name="typed">What was typed for a name; null where nothing was asked yet.</param>
    public static PacingTrial Of(Func<string, string?> typed)
    {
        var all = Asked.ToDictionary(a => a.Name, a => typed(a.Name)?.Trim() ?? a.First, StringComparer.Ordinal);
        var faults = new HashSet<string>(StringComparer.Ordinal);
        var study = new PacedStudy();
        foreach (var (name, text) in all)
        {
            if (double.TryParse(text.Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number <= BoundsOf(name).Most
                && StudyFields.With(study, name, number) is { } changed)
                study = changed;
            else
                faults.Add(name);
        }

        return new PacingTrial(all, faults, faults.Count == 0 ? study : null);
    }

    /// <summary>Runs the study in each way of calling.</summary>
    public async Task<IReadOnlyList<(DialMode Mode, SimulationResult Result)>> RunAsync(CancellationToken cancel)
    {
        if (Study is not { } study)
            return [];
        await Turn.WaitAsync(cancel);
        try
        {
            return await Task.Run(() => Enum.GetValues<DialMode>().Select(mode => (mode, Mean(study, mode, cancel))).ToList(), cancel);
        }
        finally
        {
            Turn.Release();
        }
    }

    private static SimulationResult Mean(PacedStudy study, DialMode mode, CancellationToken cancel)
    {
        var results = new List<SimulationResult>();
        for (var seed = 1UL; seed <= (study.Interviewers > 40 ? 1UL : 3); seed++)
        {
            cancel.ThrowIfCancellationRequested();
            results.Add(StudySimulation.Run(study, mode, seed));
        }

        return SimulationResult.Mean(results);
    }
}
