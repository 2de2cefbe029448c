using Relais.Audience.Figures;
using Relais.Audience.Inputs;
using Relais.Audience.Numerics.Radio;
using Relais.Audience.Numerics.Targets;
using Relais.Audience.Studies;

namespace Relais.Audience.Runs;

/// <summary>What came of a computation: all results, or why there are none.</summary>
internal abstract record RunOutcome
{
    private RunOutcome() { }

    public sealed record Computed(IReadOnlyList<Figure> Figures, IReadOnlyList<Curve> Curves, double[] Weights, RunReport Report) : RunOutcome;

    public sealed record Refused(IReadOnlyList<RunFault> Faults) : RunOutcome;
}

/// <summary>Two files and the settings in, weights and figures out. It reads no clock and no chance: the same in gives the same out, to the bit.</summary>
internal static class ComputeRun
{
    private const int MostInputFaults = 20;

    public static RunOutcome From(Guid run, RunSettings settings, Func<Stream> respondentsFile, Func<Stream> listeningFile, Action<RunStep> begin, CancellationToken cancel)
    {
        begin(RunStep.Reading);
        var faults = new ImportFaults();
        var (study, margins) = (settings.Study, settings.Universe.Margins);
        var respondents = Respondents.Read(respondentsFile, study.Columns, margins, study.Targets, faults, cancel);
        var listening = respondents is null ? null : ReadListening.From(listeningFile, study, respondents, faults, cancel);
        if (respondents is null || listening is not { } heard)
            return new RunOutcome.Refused([new RunFault("input", $"{faults.Count}"), .. faults.Kept.Take(MostInputFaults).Select(OfInput)]);
        if (Targets(study.Targets, respondents, out var targets) is { } wrong)
            return new RunOutcome.Refused([wrong]);
        var (groups, bands) = (Groups(study), Bands(study));

        begin(RunStep.Weighting);
        var weighted = WeighRespondents.Run(respondents, margins, study.Columns, study.Scheme, cancel);
        if (weighted is not { Report: { } report, Problem: { } problem })
            return new RunOutcome.Refused(weighted.Faults);

        begin(RunStep.Figures);
        var sample = new RadioSample(heard.Listening, weighted.Weights, respondents.Strata, respondents.Clusters);
        var table = ComputeIndicators.Calibrated(sample, problem, new IndicatorRequest(targets, bands, groups), cancel: cancel);
        begin(RunStep.Curves);
        var curves = ComputeIndicators.Calibrated(sample, problem, new IndicatorRequest(targets, Band.EachQuarterHour(study.Day.Day), groups), cancel: cancel);
        begin(RunStep.Saving);
        return new RunOutcome.Computed(TableRows.Figures(run, table, study), TableRows.Curves(run, curves, study), weighted.Weights, report);
    }

    /// <summary>The targets as sets of respondents; a fault for the first that is not understood.</summary>
    private static RunFault? Targets(IReadOnlyList<TargetSetting> settings, Respondents respondents, out List<Target> targets)
    {
        targets = [];
        foreach (var setting in settings)
        {
            if (TargetExpression.Compile(setting.Expression, respondents.Variables, respondents.Count, out var error) is not { } mask)
                return new RunFault($"target.{error?.Kind}", setting.Name, error?.Subject ?? "", setting.Expression) { Numbers = [error?.Position ?? 0] };
            targets.Add(new Target(setting.Name, mask));
        }

        return null;
    }

    private static List<StationGroup> Groups(StudySettings study)
    {
        var places = study.Stations.Select((s, place) => (s.Code, place)).ToDictionary(s => s.Code, s => s.place, StringComparer.Ordinal);
        return [.. study.AllGroups.Select(g => new StationGroup(g.Name, [.. g.Stations.Select(s => places[s])]))];
    }

    private static List<Band> Bands(StudySettings study) =>
        [.. study.Bands.Select(b => Band.TryParse(b.Text, study.Day.Day, out var error) ?? throw new InvalidOperationException($"A band that was checked is refused: {error}"))];

    private static RunFault OfInput(ImportFault fault) => new($"input.{fault.Code}", [fault.Column ?? "", .. fault.Named]) { Numbers = [fault.Line ?? 0] };
}
