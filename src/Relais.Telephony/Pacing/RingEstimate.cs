namespace Relais.Telephony.Pacing;

/// <summary>
/// Learns when calls are answered, and when they end without: by the second of ringing, older calls forgotten by halves. Gives the chance that a call which has rung
/// so long is answered within the next seconds.
/// </summary>
/// <param name="half">After how many further calls one counts half.</param>
internal sealed class RingEstimate(double half = 300)
{
    private const int Seconds = 120;
    private const double PriorCalls = 12;
    private const double PriorAnswered = 0.4;

    private readonly double[] _answered = new double[Seconds];
    private readonly double[] _others = new double[Seconds];
    private readonly double[] _sum = new double[Seconds + 1];
    private readonly double[] _left = new double[Seconds + 1];
    private readonly double _keep = Math.Pow(0.5, 1 / half);
    private bool _stale = true;

    public void End(double rangFor, bool answered)
    {
        for (var i = 0; i < Seconds; i++)
        {
            _answered[i] *= _keep;
            _others[i] *= _keep;
        }

        (answered ? _answered : _others)[Math.Clamp((int)rangFor, 0, Seconds - 1)]++;
        _stale = true;
    }

    /// <summary>The chance that a call is answered at all.</summary>
    public double Answers => AnswersWithin(0, Seconds);

    /// <summary>The chance that a call which has rung so long is answered within so many seconds.</summary>
    public double AnswersWithin(double age, double seconds)
    {
        if (_stale)
            Sum();
        var left = At(_left, age);
        return left < 1e-6 ? 0 : Math.Clamp((At(_sum, age + seconds) - At(_sum, age)) / left, 0, 1);
    }

    private void Sum()
    {
        // A cautious guess before anything was seen: two in five answer, at any second of the first twenty.
        var total = _answered.Sum() + _others.Sum() + PriorCalls;
        _left[0] = 1;
        for (var i = 0; i < Seconds; i++)
        {
            var answered = (_answered[i] + (i is >= 2 and < 22 ? PriorCalls * PriorAnswered / 20 : 0)) / total;
            var others = (_others[i] + (i == 24 ? PriorCalls * (1 - PriorAnswered) : 0)) / total;
            _sum[i + 1] = _sum[i] + answered;
            _left[i + 1] = Math.Max(0, _left[i] - answered - others);
        }

        _stale = false;
    }

    private static double At(double[] of, double seconds)
    {
        var at = Math.Clamp(seconds, 0, Seconds);
        var whole = Math.Min((int)at, Seconds - 1);
        return of[whole] + ((at - whole) * (of[whole + 1] - of[whole]));
    }
}
