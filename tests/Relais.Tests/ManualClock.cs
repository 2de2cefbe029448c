namespace Relais.Tests;

/// <summary>
/// The real time, moved forward by hand. Timers made with it fire when the moved time reaches them, so that waiting code goes
/// on at once; between moves time runs as usual, so that background work goes on as well.
/// </summary>
public sealed class ManualClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly HashSet<ManualTimer> _timers = [];
    private TimeSpan _ahead;

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + _ahead;

    /// <summary>Goes on to the next morning in Paris unless midnight is far: what a test does within a day is then not split by it.</summary>
    public void LeaveMidnight()
    {
        var hour = TimeZoneInfo.ConvertTime(GetUtcNow(), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).Hour;
        if (hour is < 2 or >= 18)
            Advance(TimeSpan.FromHours((32 - hour) % 24));
    }

    public void Advance(TimeSpan by)
    {
        ManualTimer[] timers;
        lock (_lock)
        {
            _ahead += by;
            timers = [.. _timers];
        }

        foreach (var timer in timers)
            timer.Moved();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class ManualTimer : ITimer
    {
        private readonly ManualClock _clock;
        private readonly ITimer _real;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private DateTimeOffset? _due;
        private TimeSpan _period;

        public ManualTimer(ManualClock clock, TimerCallback callback, object? state)
        {
            (_clock, _callback, _state) = (clock, callback, state);
            _real = System.CreateTimer(_ => Fire(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            lock (clock._lock)
                clock._timers.Add(this);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (_clock._lock)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? null : _clock.GetUtcNow() + dueTime;
                _period = period;
            }

            return _real.Change(dueTime, Timeout.InfiniteTimeSpan);
        }

        public void Moved()
        {
            if (_due is { } due)
                _real.Change(Later(due - _clock.GetUtcNow()), Timeout.InfiniteTimeSpan);
        }

        private void Fire()
        {
            lock (_clock._lock)
            {
                if (_due is null)
                    return;
                _due = _period > TimeSpan.Zero ? _clock.GetUtcNow() + _period : null;
            }

            if (_due is not null)
                _real.Change(_period, Timeout.InfiniteTimeSpan);
            _callback(_state);
        }

        private static TimeSpan Later(TimeSpan time) => time > TimeSpan.Zero ? time : TimeSpan.Zero;

        public void Dispose()
        {
            lock (_clock._lock)
                _clock._timers.Remove(this);
            _real.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
