namespace Relais.Telephony.Protocols.Sip;

/// <summary>
/// One request and its responses (RFC 3261, 17, with RFC 6026): repeats what an unreliable transport may lose and absorbs what it brings twice. Pure: it is told
/// what came and which timer fired, and says what is to be done. Not for several threads.
/// </summary>
/// <param name="reliable">Whether the transport loses nothing: TCP and TLS.</param>
public abstract class SipTransaction(bool reliable)
{
    private readonly List<SipAction> _actions = [];

    /// <summary>Over, and to be forgotten.</summary>
    public bool Ended { get; private set; }

    protected bool Reliable { get; } = reliable;

    /// <summary>The time of a timer that was started is over.</summary>
    public IReadOnlyList<SipAction> Fire(SipTimer timer) => Do(() => OnTimer(timer));

    /// <summary>What it wanted sent could not be.</summary>
    public IReadOnlyList<SipAction> FailToSend() => Do(() =>
    {
        Want(new SipAction.Fail(SipFailure.Transport));
        Finish();
    });

    /// <summary>The connection broke over which a request of ours may have been lost: it goes out once more, as over an unreliable transport.</summary>
    public IReadOnlyList<SipAction> SendAgain() => Do(OnBroken);

    protected abstract void OnTimer(SipTimer timer);

    protected virtual void OnBroken()
    {
    }

    protected IReadOnlyList<SipAction> Do(Action step)
    {
        _actions.Clear();
        if (!Ended)
            step();
        return [.. _actions];
    }

    protected void Want(SipAction action) => _actions.Add(action);

    protected void Finish()
    {
        Ended = true;
        foreach (var timer in Enum.GetValues<SipTimer>())
            Want(new SipAction.Stop(timer));
        Want(new SipAction.End());
    }

    // What stays to absorb repetitions has nothing to absorb where the transport makes none.
    protected void Linger(TimeSpan time)
    {
        Want(new SipAction.Stop(SipTimer.Again));
        Want(new SipAction.Stop(SipTimer.GiveUp));
        if (time == TimeSpan.Zero)
            Finish();
        else
            Want(new SipAction.Start(SipTimer.Linger, time));
    }

    protected static TimeSpan Twice(TimeSpan time, TimeSpan most) => time + time < most ? time + time : most;
}

/// <summary>An INVITE that we send (17.1.1; RFC 6026, 8.4).</summary>
public sealed class InviteClientTransaction(SipRequest request, bool reliable) : SipTransaction(reliable)
{
    private enum State
    {
        Calling,
        Proceeding,

        // A success: further ones, of forks or repeated, go to the user, who acknowledges each.
        Accepted,
        Completed,
    }

    private State _state;
    private TimeSpan _pause = SipTimes.T1;
    private SipRequest? _ack;

    public IReadOnlyList<SipAction> Begin() => Do(() =>
    {
        Want(new SipAction.Send(request));
        if (!Reliable)
            Want(new SipAction.Start(SipTimer.Again, _pause));
        Want(new SipAction.Start(SipTimer.GiveUp, SipTimes.Whole));
    });

    /// <summary>Goes on with an INVITE that a process before this one sent, and that the peer is known to have: nothing is sent.</summary>
    public IReadOnlyList<SipAction> Resume() => Do(() => _state = State.Proceeding);

    public IReadOnlyList<SipAction> Receive(SipResponse response) => Do(() =>
    {
        switch (_state)
        {
            case State.Calling or State.Proceeding when response.IsProvisional:
                _state = State.Proceeding;
                // Ringing may last: from here on only the user gives up.
                Want(new SipAction.Stop(SipTimer.Again));
                Want(new SipAction.Stop(SipTimer.GiveUp));
                Want(new SipAction.Deliver(response));
                break;
            case State.Calling or State.Proceeding when response.IsSuccess:
                _state = State.Accepted;
                Want(new SipAction.Deliver(response));
                Linger(SipTimes.Whole);
                break;
            case State.Calling or State.Proceeding:
                _state = State.Completed;
                _ack = Ack(response);
                Want(new SipAction.Send(_ack));
                Want(new SipAction.Deliver(response));
                Linger(Reliable ? TimeSpan.Zero : SipTimes.Whole);
                break;
            case State.Accepted when response.IsSuccess:
                Want(new SipAction.Deliver(response));
                break;
            case State.Completed when !response.IsProvisional && !response.IsSuccess:
                Want(new SipAction.Send(_ack!));
                break;
            default:
                break;
        }
    });

    /// <summary>Nobody waits for its answer any longer: a callee that rings for ever, after a CANCEL that had no effect.</summary>
    public IReadOnlyList<SipAction> Abandon() => Do(() =>
    {
        if (_state is State.Calling or State.Proceeding)
            Finish();
    });

    protected override void OnTimer(SipTimer timer)
    {
        switch (timer)
        {
            case SipTimer.Again when _state is State.Calling:
                _pause += _pause;
                Want(new SipAction.Send(request));
                Want(new SipAction.Start(SipTimer.Again, _pause));
                break;
            case SipTimer.GiveUp when _state is State.Calling:
                Want(new SipAction.Fail(SipFailure.TimedOut));
                Finish();
                break;
            case SipTimer.Linger when _state is State.Accepted or State.Completed:
                Finish();
                break;
            default:
                break;
        }
    }

    protected override void OnBroken()
    {
        if (_state is State.Calling)
            Want(new SipAction.Send(request));
    }

    // 17.1.1.3: part of the same transaction, so with its branch.
    private SipRequest Ack(SipResponse response)
    {
        var ack = new SipRequest("ACK", request.Uri);
        ack.Headers.Add("Via", request.Headers.Each("Via").First());
        foreach (var route in request.Headers.Of("Route"))
            ack.Headers.Add("Route", route);
        ack.Headers.Add("Max-Forwards", "70").Add("From", request.Headers["From"] ?? "").Add("To", response.Headers["To"] ?? "").Add("Call-ID", request.CallId ?? "")
            .Add("CSeq", new CSeq(request.CSeq?.Number ?? 1, "ACK").ToString());
        return ack;
    }
}

/// <summary>Any other request that we send (17.1.2).</summary>
public sealed class ClientTransaction(SipRequest request, bool reliable) : SipTransaction(reliable)
{
    private TimeSpan _pause = SipTimes.T1;
    private bool _proceeding;
    private bool _completed;

    public IReadOnlyList<SipAction> Begin() => Do(() =>
    {
        Want(new SipAction.Send(request));
        if (!Reliable)
            Want(new SipAction.Start(SipTimer.Again, _pause));
        Want(new SipAction.Start(SipTimer.GiveUp, SipTimes.Whole));
    });

    public IReadOnlyList<SipAction> Receive(SipResponse response) => Do(() =>
    {
        if (_completed)
            return;
        Want(new SipAction.Deliver(response));
        if (response.IsProvisional)
        {
            _proceeding = true;
            return;
        }

        _completed = true;
        Linger(Reliable ? TimeSpan.Zero : SipTimes.T4);
    });

    protected override void OnBroken()
    {
        if (!_completed)
            Want(new SipAction.Send(request));
    }

    protected override void OnTimer(SipTimer timer)
    {
        switch (timer)
        {
            case SipTimer.Again when !_completed:
                _pause = _proceeding ? SipTimes.T2 : Twice(_pause, SipTimes.T2);
                Want(new SipAction.Send(request));
                Want(new SipAction.Start(SipTimer.Again, _pause));
                break;
            case SipTimer.GiveUp when !_completed:
                Want(new SipAction.Fail(SipFailure.TimedOut));
                Finish();
                break;
            case SipTimer.Linger when _completed:
                Finish();
                break;
            default:
                break;
        }
    }
}

/// <summary>An INVITE that somebody sends us (17.2.1; RFC 6026, 7.1 and 8.5).</summary>
public sealed class InviteServerTransaction(SipRequest request, bool reliable) : SipTransaction(reliable)
{
    private enum State
    {
        Proceeding,
        Accepted,
        Completed,
        Confirmed,
    }

    private State _state;
    private SipResponse? _last;
    private TimeSpan _pause = SipTimes.T1;

    /// <summary>Says at once that it came, so that the other side stops repeating.</summary>
    public IReadOnlyList<SipAction> Begin() => Do(() =>
    {
        _last = request.Respond(100, "Trying", tag: null);
        // First, because whoever gets the request may answer it at once.
        Want(new SipAction.Send(_last));
        Want(new SipAction.Deliver(request));
    });

    /// <summary>The INVITE again, or the ACK of a refusal.</summary>
    public IReadOnlyList<SipAction> Receive(SipRequest again) => Do(() =>
    {
        switch (_state)
        {
            // In "accepted" a repetition is absorbed: the user repeats the success until its ACK comes (RFC 6026, 7.1).
            case State.Proceeding or State.Completed when again.Method == "INVITE":
                Want(new SipAction.Send(_last!));
                break;
            case State.Completed when again.Method == "ACK":
                _state = State.Confirmed;
                Linger(Reliable ? TimeSpan.Zero : SipTimes.T4);
                break;
            case State.Accepted when again.Method == "ACK":
                Want(new SipAction.Deliver(again));
                break;
            default:
                break;
        }
    });

    public IReadOnlyList<SipAction> Respond(SipResponse response) => Do(() =>
    {
        if (_state is State.Accepted && response.IsSuccess)
        {
            Want(new SipAction.Send(response));
            return;
        }

        if (_state is not State.Proceeding)
            return;
        _last = response;
        Want(new SipAction.Send(response));
        if (response.IsSuccess)
        {
            _state = State.Accepted;
            Linger(SipTimes.Whole);
        }
        else if (!response.IsProvisional)
        {
            _state = State.Completed;
            if (!Reliable)
                Want(new SipAction.Start(SipTimer.Again, _pause));
            Want(new SipAction.Start(SipTimer.GiveUp, SipTimes.Whole));
        }
    });

    protected override void OnTimer(SipTimer timer)
    {
        switch (timer)
        {
            case SipTimer.Again when _state is State.Completed:
                _pause = Twice(_pause, SipTimes.T2);
                Want(new SipAction.Send(_last!));
                Want(new SipAction.Start(SipTimer.Again, _pause));
                break;
            case SipTimer.GiveUp when _state is State.Completed:
                Want(new SipAction.Fail(SipFailure.NoAck));
                Finish();
                break;
            case SipTimer.Linger when _state is State.Accepted or State.Confirmed:
                Finish();
                break;
            default:
                break;
        }
    }
}

/// <summary>Any other request that somebody sends us (17.2.2).</summary>
public sealed class ServerTransaction(SipRequest request, bool reliable) : SipTransaction(reliable)
{
    private SipResponse? _last;

    public IReadOnlyList<SipAction> Begin() => Do(() => Want(new SipAction.Deliver(request)));

    /// <summary>The request again.</summary>
    public IReadOnlyList<SipAction> Receive() => Do(() =>
    {
        if (_last is not null)
            Want(new SipAction.Send(_last));
    });

    public IReadOnlyList<SipAction> Respond(SipResponse response) => Do(() =>
    {
        if (_last is { IsProvisional: false })
            return;
        _last = response;
        Want(new SipAction.Send(response));
        if (!response.IsProvisional)
            Linger(Reliable ? TimeSpan.Zero : SipTimes.Whole);
    });

    protected override void OnTimer(SipTimer timer)
    {
        if (timer is SipTimer.Linger && _last is { IsProvisional: false })
            Finish();
    }
}

/// <summary>What tells transactions apart (17.1.3, 17.2.3).</summary>
/// <param name="Branch">Of the topmost Via.</param>
/// <param name="SentBy">Its host and port, for a request of somebody else's; empty for our own.</param>
/// <param name="Method">INVITE also for its ACK.</param>
public sealed record SipTransactionKey(string Branch, string SentBy, string Method)
{
    /// <summary>Of a request that came; null where its Via has no branch of this standard, as only software of before 2002 sends.</summary>
    public static SipTransactionKey? Of(SipRequest request) =>
        request.Via is { Branch: { } branch } via && branch.StartsWith(Via.Cookie, StringComparison.Ordinal)
            ? new SipTransactionKey(branch, $"{via.Host}:{via.EffectivePort}".ToUpperInvariant(), request.Method == "ACK" ? "INVITE" : request.Method)
            : null;

    /// <summary>Of a response to a request of ours.</summary>
    public static SipTransactionKey? Of(SipResponse response) =>
        response is { Via.Branch: { } branch, CSeq: { } sequence } ? new SipTransactionKey(branch, "", sequence.Method) : null;
}
