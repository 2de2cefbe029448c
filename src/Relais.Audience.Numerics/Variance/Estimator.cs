using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Variance;

/// <summary>An estimate with its standard error, in the unit of the quantity.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Estimate(double Value, double StandardError);

/// <summary>
/// Totals, means and ratios with standard errors by Taylor linearisation (Särndal, Swensson and Wretman 1992, chapter 5): the variance of an
/// estimate is that of the weighted sum of its linearised values. A domain is a share of the respondents; the others count as zeros in it, so
/// that its size is random too.
/// </summary>
public sealed class Estimator(SurveyDesign design, Residuals residuals)
{
    /// <summary>Sum of w y over the domain.</summary>
    /// <param name="y">One finite value a respondent.</param>
    /// <param name="domain">Who counts; empty for everybody.</param>
    public Estimate Total(ReadOnlySpan<double> y, ReadOnlySpan<bool> domain = default)
    {
        var u = new double[y.Length];
        for (var i = 0; i < u.Length; i++)
            u[i] = In(domain, i) ? y[i] : 0;
        return WithError(WeightedSum(u), u);
    }

    /// <summary>Sum of w y over sum of w, over the domain; NaN when nobody is in it. A proportion is the mean of zeros and ones.</summary>
    /// <param name="y">One finite value a respondent.</param>
    /// <param name="domain">Who counts; empty for everybody.</param>
    public Estimate Mean(ReadOnlySpan<double> y, ReadOnlySpan<bool> domain = default)
    {
        var ones = new double[y.Length];
        Array.Fill(ones, 1);
        return Ratio(y, ones, domain);
    }

    /// <summary>Sum of w y over sum of w x, over the domain; NaN when the lower sum is 0.</summary>
    /// <param name="y">One finite value a respondent.</param>
    /// <param name="x">One finite value a respondent.</param>
    /// <param name="domain">Who counts; empty for everybody.</param>
    public Estimate Ratio(ReadOnlySpan<double> y, ReadOnlySpan<double> x, ReadOnlySpan<bool> domain = default)
    {
        var (above, below) = (0.0, 0.0);
        for (var i = 0; i < y.Length; i++)
        {
            if (!In(domain, i))
                continue;
            above += design.Weights[i] * y[i];
            below += design.Weights[i] * x[i];
        }

        if (below == 0)
            return new Estimate(double.NaN, double.NaN);
        var ratio = above / below;
        var u = new double[y.Length];
        for (var i = 0; i < u.Length; i++)
            u[i] = In(domain, i) ? (y[i] - ratio * x[i]) / below : 0;
        return WithError(ratio, u);
    }

    private static bool In(ReadOnlySpan<bool> domain, int i) => domain.IsEmpty || domain[i];

    private double WeightedSum(ReadOnlySpan<double> y)
    {
        var sum = 0.0;
        for (var i = 0; i < y.Length; i++)
            sum += design.Weights[i] * y[i];
        return sum;
    }

    private Estimate WithError(double value, double[] u)
    {
        residuals.Take(u);
        return new Estimate(value, Math.Sqrt(design.VarianceOf(u)));
    }
}
