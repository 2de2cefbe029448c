using Relais.Telephony.Protocols.Sdp;

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

/// <summary>
/// One end of SIP towards one peer: its transactions, its calls and what else uses them. Everything is sent to the peer itself, whatever a Contact or a route
/// says, so that no message can make us knock elsewhere. Pure, and not for several threads.
/// </summary>
public sealed class SipEndpoint(SipIdentity identity)
{
    private readonly Dictionary<SipTransactionKey, Client> _clients = [];
    private readonly Dictionary<SipTransactionKey, Server> _servers = [];
    private readonly Dictionary<string, List<SipCall>> _calls = new(StringComparer.Ordinal);
    private readonly Dictionary<(object Owner, int Timer), long> _timers = [];
    private readonly Dictionary<long, Action> _due = [];
    private readonly List<EndpointAction> _actions = [];
    private long _lastTimer;

    private sealed record Client(SipTransaction Transaction, SipRequest Sent, TransactionUser User);

    private sealed record Server(SipTransaction Transaction, SipRequest Request)
    {
        public IncomingCall? Call { get; set; }
    }

    /// <summary>Calls that are not forgotten yet.</summary>
    public int Calls => _calls.Values.Sum(calls => calls.Count);

    /// <summary>Transactions that are not forgotten yet.</summary>
    public int Transactions => _clients.Count + _servers.Count;

    /// <summary>Whether a message belongs to something that goes on here.</summary>
    public bool Knows(SipMessage message) => _calls.ContainsKey(message.CallId ?? "") || (message switch
    {
        SipRequest request => SipTransactionKey.Of(request) is { } key && _servers.ContainsKey(key),
        SipResponse response => SipTransactionKey.Of(response) is { } key && _clients.ContainsKey(key),
        _ => false,
    });

    /// <summary>Does what a call, a registration or a probe wants; the first time, the endpoint gets to know it.</summary>
    public IReadOnlyList<EndpointAction> Run(TransactionUser user, IReadOnlyList<UserAction> actions) => Do(() =>
    {
        if (user is SipCall call && !user.Finished)
            Know(call);
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
        if (_due.Remove(timer, out var then))
            then();
    });

    /// <summary>A message that was to be transmitted could not be.</summary>
    public IReadOnlyList<EndpointAction> FailToSend(SipMessage message) => Do(() =>
    {
        if (message is SipRequest { Via.Branch: { } branch } request && _clients.TryGetValue(new SipTransactionKey(branch, "", request.Method), out var client))
            Carry(client, client.Transaction.FailToSend());
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
            Carry(client, client.Transaction switch
            {
                InviteClientTransaction invite => invite.Receive(response),
                ClientTransaction other => other.Receive(response),
                _ => [],
            });
        }
        else if (response.IsSuccess && _calls.TryGetValue(response.CallId ?? "", out var calls))
        {
            foreach (var call in calls.OfType<OutgoingCall>().ToList())
                Carry(call, call.ReceiveLate(response));
        }
    }

    private void OnRequest(SipRequest request, string host, int port)
    {
        Mark(request, host, port);
        // A request without the branch of this standard cannot be told from its repetition.
        if (SipTransactionKey.Of(request) is not { } key)
        {
            if (request.Method != "ACK")
                Transmit(request.Respond(400, "Branch Missing", identity.Token()));
            return;
        }

        if (_servers.TryGetValue(key, out var server))
        {
            Carry(server, server.Transaction switch
            {
                InviteServerTransaction invite => invite.Receive(request),
                ServerTransaction other => other.Receive(),
                _ => [],
            });
        }
        else if (request.Method == "ACK")
        {
            if (Find(request) is { } call)
                Carry(call, call.Receive(request));
        }
        else if (request.Method == "INVITE")
        {
            var transaction = new InviteServerTransaction(request, identity.Reliable);
            Carry(_servers[key] = new Server(transaction, request), transaction.Begin());
        }
        else
        {
            var transaction = new ServerTransaction(request, identity.Reliable);
            Carry(_servers[key] = new Server(transaction, request), transaction.Begin());
        }
    }

    // A request that is new here.
    private void Dispatch(Server server)
    {
        var request = server.Request;
        var unknown = request.Method is "CANCEL" ? [] : request.Headers.Each("Require").Where(o => !o.Equals("timer", StringComparison.OrdinalIgnoreCase)).ToList();
        if (request.Method == "CANCEL")
            OnCancel(request);
        else if (unknown.Count > 0)
            Respond(request, 420, "Bad Extension", h => h.Add("Unsupported", string.Join(", ", unknown)));
        else if (request.To?.Tag is not null)
            OnInDialog(request);
        else if (SipUri.TryParse(request.Uri) is null)
            Respond(request, 416, "Unsupported URI Scheme");
        else if (request.Method == "OPTIONS")
            Respond(request, 200, "OK", h => h.Add("Allow", SipIdentity.Allow).Add("Accept", SessionDescription.MediaType).Add("Supported", "timer"));
        else if (request.Method == "INVITE")
            OnInvite(server);
        else if (request.Method == "BYE")
            Respond(request, 481, "Call Does Not Exist");
        else
            Respond(request, 405, "Method Not Allowed", h => h.Add("Allow", SipIdentity.Allow));
    }

    private void OnInvite(Server server)
    {
        var request = server.Request;
        var type = request.Headers["Content-Type"]?.Split(';')[0].Trim();
        if (request.Body.Length > 0 && !SessionDescription.MediaType.Equals(type, StringComparison.OrdinalIgnoreCase))
        {
            Respond(request, 415, "Unsupported Media Type", h => h.Add("Accept", SessionDescription.MediaType));
            return;
        }

        if (_calls.TryGetValue(request.CallId ?? "", out var calls) && calls.OfType<IncomingCall>().Any(c => c.IsSame(request)))
        {
            Respond(request, 482, "Loop Detected");
            return;
        }

        var call = new IncomingCall(identity, request);
        server.Call = call;
        Know(call);
        _actions.Add(new EndpointAction.Invited(call));
    }

    private void OnInDialog(SipRequest request)
    {
        if (Find(request) is { } call)
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

    private SipCall? Find(SipRequest request) => _calls.TryGetValue(request.CallId ?? "", out var calls) ? calls.Find(c => c.Owns(request)) : null;

    private void Know(SipCall call)
    {
        if (!_calls.TryGetValue(call.CallId, out var calls))
            _calls[call.CallId] = calls = [];
        if (!calls.Contains(call))
            calls.Add(call);
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

        Carry(server, server.Transaction switch
        {
            InviteServerTransaction invite => invite.Respond(response),
            ServerTransaction other => other.Respond(response),
            _ => [],
        });
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
                case UserAction.Acknowledge acknowledge:
                    Transmit(acknowledge.Ack);
                    break;
                case UserAction.Respond respond:
                    Respond(respond.Request, respond.Response);
                    break;
                case UserAction.Start start:
                    StartTimer(user, (int)start.Timer, start.After, () => Carry(user, user.Fire(start.Timer)));
                    break;
                case UserAction.Stop stop:
                    StopTimer(user, (int)stop.Timer);
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
        var key = new SipTransactionKey(request.Via?.Branch ?? "", "", request.Method);
        if (request.Method == "INVITE")
        {
            var invite = new InviteClientTransaction(request, identity.Reliable);
            Carry(_clients[key] = new Client(invite, request, user), invite.Begin());
        }
        else
        {
            var transaction = new ClientTransaction(request, identity.Reliable);
            Carry(_clients[key] = new Client(transaction, request, user), transaction.Begin());
        }
    }

    private void Carry(Client client, IReadOnlyList<SipAction> actions)
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
                    _clients.Remove(new SipTransactionKey(client.Sent.Via?.Branch ?? "", "", client.Sent.Method));
                    break;
                default:
                    Carry(client.Transaction, action, timer => Carry(client, client.Transaction.Fire(timer)));
                    break;
            }
        }
    }

    private void Carry(Server server, IReadOnlyList<SipAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case SipAction.Deliver { Message: SipRequest { Method: "ACK" } ack }:
                    if (Find(ack) is { } call)
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
                    Carry(server.Transaction, action, timer => Carry(server, server.Transaction.Fire(timer)));
                    break;
            }
        }
    }

    private void Carry(SipTransaction transaction, SipAction action, Action<SipTimer> fire)
    {
        switch (action)
        {
            case SipAction.Send send:
                Transmit(send.Message);
                break;
            case SipAction.Start start:
                StartTimer(transaction, (int)start.Timer, start.After, () => fire(start.Timer));
                break;
            case SipAction.Stop stop:
                StopTimer(transaction, (int)stop.Timer);
                break;
        }
    }

    private void Forget(TransactionUser user)
    {
        if (user is SipCall call && _calls.TryGetValue(call.CallId, out var calls) && calls.Remove(call) && calls.Count == 0)
            _calls.Remove(call.CallId);
        foreach (var client in _clients.Values.Where(c => c.User == user).ToList())
        {
            if (client.Transaction is InviteClientTransaction invite)
                Carry(client, invite.Abandon());
        }

        _actions.Add(new EndpointAction.Ended(user));
    }

    private void StartTimer(object owner, int timer, TimeSpan after, Action then)
    {
        StopTimer(owner, timer);
        var number = ++_lastTimer;
        _timers[(owner, timer)] = number;
        _due[number] = () =>
        {
            _timers.Remove((owner, timer));
            then();
        };
        _actions.Add(new EndpointAction.Start(number, after));
    }

    private void StopTimer(object owner, int timer)
    {
        if (!_timers.Remove((owner, timer), out var number))
            return;
        _due.Remove(number);
        _actions.Add(new EndpointAction.Stop(number));
    }

    // 18.2.1 and RFC 3581: where it really came from.
    private static void Mark(SipRequest request, string host, int port)
    {
        if (request.Via is not { } via)
            return;
        var parameters = new Dictionary<string, string?>(via.Parameters, StringComparer.OrdinalIgnoreCase);
        if (!via.Host.Trim('[', ']').Equals(host, StringComparison.OrdinalIgnoreCase) || parameters.ContainsKey("rport"))
            parameters["received"] = host;
        if (parameters.ContainsKey("rport"))
            parameters["rport"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture);
        var rest = request.Headers.Each("Via").Skip(1).ToList();
        request.Headers.Remove("Via");
        foreach (var other in rest.AsEnumerable().Reverse())
            request.Headers.AddFirst("Via", other);
        request.Headers.AddFirst("Via", (via with { Parameters = parameters }).ToString());
    }
}
