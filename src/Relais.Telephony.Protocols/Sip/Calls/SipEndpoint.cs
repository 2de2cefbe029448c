namespace Relais.Telephony.Protocols.Sip.Calls;

/// <summary>
/// One end of SIP towards one peer: its transactions, its calls and what else uses them. Everything is sent to the peer itself, whatever a Contact or a route
/// says, so that no message can make us knock elsewhere. Pure, and not for several threads.
/// </summary>
public sealed class SipEndpoint(SipIdentity identity)
{
    private readonly Dictionary<SipTransactionKey, SentRequest> _clients = [];
    private readonly Dictionary<SipTransactionKey, TakenRequest> _servers = [];
    private readonly EndpointCalls _calls = new();
    private readonly List<EndpointAction> _actions = [];
    private readonly EndpointTimers _timers = new();

    /// <summary>Calls that are not forgotten yet.</summary>
    public int Calls => _calls.Count;

    /// <summary>Transactions that are not forgotten yet.</summary>
    public int Transactions => _clients.Count + _servers.Count;

    /// <summary>Whether a message belongs to something that goes on here.</summary>
    public bool Knows(SipMessage message) => _calls.Knows(message) || (message switch
    {
        SipRequest request => SipTransactionKey.Of(request) is { } key && _servers.ContainsKey(key),
        SipResponse response => SipTransactionKey.Of(response) is { } key && _clients.ContainsKey(key),
        _ => false,
    });

    /// <summary>Does what a call, a registration or a probe wants; the first time, the endpoint gets to know it.</summary>
    public IReadOnlyList<EndpointAction> Run(TransactionUser user, IReadOnlyList<UserAction> actions) => Do(() =>
    {
        if (user is SipCall call && !user.Finished)
            _calls.Add(call);
        Carry(user, actions);
    });

    /// <summary>A message of the peer's.</summary>
    /// <param name="host">The address that it came from.</param>
    public IReadOnlyList<EndpointAction> Receive(SipMessage message, string host, int port) => Do(() =>
    {
        if (message is SipResponse response)
            OnResponse(response);
        else if (message is SipRequest request)
            OnRequest(request, host, port);
    });

    /// <summary>Answers what could not be understood, without a transaction, where it was a request.</summary>
    public IReadOnlyList<EndpointAction> Refuse(SipFault fault) => Do(() =>
    {
        if (fault is { Status: > 0, Partial: SipRequest { Method: not "ACK" } request } && request.Via is not null && request.CSeq is not null)
            Transmit(request.Respond(fault.Status, fault.Status == 505 ? fault.Reason : "Bad Request", identity.Token()));
    });

    /// <summary>The time of a timer that was started is over; one that is not known means nothing.</summary>
    public IReadOnlyList<EndpointAction> Fire(long timer) => Do(() =>
    {
        _timers.Fire(timer);
    });

    /// <summary>A message that was to be transmitted could not be.</summary>
    public IReadOnlyList<EndpointAction> FailToSend(SipMessage message) => Do(() =>
    {
        if (message is SipRequest { Via.Branch: { } branch } request && _clients.TryGetValue(new SipTransactionKey(branch, "", request.Method), out var client))
            Carry(client, client.Transaction.FailToSend());
    });

    /// <summary>The connection to the peer broke: requests that it has not answered are sent again. The peer takes those that it has for repetitions.</summary>
    public IReadOnlyList<EndpointAction> SendAgain() => Do(() =>
    {
        foreach (var client in _clients.Values.ToList())
            Carry(client, client.Transaction.SendAgain());
    });

    private List<EndpointAction> Do(Action step)
    {
        _actions.Clear();
        step();
        return [.. _actions];
    }

    private void Transmit(SipMessage message) => _actions.Add(new EndpointAction.Transmit(message));

    private void OnResponse(SipResponse response)
    {
        if (SipTransactionKey.Of(response) is { } key && _clients.TryGetValue(key, out var client))
        {
            Carry(client, client.Receive(response));
        }
        else if (response.IsSuccess)
        {
            foreach (var call in _calls.Of(response).OfType<OutgoingCall>())
                Carry(call, call.ReceiveLate(response));
        }
    }

    private void OnRequest(SipRequest request, string host, int port)
    {
        RequestOrigin.Mark(request, host, port);
        // A request without the branch of this standard cannot be told from its repetition.
        if (SipTransactionKey.Of(request) is not { } key)
        {
            if (request.Method != "ACK")
                Transmit(request.Respond(400, "Branch Missing", identity.Token()));
            return;
        }

        if (_servers.TryGetValue(key, out var server))
        {
            Carry(server, server.Receive(request));
        }
        else if (request.Method == "ACK")
        {
            if (_calls.Owner(request) is { } call)
                Carry(call, call.Receive(request));
        }
        else
        {
            var taken = _servers[key] = TakenRequest.Of(request, identity.Reliable);
            Carry(taken, taken.Begin());
        }
    }

    // A request that is new here.
    private void Dispatch(TakenRequest server)
    {
        var request = server.Request;
        if (request.Method == "CANCEL")
            OnCancel(request);
        else if (UnaskedAnswer.To(request) is { } answer)
            Respond(request, answer.Status, answer.Reason, answer.More);
        else if (request.To?.Tag is not null)
            OnInDialog(request);
        else
            OnInvite(server);
    }

    private void OnInvite(TakenRequest server)
    {
        var request = server.Request;
        if (_calls.Of(request).OfType<IncomingCall>().Any(c => c.IsSame(request)))
        {
            Respond(request, 482, "Loop Detected");
            return;
        }

        var call = new IncomingCall(identity, request);
        server.Call = call;
        _calls.Add(call);
        _actions.Add(new EndpointAction.Invited(call));
    }

    private void OnInDialog(SipRequest request)
    {
        if (_calls.Owner(request) is { } call)
            Carry(call, call.Receive(request));
        else
            Respond(request, 481, "Call Does Not Exist");
    }

    private void OnCancel(SipRequest cancel)
    {
        if (SipTransactionKey.Of(cancel) is not { } key || !_servers.TryGetValue(key with { Method = "INVITE" }, out var server))
        {
            Respond(cancel, 481, "Call Does Not Exist");
            return;
        }

        Respond(cancel, 200, "OK");
        if (server.Call is { } call)
            Carry(call, call.Cancelled());
    }

    private void Respond(SipRequest request, int status, string reason, Action<SipHeaders>? more = null)
    {
        var response = request.Respond(status, reason, identity.Token());
        more?.Invoke(response.Headers);
        Respond(request, response);
    }

    private void Respond(SipRequest request, SipResponse response)
    {
        if (SipTransactionKey.Of(request) is not { } key || !_servers.TryGetValue(key, out var server))
        {
            // A success that is repeated until its ACK may outlive its transaction.
            if (response.IsSuccess && request.Method == "INVITE")
                Transmit(response);
            return;
        }

        Carry(server, server.Respond(response));
    }

    private void Carry(TransactionUser user, IReadOnlyList<UserAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case UserAction.Send send:
                    Send(user, send.Request);
                    break;
                case UserAction.Resume resume:
                    Resume(user, resume.Invite);
                    break;
                case UserAction.Acknowledge acknowledge:
                    Transmit(acknowledge.Ack);
                    break;
                case UserAction.Respond respond:
                    Respond(respond.Request, respond.Response);
                    break;
                case UserAction.Start start:
                    _actions.AddRange(_timers.Start(user, (int)start.Timer, start.After, () => Carry(user, user.Fire(start.Timer))));
                    break;
                case UserAction.Stop stop:
                    _actions.AddRange(_timers.Stop(user, (int)stop.Timer));
                    break;
                case UserAction.Tell tell:
                    _actions.Add(new EndpointAction.Tell(user, tell.Event));
                    break;
                case UserAction.End:
                    Forget(user);
                    break;
            }
        }
    }

    private void Send(TransactionUser user, SipRequest request)
    {
        var sent = SentRequest.Of(request, user, identity.Reliable);
        _clients[sent.Key] = sent;
        Carry(sent, sent.Begin());
    }

    private void Resume(TransactionUser user, SipRequest invite)
    {
        var sent = SentRequest.Of(invite, user, identity.Reliable);
        _clients[sent.Key] = sent;
        Carry(sent, sent.Resume());
    }

    private void Carry(SentRequest client, IReadOnlyList<SipAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case SipAction.Deliver { Message: SipResponse response }:
                    Carry(client.User, client.User.Receive(client.Sent, response));
                    break;
                case SipAction.Fail fail:
                    Carry(client.User, client.User.Fail(client.Sent, fail.Why));
                    break;
                case SipAction.End:
                    _clients.Remove(client.Key);
                    break;
                default:
                    _actions.AddRange(_timers.Carry(client.Transaction, action, timer => Carry(client, client.Transaction.Fire(timer))));
                    break;
            }
        }
    }

    private void Carry(TakenRequest server, IReadOnlyList<SipAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case SipAction.Deliver { Message: SipRequest { Method: "ACK" } ack }:
                    if (_calls.Owner(ack) is { } call)
                        Carry(call, call.Receive(ack));
                    break;
                case SipAction.Deliver:
                    Dispatch(server);
                    break;
                case SipAction.End:
                    if (SipTransactionKey.Of(server.Request) is { } key)
                        _servers.Remove(key);
                    break;
                default:
                    _actions.AddRange(_timers.Carry(server.Transaction, action, timer => Carry(server, server.Transaction.Fire(timer))));
                    break;
            }
        }
    }

    private void Forget(TransactionUser user)
    {
        if (user is SipCall call)
            _calls.Remove(call);
        foreach (var client in _clients.Values.Where(c => c.User == user).ToList())
            Carry(client, client.Abandon());

        _actions.Add(new EndpointAction.Ended(user));
    }
}
