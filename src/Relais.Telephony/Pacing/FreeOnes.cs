namespace Relais.Telephony.Pacing;

/// <summary>
/// How many interviewers will be free at a moment: those who are, and each who will be by chance, less each call that will be answered by chance. The sum of
/// independent steps of +1 and -1: exact while there are few, by the normal distribution when there are many.
/// </summary>
internal sealed class FreeOnes
{
    // Above this many steps the exact sum costs more than it tells.
    private const int MostExact = 24;

    private double[] _chances = new double[64];
    private int _lowest;
    private int _count;
    private double _mean;
    private double _variance;
    private int _steps;

    /// <summary>Begins with so many who are free.</summary>
    public void Begin(int free)
    {
        (_mean, _variance, _steps) = (free, 0, 0);
        (_lowest, _count) = (free, 1);
        _chances[0] = 1;
    }

    /// <summary>One more by chance (+1), or one less (-1).</summary>
    public void Step(double chance, int by)
    {
        if (chance < 1e-5)
            return;
        _mean += by * chance;
        _variance += chance * (1 - chance);
        if (++_steps > MostExact)
            return;
        if (_count + 1 > _chances.Length)
            Array.Resize(ref _chances, _chances.Length * 2);
        // For +1 the lowest stays and the highest grows; for -1 all is shifted down by one.
        _chances[_count] = 0;
        var (keep, move) = by > 0 ? (1 - chance, chance) : (chance, 1 - chance);
        for (var i = _count; i > 0; i--)
            _chances[i] = (_chances[i] * keep) + (_chances[i - 1] * move);
        _chances[0] *= keep;
        _count++;
        if (by < 0)
            _lowest--;
    }

    /// <summary>The chance that nobody is left for one more.</summary>
    public double Nobody()
    {
        if (_steps > MostExact)
            return Normal((0.5 - _mean) / Math.Sqrt(Math.Max(_variance, 1e-9)));
        var sum = 0.0;
        for (var i = 0; i < _count && _lowest + i <= 0; i++)
            sum += _chances[i];
        return sum;
    }

    // Abramowitz and Stegun 26.2.17: to 7.5e-8.
    private static double Normal(double z)
    {
        var t = 1 / (1 + (0.2316419 * Math.Abs(z)));
        var tail = Math.Exp(-z * z / 2) / Math.Sqrt(2 * Math.PI) * t * (0.319381530 + (t * (-0.356563782 + (t * (1.781477937 + (t * (-1.821255978 + (t * 1.330274429))))))));
        return z > 0 ? 1 - tail : tail;
    }
}
