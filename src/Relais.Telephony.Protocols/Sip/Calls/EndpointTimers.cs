namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>The timers of an endpoint's transactions and their users: each owner has one of each kind, and outside they are numbers.</summary>
internal sealed class EndpointTimers
{
    private readonly Dictionary<(object Owner, int Timer), long> _running = [];
    private readonly Dictionary<long, Action> _due = [];
    private long _last;

    /// <summary>Starts a timer, or starts it anew.</summary>
    public IEnumerable<EndpointAction> Start(object owner, int timer, TimeSpan after, Action then)
    {
        var stopped = Stop(owner, timer);
        var number = ++_last;
        _running[(owner, timer)] = number;
        _due[number] = () =>
        {
            _running.Remove((owner, timer));
            then();
        };
        return [.. stopped, new EndpointAction.Start(number, after)];
    }

    public IReadOnlyList<EndpointAction> Stop(object owner, int timer)
    {
        if (!_running.Remove((owner, timer), out var number))
            return [];
        _due.Remove(number);
        return [new EndpointAction.Stop(number)];
    }

    /// <summary>What a transaction wants sent or timed.</summary>
    public IReadOnlyList<EndpointAction> Carry(SipTransaction transaction, SipAction action, Action<SipTimer> fire) => action switch
    {
        SipAction.Send send => [new EndpointAction.Transmit(send.Message)],
        SipAction.Start start => [.. Start(transaction, (int)start.Timer, start.After, () => fire(start.Timer))],
        SipAction.Stop stop => Stop(transaction, (int)stop.Timer),
        _ => [],
    };

    /// <summary>Does what the timer was for; nothing where it is not known any more.</summary>
    public void Fire(long timer)
    {
        if (_due.Remove(timer, out var then))
            then();
    }
}
