namespace Relais.Gateway.Sessions;

/// <summary>How long a connection may go on, by the clock and by what it carried. For one caller, which looks about once a second.</summary>
internal sealed class SessionTimes(DateTimeOffset began)
{
    public const string Time = "time";
    public const string Idle = "idle";
    public const string Hours = "hours";

    private long _carried;
    private DateTimeOffset _movedAt = began;
    private string? _warned;

    /// <summary>Ends the session whose time is over, and warns its page some time before.</summary>
    public void Look(LiveSession held, GatewayOptions limits, DateTimeOffset now)
    {
        var carried = held.Counters.FromBrowser + held.Counters.ToBrowser;
        if (carried != _carried)
            (_carried, _movedAt) = (carried, now);

        var idleLeft = _movedAt + limits.IdleTime - now;
        var timeLeft = limits.SessionTime == TimeSpan.Zero ? TimeSpan.MaxValue : held.OpenedAt + limits.SessionTime - now;
        var hoursLeft = held.BarredFrom is { } barred ? barred - now : TimeSpan.MaxValue;
        if (hoursLeft <= TimeSpan.Zero)
            held.End(SessionEnd.Barred);
        else if (timeLeft <= TimeSpan.Zero)
            held.End(SessionEnd.TimeLimit);
        else if (idleLeft <= TimeSpan.Zero)
            held.End(SessionEnd.Idle);
        else if (hoursLeft <= limits.WarnBefore)
            Warn(held, Hours, hoursLeft);
        else if (timeLeft <= Warning(limits.SessionTime))
            Warn(held, Time, timeLeft);
        else if (idleLeft <= Warning(limits.IdleTime))
            Warn(held, Idle, idleLeft);
        else
            TakeBack(held);

        TimeSpan Warning(TimeSpan limit) => limits.WarnBefore < limit / 2 ? limits.WarnBefore : limit / 2;
    }

    private void Warn(LiveSession held, string why, TimeSpan left)
    {
        if (_warned == why)
            return;
        _warned = why;
        held.Tell(Notice.Ends(why, left));
    }

    private void TakeBack(LiveSession held)
    {
        if (_warned is null)
            return;
        _warned = null;
        held.Tell(Notice.GoesOn);
    }
}
