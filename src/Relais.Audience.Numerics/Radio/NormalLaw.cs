namespace Relais.Audience.Numerics.Radio;

/// <summary>The normal law, to about 14 digits.</summary>
public static class NormalLaw
{
    private static readonly double InverseRootPi = 1 / Math.Sqrt(Math.PI);

    /// <summary>The chance of a deviation as large as <paramref name="z"/> on either side: 2 (1 - Phi(|z|)). Not a number for not a number.</summary>
    public static double TwoSided(double z) => Erfc(Math.Abs(z) / Math.Sqrt(2));

    /// <summary>The z below which <paramref name="probability"/> of the law lies; 0 and 1 give the infinities.</summary>
    public static double Quantile(double probability)
    {
        if (double.IsNaN(probability) || probability is < 0 or > 1)
            return double.NaN;
        if (probability is 0 or 1)
            return probability == 0 ? double.NegativeInfinity : double.PositiveInfinity;
        if (probability > 0.5)
            return -Quantile(1 - probability);

        // Abramowitz and Stegun 26.2.23 is within 5e-4; three steps of Halley's method bring what is left of it below rounding.
        var t = Math.Sqrt(-2 * Math.Log(probability));
        var z = (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t;
        for (var step = 0; step < 3; step++)
        {
            var density = Math.Exp(-z * z / 2) * InverseRootPi / Math.Sqrt(2);
            var miss = (Erfc(-z / Math.Sqrt(2)) / 2 - probability) / density;
            z -= miss / (1 + z * miss / 2);
        }

        return z;
    }

    /// <summary>The complementary error function, by its series near 0 and its continued fraction (Abramowitz and Stegun 7.1.6, 7.1.14) beyond.</summary>
    public static double Erfc(double x)
    {
        if (double.IsNaN(x))
            return double.NaN;
        if (x < 0)
            return 2 - Erfc(-x);
        return x < 2 ? 1 - Erf(x) : Tail(x);
    }

    private static double Erf(double x)
    {
        var (term, sum) = (x, x);
        for (var n = 1; term > sum * 1e-17; n++)
        {
            term *= 2 * x * x / (2 * n + 1);
            sum += term;
        }

        return 2 * InverseRootPi * Math.Exp(-x * x) * sum;
    }

    private static double Tail(double x)
    {
        // Evaluated from the back; 120 terms are enough from x = 2 on.
        var fraction = x;
        for (var n = 120; n >= 1; n--)
            fraction = x + n / 2.0 / fraction;
        return InverseRootPi * Math.Exp(-x * x) / fraction;
    }
}
