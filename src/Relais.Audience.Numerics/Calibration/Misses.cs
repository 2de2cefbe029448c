namespace Relais.Audience.Numerics.Calibration;

/// <summary>How far totals are from their targets, relative to what a reader would compare with.</summary>
internal sealed class Misses
{
    private readonly double[] _scales;

    /// <param name="absolute">For each column the sum of design weight times absolute value.</param>
    public Misses(CalibrationProblem problem, double[] targets, double[] absolute)
    {
        Targets = targets;
        _scales = new double[targets.Length];
        var column = 0;
        foreach (var margin in problem.Margins)
        {
            for (var i = 0; i < margin.Columns; i++, column++)
            {
                // A numeric total may be zero or nearly so, as of a centred variable: then its terms are what to compare with.
                _scales[column] = margin is CellMargin ? targets[column] : Math.Max(Math.Abs(targets[column]), absolute[column]);
            }
        }
    }

    public double[] Targets { get; }

    public double Scale(int column) => _scales[column];

    /// <summary>The largest relative miss and where it is.</summary>
    public (double Size, int Column) Largest(ReadOnlySpan<double> totals)
    {
        var (size, worst) = (0.0, 0);
        for (var j = 0; j < Targets.Length; j++)
        {
            if (_scales[j] <= 0)
                continue;
            var miss = Math.Abs(totals[j] - Targets[j]) / _scales[j];
            if (miss > size || double.IsNaN(miss))
                (size, worst) = (double.IsNaN(miss) ? double.PositiveInfinity : miss, j);
        }

        return (size, worst);
    }
}
