using Relais.Telephony.Calls;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Lines;

/// <summary>Something that happened on a line.</summary>
/// <param name="Call">Null for the trunk itself.</param>
/// <param name="Event">Null for a call whose INVITE just went out.</param>
/// <param name="Why">What we know better than the messages do.</param>
/// <param name="Invite">The INVITE as it went out last.</param>
internal sealed record LineNews(Guid Trunk, Guid? Call, SipEvent? Event, CallEnd? Why = null, SipRequest? Invite = null, SipResponse? Answer = null, LegQuality? Quality = null);

/// <summary>A call that this node placed, with its voice.</summary>
internal sealed class LiveCall(OutgoingCall sip, RtpLeg voice)
{
    public OutgoingCall Sip { get; } = sip;

    public RtpLeg Voice { get; } = voice;

    /// <summary>Why it is ended, where we know better than the messages do.</summary>
    public CallEnd? Why { get; set; }

    /// <summary>Ends its ringing, then the call itself.</summary>
    public ITimer? Limit { get; set; }

    public async Task CloseAsync()
    {
        if (Limit is { } limit)
            await limit.DisposeAsync();
        await Voice.DisposeAsync();
    }
}
