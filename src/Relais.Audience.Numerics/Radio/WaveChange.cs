using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>How p values of many comparisons are adjusted.</summary>
public enum Adjustment
{
    /// <summary>As they are: one comparison in twenty is significant by chance at 5 %.</summary>
    None,

    /// <summary>Bonferroni: times the number of comparisons.</summary>
    Bonferroni,

    /// <summary>Holm (1979): holds the chance of a single false claim, and never finds less than Bonferroni.</summary>
    Holm,

    /// <summary>Benjamini and Hochberg (1995): holds the share of false ones among the claims.</summary>
    BenjaminiHochberg,
}

/// <summary>The change of a figure between two waves with independent samples.</summary>
/// <param name="Difference">Later less earlier, in the figure's unit.</param>
/// <param name="StandardError">Of the difference.</param>
/// <param name="Z">Difference over standard error; not a number when neither wave has one.</param>
/// <param name="P">Two-sided, by the normal law.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct WaveChange(double Difference, double StandardError, double Z, double P)
{
    /// <summary>Compares two waves. Not for a panel, whose waves share respondents: its change has a smaller error than this.</summary>
    public static WaveChange Between(double earlier, double earlierSe, double later, double laterSe)
    {
        var error = Math.Sqrt(earlierSe * earlierSe + laterSe * laterSe);
        var z = (later - earlier) / error;
        return new(later - earlier, error, z, NormalLaw.TwoSided(z));
    }

    /// <summary>
    /// Adjusts the p values of comparisons that are read together, such as all stations of a table. Those that are not a number stay so and count
    /// for nothing.
    /// </summary>
    /// <returns>In the order of <paramref name="values"/>.</returns>
    public static double[] Adjust(ReadOnlySpan<double> values, Adjustment adjustment)
    {
        var adjusted = values.ToArray();
        var places = Enumerable.Range(0, adjusted.Length).Where(place => !double.IsNaN(adjusted[place])).OrderBy(place => adjusted[place]).ToArray();
        var (count, running) = (places.Length, adjustment == Adjustment.BenjaminiHochberg ? 1.0 : 0.0);
        for (var rank = 0; rank < count; rank++)
        {
            // Benjamini and Hochberg go down from the largest, Holm up from the smallest.
            var at = adjustment == Adjustment.BenjaminiHochberg ? count - 1 - rank : rank;
            var p = values[places[at]];
            running = adjustment switch
            {
                Adjustment.Bonferroni => Math.Min(1, p * count),
                Adjustment.Holm => Math.Max(running, Math.Min(1, p * (count - at))),
                Adjustment.BenjaminiHochberg => Math.Min(running, p * count / (at + 1)),
                Adjustment.None => p,
            };
            adjusted[places[at]] = running;
        }

        return adjusted;
    }
}
