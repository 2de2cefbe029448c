namespace Relais.Audience.Numerics.Calibration;

/// <summary>Which totals can be had at all within bounds.</summary>
internal static class Reach
{
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

    public static Refusal.OutOfReach Explain(
        CalibrationProblem problem, ModelRows rows, Misses misses, double[] before, Bounds bounds, IReadOnlyList<Shortfall> alone, CalibrationSettings settings, CancellationToken cancel)
    {
        _ = (problem, rows, misses, before, settings, cancel);
        return new Refusal.OutOfReach(bounds, alone, [], null, null, null);
    }
}
