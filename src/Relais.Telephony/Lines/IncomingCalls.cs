using System.Net;
using System.Net.Sockets;
using Relais.Telephony.Numbers;
using Relais.Telephony.Protocols.Audio;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;
using Relais.Telephony.Trunks;

namespace Relais.Telephony.Lines;

/// <summary>
/// Calls that come in over a line: people who saw our number and call back. Where the line has a message they hear it and are hung up; otherwise they are refused. Nobody is connected with
/// anybody, and no number but ours exists. Not for several threads: the line's turn is theirs.
/// </summary>
/// <param name="hangUp">Hangs up when the message is over.</param>
internal sealed class IncomingCalls(IPAddress address, Action<IncomingCall> hangUp, TimeProvider clock)
{
    /// <summary>Who calls while so many listen hears that it is busy.</summary>
    public const int Most = 10;

    // A breath before the click.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(0.5);

    private readonly Dictionary<IncomingCall, Listener> _listeners = [];

    private sealed class Listener(RtpLeg voice, ReadOnlyMemory<byte> message)
    {
        public RtpLeg Voice { get; } = voice;

        public ReadOnlyMemory<byte> Message { get; } = message;

        public ITimer? End { get; set; }
    }

    /// <summary>Answers or refuses.</summary>
    public IReadOnlyList<UserAction> Decide(IncomingCall call, Trunk trunk)
    {
        if (!IsOurs(call.Uri, trunk))
            return call.Refuse(404, "Not Found");
        if (trunk.CallBackSound is not { Length: > 0 } message)
            return call.Refuse(480, "Temporarily Unavailable");
        if (_listeners.Count >= Most)
            return call.Refuse(486, "Busy Here");
        RtpLeg voice;
        try
        {
            voice = RtpLeg.Open(address);
        }
        catch (SocketException)
        {
            return call.Refuse(503, "Service Unavailable");
        }

        if ((call.Offered.Length == 0 ? LineVoice.Offer(address, voice) : LineVoice.Answer(address, voice, call.Offered)) is not { } description)
        {
            _ = voice.DisposeAsync().AsTask();
            return call.Refuse(488, "Not Acceptable Here");
        }

        _listeners[call] = new Listener(voice, message);
        return call.Accept(description);
    }

    /// <summary>Follows one that was answered.</summary>
    public IReadOnlyList<UserAction> Told(IncomingCall call, SipEvent told)
    {
        if (!_listeners.TryGetValue(call, out var listener))
            return [];
        switch (told)
        {
            // Not a sound before that: whoever sends an INVITE in an operator's name could have our voice sent to anybody.
            case SipEvent.Begun when call.Offered.Length > 0:
                return Speak(call, listener, call.Offered);
            case SipEvent.Agreed agreed:
                return Speak(call, listener, agreed.Description);
            case SipEvent.Offered offered:
                return LineVoice.Reply(call, listener.Voice, offered.Description);
            case SipEvent.Ended:
                _listeners.Remove(call);
                _ = CloseAsync(listener);
                return [];
            default:
                return [];
        }
    }

    /// <summary>Those who listen now.</summary>
    public IReadOnlyList<IncomingCall> All => [.. _listeners.Keys];

    public async ValueTask CloseAsync()
    {
        var left = _listeners.Values.ToList();
        _listeners.Clear();
        foreach (var listener in left)
            await CloseAsync(listener);
    }

    private IReadOnlyList<UserAction> Speak(IncomingCall call, Listener listener, byte[] description)
    {
        if (!LineVoice.Agree(listener.Voice, description))
            return call.HangUp();
        listener.Voice.Announce(listener.Message);
        listener.End ??= clock.CreateTimer(_ => hangUp(call), null, TimeSpan.FromSeconds((double)listener.Message.Length / Resampling.TelephoneRate) + Pause, Timeout.InfiniteTimeSpan);
        return [];
    }

    // By the number that the line shows, in whichever form, or by the name under which the operator knows us.
    private static bool IsOurs(string uri, Trunk trunk)
    {
        if (SipUri.TryParse(uri)?.User is not { } user)
            return false;
        var number = (DialledNumber.TryParse(user) ?? DialledNumber.TryParse("+" + user))?.ToString();
        return user == (trunk.UserName ?? "relais") || (number is not null && (number == trunk.Caller || number == trunk.VerifiedCaller));
    }

    private static async Task CloseAsync(Listener listener)
    {
        if (listener.End is { } end)
            await end.DisposeAsync();
        await listener.Voice.DisposeAsync();
    }
}
