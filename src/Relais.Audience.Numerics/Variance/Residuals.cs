using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Numerics.Variance;

/// <summary>
/// What calibration leaves of a quantity: the totals that the weights meet are known, so only what they do not explain varies.
/// </summary>
public abstract class Residuals
{
    private protected Residuals()
    {
    }

    /// <summary>Weights taken as they are: nothing is known of how they were made.</summary>
    public static Residuals None { get; } = new Everything();

    /// <summary>
    /// Residuals of the regression on the margins with the design weights; with the new weights on them they give the variance of a calibrated
    /// estimate (Deville and Särndal 1992, section 3.4), as R's <c>calibrate</c> and <c>postStratify</c> do. For every method of calibration.
    /// </summary>
    public static Residuals Regression(CalibrationProblem problem) => new OfRegression(problem);

    /// <summary>
    /// Residuals after taking out the means of each margin's cells in turn, ten times over, unweighted: what R's <c>rake</c> does. The weights
    /// of raking are the same as by <see cref="CalibrationMethod.Raking"/>, these standard errors are not quite.
    /// </summary>
    public static Residuals Iterated(IReadOnlyList<CellMargin> margins) => new OfMargins(margins);

    /// <summary>The residuals that R would take for a method.</summary>
    public static Residuals Of(CalibrationProblem problem, CalibrationMethod method) => method == CalibrationMethod.Rake
        ? Iterated([.. problem.Margins.OfType<CellMargin>()])
        : Regression(problem);

    /// <summary>Replaces each respondent's value by its residual.</summary>
    public abstract void Take(Span<double> u);

    private sealed class Everything : Residuals
    {
        public override void Take(Span<double> u)
        {
        }
    }

    private sealed class OfRegression : Residuals
    {
        private readonly CalibrationProblem _problem;
        private readonly ModelRows _rows;
        private readonly RankedCholesky _factor;

        public OfRegression(CalibrationProblem problem)
        {
            (_problem, _rows) = (problem, ModelRows.Of(problem));
            _factor = RankedCholesky.Of(_rows.Outer(_rows.Weights), _rows.Columns);
        }

        public override void Take(Span<double> u)
        {
            // Twice: the second round takes out what the first left by rounding.
            for (var round = 0; round < 2; round++)
            {
                var ofUnits = _rows.ToUnits(u);
                for (var unit = 0; unit < ofUnits.Length; unit++)
                    ofUnits[unit] *= _rows.Weights[unit];
                var explained = _rows.Predict(_factor.Solve(_rows.TotalsOf(ofUnits)));
                for (var i = 0; i < u.Length; i++)
                    u[i] -= explained[_problem.Households?[i] ?? i];
            }
        }
    }

    private sealed class OfMargins(IReadOnlyList<CellMargin> margins) : Residuals
    {
        private const int Rounds = 10;

        public override void Take(Span<double> u)
        {
            for (var round = 0; round < Rounds; round++)
            {
                foreach (var margin in margins)
                {
                    var (means, counts) = (new double[margin.Columns], new int[margin.Columns]);
                    for (var i = 0; i < u.Length; i++)
                    {
                        means[margin.Codes[i]] += u[i];
                        counts[margin.Codes[i]]++;
                    }

                    for (var k = 0; k < means.Length; k++)
                        means[k] /= Math.Max(counts[k], 1);
                    for (var i = 0; i < u.Length; i++)
                        u[i] -= means[margin.Codes[i]];
                }
            }
        }
    }
}
