namespace Relais.Gateway.Relay;

/// <summary>Looks now and then whether the counters moved: a timer per relay instead of one per read.</summary>
internal sealed class IdleWatch : IDisposable
{
    private const int LooksPerTime = 8;

    private readonly RelayCounters _counters;
    private readonly Action _idle;
    private readonly ITimer _timer;
    private long _seen = -1;
    private int _still;

    /// <summary>Starts looking.</summary>
    /// <param name="counters">What moves while the relay is in use.</param>
    /// <param name="time">How long they may stand still; the end comes at most an eighth later.</param>
    /// <param name="clock">Whose time.</param>
    /// <param name="idle">Called from a timer; must not block.</param>
    public IdleWatch(RelayCounters counters, TimeSpan time, TimeProvider clock, Action idle)
    {
        _counters = counters;
        _idle = idle;
        var period = time == Timeout.InfiniteTimeSpan ? time : time / LooksPerTime;
        _timer = clock.CreateTimer(static watch => (watch as IdleWatch)?.Look(), this, period, period);
    }

    public void Dispose() => _timer.Dispose();

    private void Look()
    {
        var now = _counters.FromBrowser + _counters.ToBrowser;
        _still = now == _seen ? _still + 1 : 0;
        _seen = now;
        if (_still >= LooksPerTime)
            _idle();
    }
}
