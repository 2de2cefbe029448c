using System.Globalization;
using Relais.Audience.Inputs;
using Relais.Audience.Numerics.Calibration;
using Relais.Audience.Studies;
using Relais.Audience.Universes;

namespace Relais.Audience.Runs;

/// <summary>What came of weighting: one of the two.</summary>
internal sealed record WeightedSample(double[] Weights, CalibrationProblem? Problem, RunReport? Report, IReadOnlyList<RunFault> Faults)
{
    public static WeightedSample Refused(params IReadOnlyList<RunFault> faults) => new([], null, null, faults);
}

/// <summary>Brings respondents and a universe's totals together, calibrates, and puts a refusal into codes that pages have words for.</summary>
internal static class WeighRespondents
{
    public static WeightedSample Run(Respondents respondents, IReadOnlyList<MarginTotal> totals, SurveyColumns columns, SchemeSetting scheme, CancellationToken cancel)
    {
        var margins = totals.GroupBy(t => t.Variable, StringComparer.Ordinal).Select(m => MarginOf(m.Key, [.. m], respondents)).ToList();
        var problem = new CalibrationProblem(Design(respondents, margins, columns), margins);
        var settings = new CalibrationSettings(scheme.Method)
        {
            Bounds = scheme is { HasBounds: true, Lower: { } lower, Upper: { } upper } ? new Bounds(lower, upper) : null, Tolerance = scheme.Tolerance,
        };
        if (Calibrate.WhyNot(problem, settings) is { } why)
            return WeightedSample.Refused(new RunFault("scheme", why));
        return Calibrate.Run(problem, settings, cancel) switch
        {
            CalibrationOutcome.Met met => new WeightedSample(met.Weights, problem, new RunReport(met.Fit, WeightReport.Of(problem, met.Weights, settings.Bounds)), []),
            CalibrationOutcome.Refused refused => WeightedSample.Refused([.. refused.Reasons.Select(Of)]),
            _ => throw new InvalidOperationException("A calibration that neither met its totals nor was refused."),
        };
    }

    // Without design weights everybody starts with the same one, and that stands for the population: bounds of ratios mean something only so.
    private static double[] Design(Respondents respondents, List<Margin> margins, SurveyColumns columns)
    {
        if (columns.Weight is not null || margins.OfType<CellMargin>().FirstOrDefault() is not { } first)
            return respondents.Weights;
        var population = 0.0;
        foreach (var total in first.Totals)
            population += double.IsNaN(total) ? 0 : total;
        return [.. respondents.Weights.Select(w => w * population / respondents.Count)];
    }

    private static Margin MarginOf(string variable, IReadOnlyList<MarginTotal> totals, Respondents respondents)
    {
        var variables = variable.Split('*').Select(v => respondents.Variable(v) ?? throw new InvalidOperationException($"No variable {v}: the file was checked.")).ToList();
        if (totals is [{ Level: "" } number])
        {
            var numbers = variables[0].Levels.Select(l => double.Parse(l, CultureInfo.InvariantCulture)).ToArray();
            return new TotalMargin(variable, [.. Enumerable.Range(0, respondents.Count).Select(i => numbers[variables[0].CodeOf(i)])], number.Total);
        }

        var places = totals.Select((t, place) => (t.Level, place)).ToDictionary(t => t.Level, t => t.place, StringComparer.Ordinal);
        var (codes, met) = (new ushort[respondents.Count], new Dictionary<long, ushort>());
        for (var i = 0; i < codes.Length; i++)
        {
            // Told by the levels' codes, and once by their names: there are few cells and many respondents.
            var (respondent, cell) = (i, 0L);
            foreach (var crossed in variables)
                cell = cell * crossed.Levels.Count + crossed.CodeOf(i);
            if (!met.TryGetValue(cell, out codes[i]))
                met[cell] = codes[i] = (ushort)places[string.Join('*', variables.Select(v => v.LevelOf(respondent)))];
        }

        return new CellMargin(variable, [.. totals.Select(t => t.Level)], codes, [.. totals.Select(t => t.Total)]);
    }

    private static RunFault Of(Refusal refusal) => refusal switch
    {
        Refusal.BadWeight bad => new RunFault("weight.bad") { Numbers = [bad.Respondent + 1, bad.Weight] },
        Refusal.UnevenHousehold uneven => new RunFault("weight.household") { Numbers = [uneven.First + 1, uneven.Second + 1] },
        Refusal.EmptyCell empty => new RunFault("weight.empty-cell", empty.Column) { Numbers = [empty.Total] },
        Refusal.NoTotal none => new RunFault("weight.no-total", none.Column) { Numbers = [none.Respondents] },
        Refusal.ImpossibleTotal impossible => new RunFault("weight.impossible", impossible.Column) { Numbers = [impossible.Total, impossible.Respondents] },
        Refusal.SumsDisagree sums => new RunFault("weight.sums", sums.Margin, sums.Other) { Numbers = [sums.Sum, sums.OtherSum, Math.Abs(sums.Sum - sums.OtherSum)] },
        Refusal.Contradiction against => new RunFault("weight.contradiction", against.Column, string.Join(", ", against.Others)) { Numbers = [against.Target, against.Implied] },
        Refusal.OutOfReach beyond => OutOfReach(beyond),
        Refusal.NotConverged slow => new RunFault("weight.not-converged", slow.WorstColumn) { Numbers = [slow.Passes, slow.LargestMiss, slow.Tolerance] },
        _ => throw new InvalidOperationException($"A refusal without words: {refusal.GetType().Name}."),
    };

    private static RunFault OutOfReach(Refusal.OutOfReach beyond)
    {
        // Weights below zero are no way out: a study's bounds refuse them.
        var opening = new[] { beyond.Both, beyond.UpperOnly, beyond.LowerOnly }.FirstOrDefault(o => o is { Bounds.Lower: >= 0 });
        var cells = beyond.Alone.Concat(beyond.Together).DistinctBy(c => c.Column, StringComparer.Ordinal).ToList();
        return opening is null || double.IsInfinity(beyond.Bounds.Upper)
            ? new RunFault("weight.unreachable") { Cells = cells }
            : new RunFault("weight.bounds") { Numbers = [beyond.Bounds.Lower, beyond.Bounds.Upper, opening.Bounds.Lower, opening.Bounds.Upper], Cells = cells };
    }
}
