namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>What an endpoint wants done.</summary>
public abstract record EndpointAction
{
    private EndpointAction()
    {
    }

    /// <summary>Send it to the peer.</summary>
    public sealed record Transmit(SipMessage Message) : EndpointAction;

    /// <summary>Call <see cref="SipEndpoint.Fire"/> with this number after this time.</summary>
    public sealed record Start(long Timer, TimeSpan After) : EndpointAction;

    public sealed record Stop(long Timer) : EndpointAction;

    /// <summary>Something happened to one of our calls, registrations or probes.</summary>
    public sealed record Tell(TransactionUser User, SipEvent Event) : EndpointAction;

    /// <summary>Somebody calls: ring, accept or refuse, and give what that brings to <see cref="SipEndpoint.Run"/>.</summary>
    public sealed record Invited(IncomingCall Call) : EndpointAction;

    /// <summary>One of them is over and forgotten.</summary>
    public sealed record Ended(TransactionUser User) : EndpointAction;
}
