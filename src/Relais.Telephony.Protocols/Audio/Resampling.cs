namespace Relais.Telephony.Protocols.Audio;

/// <summary>Brings sound to the telephone's 8 kHz: what lies above 3.4 kHz is taken out first, so that nothing is folded back into the voice.</summary>
public static class Resampling
{
    /// <summary>Samples a second of a telephone.</summary>
    public const int TelephoneRate = 8000;

    private const double Edge = 3400;
    private const int Lobes = 16;

    /// <summary>The same sound at 8 kHz, by a windowed sinc (Hann) of 16 lobes on each side.</summary>
    /// <param name="rate">Samples a second of <paramref name="samples"/>: 4,000 to 192,000.</param>
    public static short[] ToTelephone(ReadOnlySpan<short> samples, int rate)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rate, 4000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(rate, 192_000);
        if (rate == TelephoneRate)
            return samples.ToArray();
        var cut = Math.Min(Edge, 0.45 * rate) / rate;
        var reach = Lobes / (2 * cut);
        var result = new short[(int)((long)samples.Length * TelephoneRate / rate)];
        for (var i = 0; i < result.Length; i++)
        {
            var centre = (double)i * rate / TelephoneRate;
            var (from, until) = (Math.Max(0, (int)Math.Ceiling(centre - reach)), Math.Min(samples.Length - 1, (int)Math.Floor(centre + reach)));
            double sum = 0;
            for (var at = from; at <= until; at++)
                sum += samples[at] * Weight(at - centre, cut, reach);
            result[i] = (short)Math.Clamp(Math.Round(sum), short.MinValue, short.MaxValue);
        }

        return result;
    }

    private static double Weight(double distance, double cut, double reach)
    {
        var x = 2 * Math.PI * cut * distance;
        var sinc = Math.Abs(x) < 1e-9 ? 2 * cut : 2 * cut * Math.Sin(x) / x;
        return sinc * (0.5 + (0.5 * Math.Cos(Math.PI * distance / reach)));
    }
}
