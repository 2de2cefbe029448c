using System.Net;
using System.Security.Cryptography;
using Relais.Telephony.Lines;
using Relais.Telephony.Protocols.Sdp;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Respondents;

/// <summary>All respondents towards one caller: the endpoint of their messages, its timers, and who is on the telephone.</summary>
internal sealed class RespondentLine : IAsyncDisposable
{
    private static readonly string[] Codecs = ["PCMA"];

    private readonly Lock _lock = new();
    private readonly Dictionary<long, ITimer> _timers = [];
    private readonly Dictionary<IncomingCall, Picked> _calls = [];
    private readonly SipEndpoint _endpoint;
    private readonly IPEndPoint _peer;
    private readonly IPEndPoint _local;
    private readonly Func<SipMessage, IPEndPoint, bool> _send;
    private readonly Func<string, (RespondentFate Fate, Random Chance)> _draw;
    private readonly RespondentSettings _settings;
    private readonly TimeProvider _clock;
    private bool _closed;

    private sealed class Picked(RespondentFate fate, Respondent somebody)
    {
        public RespondentFate Fate { get; } = fate;

        public Respondent Somebody { get; } = somebody;

        public RtpLeg? Leg { get; set; }

        public ITimer? Next { get; set; }
    }

    /// <param name="draw">Gives what becomes of a call of a number, and the chance that goes with it.</param>
    public RespondentLine(
        IPEndPoint peer, IPEndPoint local, Func<SipMessage, IPEndPoint, bool> send, Func<string, (RespondentFate Fate, Random Chance)> draw, RespondentSettings settings, TimeProvider clock)
    {
        (_peer, _local, _send, _draw, _settings, _clock) = (peer, local, send, draw, settings, clock);
        _endpoint = new SipEndpoint(new SipIdentity(
            local.Address.ToString(), local.Port, "UDP", () => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)), () => RandomNumberGenerator.GetInt32(1000) / 1000.0));
    }

    public void Receive(SipMessage? message, SipFault? fault)
    {
        lock (_lock)
        {
            if (_closed)
                return;
            if (message is not null)
                Take(_endpoint.Receive(message, _peer.Address.ToString(), _peer.Port));
            else if (fault is not null)
                Take(_endpoint.Refuse(fault));
        }
    }

    /// <summary>Whoever is on the telephone hangs up.</summary>
    public async ValueTask DisposeAsync()
    {
        List<Picked> left;
        lock (_lock)
        {
            foreach (var call in _calls.Keys.ToList())
                Take(_endpoint.Run(call, call.HangUp()));
            _closed = true;
            foreach (var timer in _timers.Values)
                timer.Dispose();
            left = [.. _calls.Values];
            _calls.Clear();
        }

        foreach (var picked in left)
            await CloseAsync(picked);
    }

    private void Take(IReadOnlyList<EndpointAction> actions)
    {
        foreach (var action in actions)
        {
            switch (action)
            {
                case EndpointAction.Transmit { Message: { } message }:
                    _send(message, _peer);
                    break;
                case EndpointAction.Start start:
                    _timers[start.Timer] = _clock.CreateTimer(_ => Fire(start.Timer), null, start.After, Timeout.InfiniteTimeSpan);
                    break;
                case EndpointAction.Stop stop:
                    if (_timers.Remove(stop.Timer, out var timer))
                        timer.Dispose();
                    break;
                case EndpointAction.Invited invited:
                    Begin(invited.Call);
                    break;
                case EndpointAction.Tell { User: IncomingCall call, Event: SipEvent.Ended }:
                    if (_calls.Remove(call, out var over))
                        _ = CloseAsync(over);
                    break;
                // Hold and other addresses: nothing changes here.
                case EndpointAction.Tell { User: IncomingCall call, Event: SipEvent.Offered offered }:
                    Take(_endpoint.Run(call, Describe(call, offered.Description, _calls.GetValueOrDefault(call)?.Leg) is { } answer ? call.Answer(answer) : call.RefuseOffer()));
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

    private void Begin(IncomingCall call)
    {
        var number = SipUri.TryParse(call.Uri)?.User ?? "";
        var (fate, chance) = _draw(number);
        var picked = new Picked(fate, new Respondent(fate, chance, _settings.Think, () => _ = Task.Run(() => HangUp(call))));
        _calls[call] = picked;
        switch (fate)
        {
            case RespondentFate.Unknown:
                Take(_endpoint.Run(call, call.Refuse(404, "Not Found")));
                return;
            case RespondentFate.Busy:
                Take(_endpoint.Run(call, call.Refuse(486, "Busy Here")));
                return;
            case RespondentFate.NoAnswer:
                Take(_endpoint.Run(call, call.Ring()));
                // As the network does, should the caller's patience be longer.
                Later(call, picked, TimeSpan.FromMinutes(3), () => call.Refuse(480, "Temporarily Unavailable"));
                return;
            default:
                _ = picked.Somebody.PrepareAsync();
                var ring = _settings.Ring.Least + ((_settings.Ring.Most - _settings.Ring.Least) * chance.NextDouble());
                Take(_endpoint.Run(call, fate is RespondentFate.EarlyMedia && Open(call, picked) is { } early ? call.Announce(early) : call.Ring()));
                Later(call, picked, ring, () => Answer(call, picked));
                return;
        }
    }

    private IReadOnlyList<UserAction> Answer(IncomingCall call, Picked picked)
    {
        if ((picked.Leg is { } early ? Describe(call, call.Offered, early) : Open(call, picked)) is not { } description)
            return call.Refuse(488, "Not Acceptable Here");
        if (picked.Leg is { } leg)
            picked.Somebody.Bind(leg);
        return call.Accept(description);
    }

    private byte[]? Open(IncomingCall call, Picked picked)
    {
        var leg = RtpLeg.Open(_local.Address);
        if (Describe(call, call.Offered, leg) is { } description)
        {
            picked.Leg = leg;
            return description;
        }

        _ = leg.DisposeAsync().AsTask();
        return null;
    }

    // Our answer to an offer, and the leg speaks to where it says.
    private byte[]? Describe(IncomingCall call, byte[] offered, RtpLeg? leg)
    {
        if (leg is null || SessionDescription.TryParse(offered) is not { Audio.Address: { } address } offer)
            return null;
        var ours = SessionDescription.TryParse(call.Description);
        var answer = offer.Answer(_local.Address, leg.Local.Port, ours?.SessionId ?? (ulong)RandomNumberGenerator.GetInt32(int.MaxValue), (ours?.Version ?? 0) + 1, Codecs);
        if (answer is not null)
            leg.Agree(new IPEndPoint(address, offer.Audio.Port));
        return answer?.ToBytes();
    }

    private void Later(IncomingCall call, Picked picked, TimeSpan after, Func<IReadOnlyList<UserAction>> then) => picked.Next = _clock.CreateTimer(
        _ =>
        {
            lock (_lock)
            {
                if (!_closed && _calls.ContainsKey(call))
                    Take(_endpoint.Run(call, then()));
            }
        },
        null, after, Timeout.InfiniteTimeSpan);

    private void HangUp(IncomingCall call)
    {
        lock (_lock)
        {
            if (!_closed && _calls.ContainsKey(call))
                Take(_endpoint.Run(call, call.HangUp()));
        }
    }

    private static async Task CloseAsync(Picked picked)
    {
        if (picked.Next is { } timer)
            await timer.DisposeAsync();
        if (picked.Leg is { } leg)
            await leg.DisposeAsync();
    }
}
