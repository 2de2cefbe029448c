namespace Relais.Audience.Numerics.Calibration;

/// <summary>
/// Moves design weights as little as the method's distance allows so that the sample's totals become the population's (Deville and Särndal,
/// Calibration estimators in survey sampling, JASA 87, 1992).
/// </summary>
public static class Calibrate
{
    /// <summary>Weights that meet every total, or why there are none.</summary>
    /// <exception cref="ArgumentException">The method cannot take these margins or bounds: see <see cref="WhyNot"/>.</exception>
    public static CalibrationOutcome Run(CalibrationProblem problem, CalibrationSettings settings, CancellationToken cancel = default)
    {
        if (WhyNot(problem, settings) is { } why)
            throw new ArgumentException(why, nameof(settings));
        if (InputChecks.Of(problem, settings) is { Count: > 0 } wrong)
            return new CalibrationOutcome.Refused(wrong);

        var bounds = BoundsOf(settings);
        var rows = ModelRows.Of(problem);
        var misses = new Misses(problem, Targets(problem), Absolute(problem));
        var before = rows.TotalsOf(rows.Weights);
        if (Reach.Alone(problem, misses, before, bounds) is { Count: > 0 } alone)
            return new CalibrationOutcome.Refused([Reach.Explain(problem, rows, misses, before, bounds, alone, settings.Watch, cancel)]);

        var direct = settings.Method is CalibrationMethod.PostStratify or CalibrationMethod.Rake;
        var redundant = new List<string>();
        if (!direct && Dependence.Check(problem, rows, misses, settings.Tolerance, redundant) is { Count: > 0 } contradictions)
            return new CalibrationOutcome.Refused(contradictions);

        var end = direct
            ? Proportions.Rake([.. problem.Margins.OfType<CellMargin>()], problem.DesignWeights, misses, settings, cancel)
            : NewtonSteps.Run(rows, new Distance(settings.Method, bounds), misses, Start(problem, rows.Columns, before, settings.Method), settings, cancel);
        if (!end.Met)
            return new CalibrationOutcome.Refused(Why(problem, rows, misses, before, bounds, end, settings, cancel));

        var weights = rows.ToRespondents(end.Ratios);
        // Exactly on a bound, a product with the weight and a division again may leave it by one bit.
        var (atLower, atUpper) = (weights.Count(g => g <= bounds.Lower), weights.Count(g => g >= bounds.Upper));
        for (var i = 0; i < weights.Length; i++)
            weights[i] *= problem.DesignWeights[i];
        var fit = new CalibrationFit(end.Passes, end.LargestMiss, problem.ColumnName(end.WorstColumn), weights.Count(w => w < 0), atLower, atUpper, redundant);
        return new CalibrationOutcome.Met(weights, fit);
    }

    /// <summary>Why a method cannot be asked for with these margins and bounds, or null: something for whoever wrote the call.</summary>
    public static string? WhyNot(CalibrationProblem problem, CalibrationSettings settings)
    {
        var needsBounds = settings.Method is CalibrationMethod.Logit or CalibrationMethod.Truncated;
        var cellsOnly = settings.Method is CalibrationMethod.PostStratify or CalibrationMethod.Rake;
        if (!(settings.Tolerance > 0 && settings.Tolerance < 1))
            return "the tolerance must lie between 0 and 1";
        if (settings.MaxPasses < 1)
            return "at least one pass is needed";
        if (needsBounds && settings.Bounds is null)
            return "the logit and truncated methods need bounds of the ratio of the new weight to the design weight, such as 0.5 and 2";
        if (!needsBounds && settings.Bounds is not null)
            return "bounds belong to the methods logit and truncated: the others would ignore them";
        if (settings.Bounds is { } b && !(b.Lower < 1 && b.Upper > 1 && double.IsFinite(b.Lower)))
            return "the lower bound must lie below 1 and the upper above 1, because they bound the ratio of the new weight to the design weight";
        if (settings is { Method: CalibrationMethod.Logit, Bounds.Upper: double.PositiveInfinity })
            return "the logit method needs a finite upper bound";
        if (cellsOnly && problem.Margins.Any(m => m is TotalMargin))
            return "rake and poststratify take categorical margins only: use the method raking for numeric totals too";
        if (cellsOnly && problem.Households is not null)
            return "rake and poststratify give everybody a weight of their own: use the method raking for one weight a household";
        if (settings.Method == CalibrationMethod.PostStratify && problem.Margins.Count > 1)
            return "post-stratification takes one margin: cross the variables into one (a*b), or use the method rake";
        return null;
    }

    private static Bounds BoundsOf(CalibrationSettings settings) => settings.Method switch
    {
        CalibrationMethod.Linear => new Bounds(double.NegativeInfinity, double.PositiveInfinity),
        CalibrationMethod.Logit or CalibrationMethod.Truncated => settings.Bounds!.Value,
        CalibrationMethod.PostStratify or CalibrationMethod.Rake or CalibrationMethod.Raking => new Bounds(0, double.PositiveInfinity),
    };

    // A cell without total and without respondents asks for nothing.
    private static double[] Targets(CalibrationProblem problem) => [.. problem.Totals().Select(t => double.IsNaN(t) ? 0 : t)];

    private static double[] Absolute(CalibrationProblem problem)
    {
        var (absolute, column) = (new double[problem.Columns], 0);
        foreach (var margin in problem.Margins)
        {
            for (var i = 0; margin is TotalMargin total && i < problem.Respondents; i++)
                absolute[column] += problem.DesignWeights[i] * Math.Abs(total.Values[i]);
            column += margin.Columns;
        }

        return absolute;
    }

    // Raking starts from the first categorical margin met: weights that only count the sample may be thousands of times too small.
    private static double[] Start(CalibrationProblem problem, int columns, double[] before, CalibrationMethod method)
    {
        var (lambda, column) = (new double[columns], 0);
        foreach (var margin in problem.Margins)
        {
            if (method == CalibrationMethod.Raking && margin is CellMargin cell)
            {
                var whole = Math.Log(Weighted.Sum(cell.Totals.ToArray().Where(t => t > 0).ToArray()) / Weighted.Sum(problem.DesignWeights));
                for (var k = 0; k < cell.Columns; k++)
                    lambda[column + k] = problem.Households is not null ? whole : before[column + k] > 0 ? Math.Log(cell.Totals[k] / before[column + k]) : 0;
                break;
            }

            column += margin.Columns;
        }

        return lambda;
    }

    private static IReadOnlyList<Refusal> Why(
        CalibrationProblem problem, ModelRows rows, Misses misses, double[] before, Bounds bounds, IterationEnd end, CalibrationSettings settings, CancellationToken cancel)
    {
        if (Dependence.Check(problem, rows, misses, settings.Tolerance, []) is { Count: > 0 } contradictions)
            return contradictions;
        // Without bounds, totals that do not contradict one another can be met.
        if (settings.Method == CalibrationMethod.Linear)
            return [new Refusal.NotConverged(end.Passes, end.LargestMiss, problem.ColumnName(end.WorstColumn), settings.Tolerance)];
        return [Reach.Explain(problem, rows, misses, before, bounds, [], settings.Watch, cancel) is { Together.Count: > 0 } outOfReach
            ? outOfReach
            : new Refusal.NotConverged(end.Passes, end.LargestMiss, problem.ColumnName(end.WorstColumn), settings.Tolerance)];
    }
}
