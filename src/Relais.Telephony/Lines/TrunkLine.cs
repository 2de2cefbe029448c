using System.Net;
using System.Security.Cryptography;
using System.Threading.Channels;
using Relais.Telephony.Calls;
using Relais.Telephony.Numbers;
using Relais.Telephony.Protocols.Sdp;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;
using Relais.Telephony.Trunks;

namespace Relais.Telephony.Lines;

/// <summary>Something that happened on a line.</summary>
/// <param name="Call">Null for the trunk itself.</param>
/// <param name="Event">Null for a call whose INVITE just went out.</param>
/// <param name="Why">What we know better than the messages do.</param>
/// <param name="Invite">The INVITE as it went out last.</param>
internal sealed record LineNews(Guid Trunk, Guid? Call, SipEvent? Event, CallEnd? Why = null, SipRequest? Invite = null, SipResponse? Answer = null, LegQuality? Quality = null);

/// <summary>A trunk that is open on this node: the endpoint of its messages, its calls with their voices, and the timers of them all.</summary>
internal sealed class TrunkLine : IAsyncDisposable
{
    private static readonly AudioCodec[] Codecs = [new(8, "PCMA", 8000), new(101, SessionDescription.Events, 8000, "0-15")];

    private readonly Lock _lock = new();
    private readonly Dictionary<long, ITimer> _timers = [];
    private readonly Dictionary<Guid, LiveCall> _calls = [];
    private readonly SipIdentity _identity;
    private readonly SipCredentials? _credentials;
    private readonly SipEndpoint _endpoint;
    private readonly Func<SipMessage, IPEndPoint, bool> _send;
    private readonly ChannelWriter<LineNews> _news;
    private readonly TelephonyOptions _options;
    private readonly TimeProvider _clock;
    private SipRegistration? _registration;
    private SipProbe? _probe;
    private bool _retired;
    private bool _closed;

    private sealed class LiveCall(OutgoingCall sip, RtpLeg voice)
    {
        public OutgoingCall Sip { get; } = sip;

        public RtpLeg Voice { get; } = voice;

        public CallEnd? Why { get; set; }

        public ITimer? Limit { get; set; }
    }

    public TrunkLine(
        Trunk trunk, string? password, IPEndPoint peer, IPEndPoint local, Func<SipMessage, IPEndPoint, bool> send, ChannelWriter<LineNews> news, TelephonyOptions options,
        TimeProvider clock)
    {
        (Trunk, Peer, Local, _send, _news, _options, _clock) = (trunk, peer, local, send, news, options, clock);
        _identity = new SipIdentity(
            local.Address.ToString(), local.Port, "UDP", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), () => RandomNumberGenerator.GetInt32(1000) / 1000.0);
        _credentials = trunk.UserName is null || password is null ? null : new SipCredentials(trunk.UserName, password);
        _endpoint = new SipEndpoint(_identity);
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
        (Trunk.Host, Trunk.Port, Trunk.Domain, Trunk.Registers, Trunk.UserName, Trunk.Secret) == (other.Host, other.Port, other.Domain, other.Registers, other.UserName, other.Secret);

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

    /// <summary>Places a call.</summary>
    public void Place(Guid id, DialledNumber number, DialledNumber caller)
    {
        var voice = RtpLeg.Open(Local.Address, _clock);
        var from = new NameAddress(Trunk.CallerName, $"sip:{caller.In(Trunk.NumberForm)}@{Trunk.SipDomain}", new Dictionary<string, string?>(StringComparer.Ordinal)).ToString();
        var offer = SessionDescription.Offer(Local.Address, voice.Local.Port, (ulong)RandomNumberGenerator.GetInt32(int.MaxValue), 1, Codecs).ToBytes();
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
    }

    public async ValueTask DisposeAsync()
    {
        List<LiveCall> calls;
        lock (_lock)
        {
            _closed = true;
            foreach (var timer in _timers.Values)
                timer.Dispose();
            _timers.Clear();
            calls = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var call in calls)
            await CloseAsync(call);
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
                    _timers[start.Timer] = _clock.CreateTimer(_ => Fire(start.Timer), null, start.After, Timeout.InfiniteTimeSpan);
                    break;
                case EndpointAction.Stop stop:
                    if (_timers.Remove(stop.Timer, out var timer))
                        timer.Dispose();
                    break;
                case EndpointAction.Tell tell:
                    Told(tell.User, tell.Event);
                    break;
                // Nobody calls us yet: a call that comes in is refused as the network would.
                case EndpointAction.Invited invited:
                    Take(_endpoint.Run(invited.Call, invited.Call.Refuse(480, "Temporarily Unavailable")));
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
            if (_closed || !_timers.Remove(timer, out var fired))
                return;
            fired.Dispose();
            Take(_endpoint.Fire(timer));
        }
    }

    private void Told(TransactionUser user, SipEvent told)
    {
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
                Agree(live, early.Description);
                break;
            case SipEvent.Answered answered:
                live.Limit?.Dispose();
                live.Limit = _clock.CreateTimer(_ => End(id, CallEnd.TooLong), null, _options.LongestCall, Timeout.InfiniteTimeSpan);
                // An answer without a voice that we can take is of no use to anybody.
                if (!Agree(live, answered.Description))
                {
                    live.Why = CallEnd.NoVoice;
                    Take(_endpoint.Run(call, call.HangUp()));
                }

                break;
            case SipEvent.Offered offered:
                Take(_endpoint.Run(call, Reply(live, offered.Description)));
                return;
            case SipEvent.Ended:
                _calls.Remove(id);
                _news.TryWrite(new LineNews(Trunk.Id, id, told, live.Why, Quality: live.Voice.Quality()));
                _ = CloseAsync(live);
                return;
            default:
                break;
        }

        if (_calls.ContainsKey(id))
            _news.TryWrite(new LineNews(Trunk.Id, id, told, Invite: call.Invite, Answer: call.Success));
    }

    // Hold and other addresses: the voice follows, and our own port stays.
    private static IReadOnlyList<UserAction> Reply(LiveCall live, byte[] description)
    {
        if (description.Length == 0)
            return live.Sip.Answer(live.Sip.Description);
        if (SessionDescription.TryParse(description) is not { } offer || SessionDescription.TryParse(live.Sip.Description) is not { Audio.Address: { } address } ours
            || offer.Answer(address, ours.Audio.Port, ours.SessionId, ours.Version + 1, ["PCMA"]) is not { } answer)
            return live.Sip.RefuseOffer();
        if (offer.Audio.Address is { } to)
            live.Voice.Agree(new IPEndPoint(to, offer.Audio.Port));
        return live.Sip.Answer(answer.ToBytes());
    }

    private static bool Agree(LiveCall live, byte[] description)
    {
        if (SessionDescription.TryParse(description) is not { Audio: { Port: > 0, Address: { } address } audio } || audio.Find("PCMA") is null)
            return false;
        live.Voice.Agree(new IPEndPoint(address, audio.Port));
        return true;
    }

    private static async Task CloseAsync(LiveCall call)
    {
        if (call.Limit is { } limit)
            await limit.DisposeAsync();
        await call.Voice.DisposeAsync();
    }
}
