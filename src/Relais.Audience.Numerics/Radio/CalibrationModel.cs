using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// What weights were calibrated on, for variances. The linearised variable z of a calibrated figure is replaced by the residual of its regression on
/// the calibration's columns x, e = z - x'B, B = (sum d x x')^-1 sum d x z with the weights d from before the calibration, and weighted by the
/// weights w after it (Deville and Sarndal 1992, 3.4; R survey's <c>calibrate</c>).
/// </summary>
/// <remarks>
/// Residuals are linear in z, so the covariance of two residual totals follows from sums that a pass over listeners makes, for any number of
/// figures: C(e_y, e_u) = C(y, u) - B_u'C(y, x) - B_y'C(u, x) + B_y'C(x, x)B_u.
/// </remarks>
internal sealed class CalibrationModel
{
    private readonly (int Column, double Value)[] _entries;
    private readonly int[] _first;
    private readonly double[] _byStratum;
    private readonly double[] _byCluster;
    private readonly double[] _covariance;
    private readonly RankedCholesky _normal;

    public CalibrationModel(SampleOrder order, CalibrationProblem problem)
    {
        if (problem.Respondents != order.Respondents.Length)
            throw new ArgumentException($"The calibration is of {problem.Respondents} respondents, the sample of {order.Respondents.Length}.", nameof(problem));
        if (problem.Households is not null)
            throw new ArgumentException("The variance of weights that households share is not computed here.", nameof(problem));

        Columns = problem.Columns;
        Before = [.. order.Respondents.Select(respondent => problem.DesignWeights[respondent])];
        (_entries, _first) = Rows(order, problem);
        var strata = order.StratumStart.Length - 1;
        _byStratum = new double[strata * Columns];
        _byCluster = order.IsClustered ? new double[(order.ClusterStart.Length - 1) * Columns] : [];
        _covariance = new double[Columns * Columns];
        var normal = new double[Columns * Columns];
        for (var stratum = 0; stratum < strata; stratum++)
        {
            var (scale, inflate) = TargetSums.Factors(order, stratum);
            var here = _byStratum.AsSpan(stratum * Columns, Columns);
            for (var place = order.StratumStart[stratum]; place < order.StratumStart[stratum + 1]; place++)
            {
                var weight = order.Sample.Weights[order.Respondents[place]];
                foreach (var (column, value) in At(place))
                {
                    here[column] += weight * value;
                    foreach (var (other, otherValue) in At(place))
                    {
                        normal[column * Columns + other] += Before[place] * value * otherValue;
                        if (!order.IsClustered)
                            _covariance[column * Columns + other] += inflate * weight * weight * value * otherValue;
                    }
                }
            }

            for (var cluster = order.FirstUnit(stratum); order.IsClustered && cluster < order.FirstUnit(stratum) + order.Units(stratum); cluster++)
                AddCluster(order, cluster, inflate);

            for (var column = 0; column < Columns; column++)
            {
                for (var other = 0; other < Columns; other++)
                    _covariance[column * Columns + other] -= scale * here[column] * here[other];
            }
        }

        _normal = RankedCholesky.Of(normal, Columns);
    }

    public int Columns { get; }

    /// <summary>The weights before the calibration, by place.</summary>
    public double[] Before { get; }

    public ReadOnlySpan<(int Column, double Value)> At(int place) => _entries.AsSpan(_first[place].._first[place + 1]);

    public ReadOnlySpan<double> OfStratum(int stratum) => _byStratum.AsSpan(stratum * Columns, Columns);

    /// <summary>The columns' totals over a cluster, with the weights after the calibration.</summary>
    public ReadOnlySpan<double> OfCluster(int cluster) => _byCluster.AsSpan(cluster * Columns, Columns);

    /// <summary>The regression of a variable, from its sums with the columns, sum d x y, and its covariances with their totals.</summary>
    /// <param name="into">Takes the result, and loses the one from before.</param>
    public Regression Regress(ReadOnlySpan<double> sums, ReadOnlySpan<double> covariances, Regression into)
    {
        var (slope, spread) = (into.Slope, into.Spread);
        _normal.Solve(sums, slope);
        Array.Clear(spread);
        for (var row = 0; row < Columns; row++)
        {
            for (var column = 0; slope[row] != 0 && column < Columns; column++)
                spread[column] += slope[row] * _covariance[row * Columns + column];
        }

        covariances.CopyTo(into.Covariances);
        return into;
    }

    private void AddCluster(SampleOrder order, int cluster, double inflate)
    {
        var here = _byCluster.AsSpan(cluster * Columns, Columns);
        var (from, to) = order.Places(cluster);
        for (var place = from; place < to; place++)
        {
            foreach (var (column, value) in At(place))
                here[column] += order.Sample.Weights[order.Respondents[place]] * value;
        }

        for (var column = 0; column < Columns; column++)
        {
            for (var other = 0; here[column] != 0 && other < Columns; other++)
                _covariance[column * Columns + other] += inflate * here[column] * here[other];
        }
    }

    private static ((int Column, double Value)[] Entries, int[] First) Rows(SampleOrder order, CalibrationProblem problem)
    {
        var entries = new List<(int, double)>(order.Respondents.Length * problem.Margins.Count);
        var first = new int[order.Respondents.Length + 1];
        for (var place = 0; place < order.Respondents.Length; place++)
        {
            var (respondent, offset) = (order.Respondents[place], 0);
            foreach (var margin in problem.Margins)
            {
                if (margin is CellMargin cell)
                    entries.Add((offset + cell.Codes[respondent], 1));
                else if (margin is TotalMargin total && total.Values[respondent] != 0)
                    entries.Add((offset, total.Values[respondent]));
                offset += margin.Columns;
            }

            first[place + 1] = entries.Count;
        }

        return ([.. entries], first);
    }
}

/// <summary>A variable's regression on the calibration's columns: slope B, C(x, x) B, and C(y, x).</summary>
internal sealed class Regression(int columns)
{
    public double[] Slope { get; } = new double[columns];

    public double[] Spread { get; } = new double[columns];

    public double[] Covariances { get; } = new double[columns];

    /// <summary>The covariance of two residual totals, from that of the totals themselves.</summary>
    public double Residual(double covariance, Regression other)
    {
        for (var column = 0; column < Slope.Length; column++)
            covariance += Slope[column] * (other.Spread[column] - other.Covariances[column]) - other.Slope[column] * Covariances[column];
        return covariance;
    }
}
