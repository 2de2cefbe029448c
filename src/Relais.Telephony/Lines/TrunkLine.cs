using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Threading.Channels;
using Relais.Telephony.Calls;
using Relais.Telephony.Numbers;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;
using Relais.Telephony.Trunks;

namespace Relais.Telephony.Lines;

/// <summary>A trunk that is open on this node: the endpoint of its messages, its calls with their voices, and the timers of them all.</summary>
internal sealed class TrunkLine : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly LineTimers _timers;
    private readonly Dictionary<Guid, LiveCall> _calls = [];
    private readonly SipIdentity _identity;
    private readonly SipCredentials? _credentials;
    private readonly SipEndpoint _endpoint;
    private readonly Func<SipMessage, IPEndPoint, bool> _send;
    private readonly SipStream? _stream;
    private readonly IncomingCalls _incoming;
    private readonly ChannelWriter<LineNews> _news;
    private readonly TelephonyOptions _options;
    private readonly TimeProvider _clock;
    private SipRegistration? _registration;
    private SipProbe? _probe;
    private bool _retired;
    private bool _closed;

    /// <param name="send">Sends a datagram.</param>
    /// <param name="stream">The connection to the operator; null over UDP.</param>
    public TrunkLine(
        Trunk trunk, string? password, IPEndPoint peer, IPEndPoint local, Func<SipMessage, IPEndPoint, bool> send, SipStream? stream, ChannelWriter<LineNews> news,
        TelephonyOptions options, TimeProvider clock)
    {
        (Trunk, Peer, Local, _send, _news, _options, _clock) = (trunk, peer, local, send, news, options, clock);
        _timers = new LineTimers(clock, Fire);
        _identity = new SipIdentity(
            local.Address.ToString(), local.Port, trunk.Transport.ToString().ToUpperInvariant(), () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), () => RandomNumberGenerator.GetInt32(1000) / 1000.0);
        _credentials = trunk.UserName is null || password is null ? null : new SipCredentials(trunk.UserName, password);
        _endpoint = new SipEndpoint(_identity);
        _incoming = new IncomingCalls(local.Address, EndIncoming, clock);
        _stream = stream;
        if (stream is not null)
            _send = (message, _) => stream.TrySend(message);
        stream?.Open(Receive, FailToSend, SendAgain);
    }

    public Trunk Trunk { get; private set; }

    public IPEndPoint Peer { get; }

    public IPEndPoint Local { get; }

    public bool Idle
    {
        get
        {
            lock (_lock)
                return _endpoint.Calls == 0;
        }
    }

    /// <summary>Whether another setting asks for another line, and not only for other rules.</summary>
    public bool Fits(Trunk other) =>
        (Trunk.Host, Trunk.Port, Trunk.Transport, Trunk.Authority, Trunk.Domain, Trunk.Registers, Trunk.UserName, Trunk.Secret)
        == (other.Host, other.Port, other.Transport, other.Authority, other.Domain, other.Registers, other.UserName, other.Secret);

    public void Follow(Trunk trunk) => Trunk = trunk;

    /// <summary>Begins to ask whether the operator is there, and registers where it must.</summary>
    public void Open()
    {
        lock (_lock)
        {
            if (_retired || _closed)
                return;
            _probe = new SipProbe(_identity, $"sip:{Trunk.SipDomain}", $"<sip:relais@{_identity.Host}>", _options.ProbeEvery);
            Take(_endpoint.Run(_probe, _probe.Begin()));
            if (!Trunk.Registers)
                return;
            _registration = new SipRegistration(_identity, _credentials, $"sip:{Trunk.SipDomain}", $"sip:{Trunk.UserName}@{Trunk.SipDomain}");
            Take(_endpoint.Run(_registration, _registration.Begin()));
        }
    }

    /// <summary>Ends what the line does by itself; calls go on to their end.</summary>
    public void Retire()
    {
        lock (_lock)
        {
            _retired = true;
            if (_probe is not null)
                Take(_endpoint.Run(_probe, _probe.Leave()));
            if (_registration is not null)
                Take(_endpoint.Run(_registration, _registration.Leave()));
        }
    }

    public bool Knows(SipMessage message)
    {
        lock (_lock)
            return _endpoint.Knows(message);
    }

    public void Receive(SipMessage? message, SipFault? fault, IPEndPoint from)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (message is not null)
                Take(_endpoint.Receive(message, from.Address.ToString(), from.Port));
            else if (fault is not null)
                Take(_endpoint.Refuse(fault));
        }
    }

    /// <summary>Takes a connection that the operator made; false over UDP and TLS.</summary>
    public bool Adopt(Socket socket)
    {
        if (_stream is null || Trunk.Transport is not TrunkTransport.Tcp)
            return false;
        _stream.Adopt(socket);
        return true;
    }

    /// <summary>Places a call.</summary>
    public void Place(Guid id, DialledNumber number, DialledNumber caller)
    {
        var voice = RtpLeg.Open(Local.Address);
        var from = new NameAddress(Trunk.CallerName, $"sip:{caller.In(Trunk.NumberForm)}@{Trunk.SipDomain}", new Dictionary<string, string?>(StringComparer.Ordinal)).ToString();
        var offer = LineVoice.Offer(Local.Address, voice);
        lock (_lock)
        {
            var call = new OutgoingCall(
                _identity, _credentials, new CallWish($"sip:{number.In(Trunk.NumberForm)}@{Trunk.SipDomain}", from, Trunk.UserName ?? "relais", offer, [("P-Asserted-Identity", from)]));
            var live = new LiveCall(call, voice);
            _calls[id] = live;
            live.Limit = _clock.CreateTimer(_ => End(id, CallEnd.NotAnswered), null, _options.RingFor, Timeout.InfiniteTimeSpan);
            var actions = _endpoint.Run(call, call.Begin());
            _news.TryWrite(new LineNews(Trunk.Id, id, null, Invite: call.Invite));
            Take(actions);
        }
    }

    /// <summary>Hangs up or cancels; false where the call is not here.</summary>
    public bool End(Guid id, CallEnd? why = null)
    {
        lock (_lock)
        {
            if (_closed || !_calls.TryGetValue(id, out var live))
                return false;
            live.Why ??= why;
            Take(_endpoint.Run(live.Sip, live.Sip.HangUp()));
            return true;
        }
    }

    public RtpLeg? VoiceOf(Guid id)
    {
        lock (_lock)
            return _calls.TryGetValue(id, out var live) ? live.Voice : null;
    }

    /// <summary>The calls that are under way on this line, with their voices.</summary>
    public IReadOnlyList<KeyValuePair<Guid, RtpLeg>> Voices()
    {
        lock (_lock)
            return [.. _calls.Select(c => KeyValuePair.Create(c.Key, c.Value.Voice))];
    }

    public LegQuality? QualityOf(Guid id)
    {
        lock (_lock)
            return _calls.TryGetValue(id, out var live) ? live.Voice.Quality() : null;
    }

    /// <summary>Ends a call that this node placed before it was restarted.</summary>
    public void EndResumed(SipRequest invite, SipResponse? answer)
    {
        lock (_lock)
        {
            var call = new OutgoingCall(_identity, _credentials, new CallWish("", "", null, [], []));
            // Its Call-ID is known once it has begun.
            var actions = call.EndResumed(invite, answer);
            Take(_endpoint.Run(call, actions));
        }
    }

    /// <summary>Hangs up everything: the node ends.</summary>
    public void EndAll()
    {
        Guid[] ids;
        lock (_lock)
            ids = [.. _calls.Keys];
        foreach (var id in ids)
            End(id, CallEnd.Restarted);
        lock (_lock)
        {
            foreach (var call in _incoming.All)
                Take(_endpoint.Run(call, call.HangUp()));
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<LiveCall> calls;
        lock (_lock)
        {
            _closed = true;
            _timers.StopAll();
            calls = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in calls)
            await call.CloseAsync();
        await _incoming.CloseAsync();
        if (_stream is not null)
            await _stream.DisposeAsync();
    }

    private void SendAgain()
    {
        lock (_lock)
        {
            if (!_closed)
                Take(_endpoint.SendAgain());
        }
    }

    private void FailToSend(SipMessage message)
    {
        lock (_lock)
        {
            if (!_closed)
                Take(_endpoint.FailToSend(message));
        }
    }

    private void Take(IReadOnlyList<EndpointAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case EndpointAction.Transmit { Message: { } message }:
                    if (!_send(message, Peer))
                        Take(_endpoint.FailToSend(message));
                    break;
                case EndpointAction.Start start:
                    _timers.Start(start.Timer, start.After);
                    break;
                case EndpointAction.Stop stop:
                    _timers.Stop(stop.Timer);
                    break;
                case EndpointAction.Tell tell:
                    Told(tell.User, tell.Event);
                    break;
                case EndpointAction.Invited invited:
                    Take(_endpoint.Run(invited.Call, _incoming.Decide(invited.Call, Trunk)));
                    break;
                default:
                    break;
            }
        }
    }

    private void Fire(long timer)
    {
        lock (_lock)
        {
            if (!_closed && _timers.Stop(timer))
                Take(_endpoint.Fire(timer));
        }
    }

    private void EndIncoming(IncomingCall call)
    {
        lock (_lock)
        {
            if (!_closed)
                Take(_endpoint.Run(call, call.HangUp()));
        }
    }

    private void Told(TransactionUser user, SipEvent told)
    {
        if (user is IncomingCall incoming)
        {
            Take(_endpoint.Run(incoming, _incoming.Told(incoming, told)));
            return;
        }

        if (user is not OutgoingCall call)
        {
            _news.TryWrite(new LineNews(Trunk.Id, null, told));
            return;
        }

        var (id, live) = _calls.FirstOrDefault(c => c.Value.Sip == call);
        if (live is null)
            return;
        switch (told)
        {
            case SipEvent.EarlyMedia early:
                LineVoice.Agree(live.Voice, early.Description);
                break;
            case SipEvent.Answered answered:
                live.Limit?.Dispose();
                live.Limit = _clock.CreateTimer(_ => End(id, CallEnd.TooLong), null, _options.LongestCall, Timeout.InfiniteTimeSpan);
                // An answer without a voice that we can take is of no use to anybody.
                if (!LineVoice.Agree(live.Voice, answered.Description))
                {
                    live.Why = CallEnd.NoVoice;
                    Take(_endpoint.Run(call, call.HangUp()));
                }

                break;
            case SipEvent.Offered offered:
                Take(_endpoint.Run(call, LineVoice.Reply(call, live.Voice, offered.Description)));
                return;
            case SipEvent.Ended:
                _calls.Remove(id);
                _news.TryWrite(new LineNews(Trunk.Id, id, told, live.Why, Quality: live.Voice.Quality()));
                _ = live.CloseAsync();
                return;
            default:
                break;
        }

        if (_calls.ContainsKey(id))
            _news.TryWrite(new LineNews(Trunk.Id, id, told, Invite: call.Invite, Answer: call.Success));
    }
}
