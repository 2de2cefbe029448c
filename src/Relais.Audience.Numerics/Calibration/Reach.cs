namespace Relais.Audience.Numerics.Calibration;

/// <summary>Which totals can be had at all within bounds, which of them are nearest to those asked, and what opening the bounds would take.</summary>
internal static class Reach
{
    // A miss of this share of a total is no longer told from none.
    private const double Shown = 1e-7;

    /// <summary>Cells that cannot be met even alone: everything in them counts at least the lower bound and at most the upper.</summary>
    public static List<Shortfall> Alone(CalibrationProblem problem, Misses misses, double[] before, Bounds bounds)
    {
        var (alone, column) = (new List<Shortfall>(), 0);
        foreach (var margin in problem.Margins)
        {
            for (var k = 0; k < margin.Columns; k++, column++)
            {
                var target = misses.Targets[column];
                if (margin is not CellMargin || before[column] <= 0)
                    continue;
                var nearest = Math.Clamp(target, bounds.Lower * before[column], bounds.Upper * before[column]);
                if (Math.Abs(nearest - target) > 1e-12 * target)
                    alone.Add(new Shortfall(margin.ColumnName(k), target, nearest, before[column]));
            }
        }

        return alone;
    }

    /// <summary>
    /// What to say of totals that cannot be met within bounds; without any <see cref="Refusal.OutOfReach.Together"/> they can.
    /// </summary>
    public static Refusal.OutOfReach Explain(
        CalibrationProblem problem, ModelRows rows, Misses misses, double[] before, Bounds bounds, IReadOnlyList<Shortfall> alone, Action<string, double>? watch, CancellationToken cancel)
    {
        // Linear calibration has no bounds: its totals are out of reach only by contradiction, which is told elsewhere.
        var nearest = new NearestTotals(Patterns.Of(problem) ?? rows, misses, watch);
        var totals = nearest.Within(bounds, cancel).Totals;
        var together = new List<Shortfall>();
        for (var j = 0; j < totals.Length; j++)
        {
            if (misses.Scale(j) > 0 && Math.Abs(totals[j] - misses.Targets[j]) > Shown * misses.Scale(j))
                together.Add(new Shortfall(problem.ColumnName(j), misses.Targets[j], totals[j], before[j]));
        }

        together.Sort((a, b) => (Math.Abs(b.Nearest - b.Target) / Math.Abs(b.Target)).CompareTo(Math.Abs(a.Nearest - a.Target) / Math.Abs(a.Target)));
        if (together.Count == 0)
            return new Refusal.OutOfReach(bounds, alone, together, null, null, null);
        var finite = double.IsFinite(bounds.Upper);
        return new Refusal.OutOfReach(
            bounds, alone, together, finite ? OpenBoth(nearest, bounds, cancel) : null,
            finite ? nearest.LeastOpening(t => bounds with { Upper = bounds.Upper + t }, cancel) : null,
            nearest.LeastOpening(t => bounds with { Lower = bounds.Lower - t }, cancel));
    }

    // Narrow bounds opened in proportion soon ask for weights below zero: who did not allow them is told how far the upper one must go beside zero.
    private static Opening? OpenBoth(NearestTotals nearest, Bounds bounds, CancellationToken cancel)
    {
        var both = nearest.LeastOpening(t => new Bounds(1 - (1 - bounds.Lower) * (1 + t), 1 + (bounds.Upper - 1) * (1 + t)), cancel);
        return both is { Bounds.Lower: < 0 } && bounds.Lower >= 0 ? nearest.LeastOpening(t => new Bounds(0, bounds.Upper + t), cancel) : both;
    }
}
