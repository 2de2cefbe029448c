namespace Relais.Telephony.Lines;

/// <summary>The timers that an endpoint wants, by its numbers. Used in the line's turn; what fires takes its turn first.</summary>
internal sealed class LineTimers(TimeProvider clock, Action<long> fire)
{
    private readonly Dictionary<long, ITimer> _running = [];

    public void Start(long timer, TimeSpan after) => _running[timer] = clock.CreateTimer(_ => fire(timer), null, after, Timeout.InfiniteTimeSpan);

    /// <summary>False where it does not run any more: it was stopped while it waited for its turn.</summary>
    public bool Stop(long timer)
    {
        if (!_running.Remove(timer, out var stopped))
            return false;
        stopped.Dispose();
        return true;
    }

    public void StopAll()
    {
        foreach (var timer in _running.Values)
            timer.Dispose();
        _running.Clear();
    }
}
