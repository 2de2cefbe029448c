using System.Net;
using System.Security.Cryptography;
using Relais.Telephony.Protocols.Sdp;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Lines;

/// <summary>What a leg and the operator agree on: a-law and pressed keys, where the voice goes, and changes of it in mid-call.</summary>
internal static class LineVoice
{
    private static readonly AudioCodec[] Codecs = [new(8, "PCMA", 8000), new(101, SessionDescription.Events, 8000, "0-15")];

    /// <summary>Our offer for a leg.</summary>
    public static byte[] Offer(IPAddress address, RtpLeg voice) => SessionDescription.Offer(address, voice.Local.Port, Session(), 1, Codecs).ToBytes();

    /// <summary>Our answer to the offer of who calls; null where it has nothing that we can take.</summary>
    public static byte[]? Answer(IPAddress address, RtpLeg voice, byte[] offered) =>
        SessionDescription.TryParse(offered)?.Answer(address, voice.Local.Port, Session(), 1, ["PCMA"])?.ToBytes();

    /// <summary>The leg speaks to where the peer says; false where the peer says nothing that we can take.</summary>
    public static bool Agree(RtpLeg voice, byte[] description)
    {
        if (SessionDescription.TryParse(description) is not { Audio: { Port: > 0, Address: { } address } audio } || audio.Find("PCMA") is null)
            return false;
        voice.KeyPayload = audio.Find(SessionDescription.Events)?.PayloadType;
        voice.Agree(new IPEndPoint(address, audio.Port));
        return true;
    }

    /// <summary>Hold and other addresses: the voice follows, and our own port stays.</summary>
    public static IReadOnlyList<UserAction> Reply(SipCall call, RtpLeg voice, byte[] description)
    {
        if (description.Length == 0)
            return call.Answer(call.Description);
        if (SessionDescription.TryParse(description) is not { } offer || SessionDescription.TryParse(call.Description) is not { Audio.Address: { } address } ours
            || offer.Answer(address, ours.Audio.Port, ours.SessionId, ours.Version + 1, ["PCMA"]) is not { } answer)
            return call.RefuseOffer();
        if (offer.Audio.Address is { } to)
            voice.Agree(new IPEndPoint(to, offer.Audio.Port));
        return call.Answer(answer.ToBytes());
    }

    private static ulong Session() => (ulong)RandomNumberGenerator.GetInt32(int.MaxValue);
}
