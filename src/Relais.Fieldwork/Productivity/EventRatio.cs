using System.Runtime.InteropServices;

namespace Relais.Fieldwork.Productivity;

/// <summary>How many events were counted beside how many were expected, with an interval: whether a difference says anything.</summary>
/// <param name="Observed">Zero or more.</param>
/// <param name="Expected">Above zero where <see cref="Ratio"/> is read.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EventRatio(int Observed, double Expected)
{
    /// <summary>Of a normal distribution, two-sided: 95 of a hundred.</summary>
    public const double Usual = 1.959964;

    /// <summary>998 of a thousand: of 300 people who work alike, less than one stands out by chance.</summary>
    public const double Strict = 3.090232;

    /// <summary>Below so many expected nothing is said of anybody.</summary>
    public const double Fewest = 5;

    public double? Ratio => Expected > 0 ? Observed / Expected : null;

    /// <summary>
    /// The interval of observed / expected when the count is Poisson, by Byar's approximation (Breslow and Day, Statistical Methods in Cancer Research II, 1987,
    /// formula 2.12); within 1 % of the exact one from five events on.
    /// </summary>
    /// <param name="z">The quantile of the normal distribution.</param>
    /// <returns>Null: nothing was expected.</returns>
    public (double Low, double High)? Interval(double z)
    {
        if (Expected <= 0)
            return null;
        double o = Observed, up = o + 1;
        var low = o == 0 ? 0 : o * Math.Pow(1 - (1 / (9 * o)) - (z / (3 * Math.Sqrt(o))), 3);
        var high = up * Math.Pow(1 - (1 / (9 * up)) + (z / (3 * Math.Sqrt(up))), 3);
        return (Math.Max(0, low) / Expected, high / Expected);
    }

    /// <summary>1: more than expected, -1: less, 0: no difference that chance would not make; only where enough was expected.</summary>
    public int Verdict => Expected < Fewest || Interval(Strict) is not { } interval ? 0 : interval.Low > 1 ? 1 : interval.High < 1 ? -1 : 0;
}
