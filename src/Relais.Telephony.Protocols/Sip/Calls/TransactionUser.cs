namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>What calls, registrations and probes wait for.</summary>
public enum UserTimer
{
    /// <summary>Sends a success of ours again until its ACK comes.</summary>
    AnswerAgain,

    /// <summary>Gives up waiting for that ACK.</summary>
    NoAck,

    /// <summary>Gives up waiting for what a CANCEL brings about.</summary>
    Cancelled,

    /// <summary>Forks of a call that was answered can answer no longer.</summary>
    Forks,

    /// <summary>Ours to refresh the session or the registration.</summary>
    Refresh,

    /// <summary>The other side did not refresh the session.</summary>
    Expire,

    /// <summary>An offer that met the other side's is made again.</summary>
    OfferAgain,

    /// <summary>Asks a peer again whether it is there.</summary>
    ProbeAgain,
}

/// <summary>What a transaction user wants done.</summary>
public abstract record UserAction
{
    private UserAction()
    {
    }

    /// <summary>Send it in a transaction of its own, whose responses come back to the user.</summary>
    public sealed record Send(SipRequest Request) : UserAction;

    /// <summary>Go on with an INVITE that was sent before this process: its responses come back to the user.</summary>
    public sealed record Resume(SipRequest Invite) : UserAction;

    /// <summary>Send an ACK of a success, which has no transaction.</summary>
    public sealed record Acknowledge(SipRequest Ack) : UserAction;

    /// <summary>Answer a request in its transaction.</summary>
    public sealed record Respond(SipRequest Request, SipResponse Response) : UserAction;

    /// <summary>Start this timer, or start it anew.</summary>
    public sealed record Start(UserTimer Timer, TimeSpan After) : UserAction;

    /// <summary>Stop it, if it runs.</summary>
    public sealed record Stop(UserTimer Timer) : UserAction;

    /// <summary>Tell whoever asked for it.</summary>
    public sealed record Tell(SipEvent Event) : UserAction;

    /// <summary>It is over and can be forgotten.</summary>
    public sealed record End : UserAction;
}

/// <summary>
/// Whoever uses transactions (RFC 3261, 5): a call, a registration, a probe. Pure: it is told what came and which timer fired, and says what is to be done. Not
/// for several threads.
/// </summary>
public abstract class TransactionUser
{
    private readonly List<UserAction> _actions = [];

    /// <summary>Over, and to be forgotten.</summary>
    public bool Finished { get; private set; }

    /// <summary>A response to a request that this user sent.</summary>
    public IReadOnlyList<UserAction> Receive(SipRequest sent, SipResponse response) => Do(() => OnResponse(sent, response));

    /// <summary>A request of this user's got no answer, or could not be sent.</summary>
    public IReadOnlyList<UserAction> Fail(SipRequest sent, SipFailure why) => Do(() => OnFailure(sent, why));

    /// <summary>The time of a timer that was started is over.</summary>
    public IReadOnlyList<UserAction> Fire(UserTimer timer) => Do(() => OnTimer(timer));

    protected abstract void OnResponse(SipRequest sent, SipResponse response);

    protected abstract void OnFailure(SipRequest sent, SipFailure why);

    protected abstract void OnTimer(UserTimer timer);

    protected IReadOnlyList<UserAction> Do(Action step)
    {
        _actions.Clear();
        if (!Finished)
            step();
        return [.. _actions];
    }

    protected void Want(UserAction action) => _actions.Add(action);

    protected void Tell(SipEvent told) => Want(new UserAction.Tell(told));

    protected void Start(UserTimer timer, TimeSpan after) => Want(new UserAction.Start(timer, after));

    protected void Stop(UserTimer timer) => Want(new UserAction.Stop(timer));

    protected void Finish()
    {
        Finished = true;
        foreach (var timer in Enum.GetValues<UserTimer>())
            Stop(timer);
        Want(new UserAction.End());
    }
}
