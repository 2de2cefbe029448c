namespace Relais.Audience.Numerics;

/// <summary>Sums over weights, compensated so that the order of respondents changes nothing a reader could see.</summary>
public static class Weighted
{
    /// <summary>The sum of <paramref name="values"/>, by Neumaier's variant of Kahan's compensated summation (1974).</summary>
    public static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0, lost = 0;
        foreach (var value in values)
        {
            var next = sum + value;
            lost += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
            sum = next;
        }

        return sum + lost;
    }
}
