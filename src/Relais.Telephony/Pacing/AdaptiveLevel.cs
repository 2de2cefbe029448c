namespace Relais.Telephony.Pacing;

/// <summary>
/// VICIdial's adaptation with a hard limit, after its published description: the peer that ours is measured beside. It keeps "level x interviewers" lines in use,
/// those in conversation included. Each second it samples how many interviewers are ready and how many callees wait; every 15 samples the level is multiplied by
/// 1 + (mean ready - mean waiting + target) / interviewers x intensity. When more than the limit was dropped today, the level is 1 until that is over.
/// </summary>
/// <param name="limit">The share of today's answered calls that may be dropped.</param>
/// <param name="most">The highest level; its default is 3.</param>
internal sealed class AdaptiveLevel(double limit, double most = 3, double intensity = 1, double target = 0) : IPacing
{
    private const double DialEvery = 2.5;
    private const int Samples = 15;

    private double _level = 1;
    private double _nextDial;
    private double _nextSample;
    private int _samples;
    private double _ready;
    private double _waiting;

    public void Learn(PacingNews news)
    {
        // It goes by counts alone.
    }

    public int Place(PacingView view)
    {
        var agents = view.Ready + view.Talking.Count;
        Sample(view, agents);
        if (view.Now < _nextDial)
            return 0;
        _nextDial = view.Now + DialEvery;
        var dropped = view.Counted.AnsweredToday > 0 && view.Counted.AbandonedToday > limit * view.Counted.AnsweredToday;
        var level = dropped ? 1 : _level;
        return Math.Max(0, (int)Math.Floor((level * agents) + 1e-9) - view.UnderWay - view.Talking.Count);
    }

    private void Sample(PacingView view, int agents)
    {
        if (view.Now < _nextSample)
            return;
        _nextSample = view.Now + 1;
        _ready += view.Ready;
        _waiting += view.Held;
        if (++_samples < Samples)
            return;
        if (agents > 0)
            _level = Math.Clamp(_level * (1 + ((((_ready - _waiting) / Samples) + target) / agents * intensity)), 1, most);
        (_samples, _ready, _waiting) = (0, 0, 0);
    }
}
