namespace Relais.Telephony.Pacing;

/// <summary>
/// Learns how long conversations or notes last, from those that ended and from those that still last: events and exposure by age, older ones forgotten by halves.
/// Gives the chance that one which has lasted so long ends within the next seconds.
/// </summary>
/// <param name="usual">The mean that is assumed before anything was seen, in seconds.</param>
/// <param name="weight">How many lengths that assumption is worth.</param>
/// <param name="half">After how many further lengths one counts half.</param>
internal sealed class LengthEstimate(double usual, double weight, double half)
{
    // Seconds. Finer where refusals end, coarse where interviews do.
    private static readonly double[] Edges =
    [
        0, 2, 4, 6, 8, 10, 12, 15, 18, 22, 26, 30, 35, 40, 50, 60, 75, 90, 120, 150, 180, 240, 300, 360, 420, 480, 540, 600, 660, 720, 780, 840, 900, 1020, 1200, 1500, 1800, 2400, 3600,
    ];

    private readonly double[] _ended = new double[Edges.Length];
    private readonly double[] _lasted = new double[Edges.Length];
    private readonly double[] _sum = new double[Edges.Length];
    private readonly double[] _rate = new double[Edges.Length];
    private readonly double[] _prior = [.. Edges.Select((edge, bin) => weight * (bin + 1 < Edges.Length ? Edges[bin + 1] - edge : usual) * Math.Exp(-edge / usual))];
    private readonly double _keep = Math.Pow(0.5, 1 / half);
    private bool _stale = true;

    /// <summary>One more has lasted from one age to another.</summary>
    public void Last(double from, double to)
    {
        for (var bin = BinOf(from); from < to; bin++)
        {
            var until = bin + 1 < Edges.Length ? Math.Min(to, Edges[bin + 1]) : to;
            _lasted[bin] += until - from;
            from = until;
        }

        _stale = true;
    }

    /// <summary>One ended at this age, whose time <see cref="Last"/> has been told.</summary>
    public void End(double age)
    {
        for (var i = 0; i < Edges.Length; i++)
        {
            _ended[i] *= _keep;
            _lasted[i] *= _keep;
        }

        _ended[BinOf(age)]++;
        _stale = true;
    }

    /// <summary>The chance that one of this age ends within so many seconds.</summary>
    public double EndsWithin(double age, double seconds) => 1 - Math.Exp(Hazard(age) - Hazard(age + seconds));

    /// <summary>The chances that one of this age ends in each of the cells that follow.</summary>
    /// <param name="cell">The length of each, in seconds.</param>
    public void EndsIn(double age, double cell, Span<double> chances)
    {
        var (first, left) = (Hazard(age), 1.0);
        for (var i = 0; i < chances.Length; i++)
        {
            var still = Math.Exp(first - Hazard(age + ((i + 1) * cell)));
            chances[i] = left - still;
            left = still;
        }
    }

    // The cumulative hazard: the sum of events over exposure (Nelson and Aalen), straight within an age's bin.
    private double Hazard(double age)
    {
        if (_stale)
            Sum();
        var bin = BinOf(age);
        return _sum[bin] + ((age - Edges[bin]) * _rate[bin]);
    }

    // A few lengths of the usual mean, spread over all ages, weigh on each bin by its width.
    private void Sum()
    {
        for (var i = 0; i < Edges.Length; i++)
        {
            _rate[i] = (_ended[i] + (_prior[i] / usual) + 1e-9) / (_lasted[i] + _prior[i] + (1e-9 * usual));
            if (i > 0)
                _sum[i] = _sum[i - 1] + ((Edges[i] - Edges[i - 1]) * _rate[i - 1]);
        }

        _stale = false;
    }

    private static int BinOf(double age)
    {
        var at = Array.BinarySearch(Edges, Math.Max(0, age));
        return at >= 0 ? at : ~at - 1;
    }
}
