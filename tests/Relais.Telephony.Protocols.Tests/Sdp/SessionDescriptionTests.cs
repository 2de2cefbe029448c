using System.Net;
using System.Text;
using CsCheck;
using Relais.Telephony.Protocols.Sdp;

namespace Relais.Telephony.Protocols.Tests.Sdp;

public sealed class SessionDescriptionTests
{
    private const string Offer =
        "v=0\r\no=trunk 4242 7 IN IP4 192.0.2.9\r\ns=call\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=video 5004 RTP/AVP 31\r\na=rtpmap:31 H261/90000\r\n"
        + "m=audio 40000 RTP/AVP 18 8 0 101\r\na=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-15\r\na=fmtp:18 annexb=no\r\na=ptime:20\r\n";

    private static readonly IPAddress Ours = IPAddress.Parse("198.51.100.7");

    [Fact]
    public void Audio_is_found_among_other_media_with_what_its_numbers_stand_for()
    {
        var read = Read(Offer)!;
        Assert.Equal(("192.0.2.9", 40000, MediaDirection.Both, 20), (read.Audio.Address!.ToString(), read.Audio.Port, read.Audio.Direction, read.Audio.PacketTime));
        Assert.Equal(["G729", "PCMA", "PCMU", "TELEPHONE-EVENT"], read.Audio.Codecs.Select(c => c.Name));
        Assert.Equal("0-15", read.Audio.Find(SessionDescription.Events)!.Format);
    }

    [Fact]
    public void An_answer_takes_the_callers_first_codec_that_we_can_and_refuses_the_rest()
    {
        var answer = Read(Offer)!.Answer(Ours, 30000, 1, 1, ["PCMA", "PCMU"])!;
        var text = Encoding.UTF8.GetString(answer.ToBytes());
        Assert.Contains("m=video 0 RTP/AVP 31\r\nm=audio 30000 RTP/AVP 8 101\r\n", text, StringComparison.Ordinal);
        var again = Read(text)!;
        Assert.Equal((answer.SessionId, answer.Version, answer.AudioPlace), (again.SessionId, again.Version, again.AudioPlace));
        Assert.Equal(answer.Audio.Codecs, again.Audio.Codecs);
        Assert.Null(Read(Offer)!.Answer(Ours, 30000, 1, 1, ["OPUS"]));
        Assert.Null(Read(Offer.Replace("audio 40000", "audio 0", StringComparison.Ordinal))!.Answer(Ours, 30000, 1, 1, ["PCMA"]));
    }

    [Theory]
    [InlineData("a=sendonly\r\n", MediaDirection.ReceiveOnly)]
    [InlineData("a=recvonly\r\n", MediaDirection.SendOnly)]
    [InlineData("a=inactive\r\n", MediaDirection.Inactive)]
    [InlineData("c=IN IP4 0.0.0.0\r\n", MediaDirection.ReceiveOnly)]
    [InlineData("", MediaDirection.Both)]
    public void A_call_that_is_held_is_answered_in_kind(string line, MediaDirection direction) =>
        Assert.Equal(direction, Read(Offer + line)!.Answer(Ours, 1, 1, 1, ["PCMA"])!.Audio.Direction);

    [Theory]
    [InlineData("v=0", "v=1")]
    [InlineData("m=audio 40000 RTP/AVP", "m=audio 70000 RTP/AVP")]
    [InlineData("m=audio 40000 RTP/AVP 18", "m=audio 40000 RTP/AVP 999")]
    [InlineData("m=audio 40000 RTP/AVP", "m=audio 40000 RTP/SAVP")]
    [InlineData("c=IN IP4 192.0.2.9", "c=IN IP4 trunk.example")]
    [InlineData("c=IN IP4 192.0.2.9\r\n", "")]
    [InlineData("o=trunk 4242 7 IN IP4 192.0.2.9", "o=trunk")]
    [InlineData("s=call", "nonsense")]
    public void What_has_no_plain_audio_or_is_malformed_is_refused(string whole, string broken) => Assert.Null(Read(Offer.Replace(whole, broken, StringComparison.Ordinal)));

    [Fact]
    public void Our_offer_is_read_as_it_was_meant()
    {
        var offer = SessionDescription.Offer(IPAddress.Parse("2001:db8::7"), 20000, 5, 6, [new AudioCodec(8, "PCMA", 8000), new AudioCodec(101, SessionDescription.Events, 8000, "0-15")]);
        var read = SessionDescription.TryParse(offer.ToBytes())!;
        Assert.Equal(offer.Audio.Codecs, read.Audio.Codecs);
        Assert.Equal(offer.Audio with { Codecs = read.Audio.Codecs }, read.Audio);
    }

    [Fact]
    public void Arbitrary_text_never_throws() =>
        Gen.Select(Gen.String[Gen.Char['\n', 'z'], 0, 60], Gen.Int[0, Offer.Length], Gen.Int[0, 30]).Sample((text, at, drop) =>
        {
            Read(text);
            Read(Offer[..at] + text + Offer[Math.Min(Offer.Length, at + drop)..])?.Answer(Ours, 1, 1, 1, ["PCMA"])?.ToBytes();
        });

    private static SessionDescription? Read(string text) => SessionDescription.TryParse(Encoding.UTF8.GetBytes(text));
}
