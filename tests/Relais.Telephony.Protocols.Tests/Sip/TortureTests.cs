using System.Buffers;
using System.Text;
using Relais.Telephony.Protocols.Sip;

namespace Relais.Telephony.Protocols.Tests.Sip;

/// <summary>RFC 4475: what is valid is read, what is not is refused, and what is somebody else's to judge is answered.</summary>
public sealed class TortureTests
{
    public static TheoryData<string> Valid => [.. TortureMessages.Valid.Keys];

    public static TheoryData<string> Invalid => [.. TortureMessages.Invalid.Keys];

    public static TheoryData<string> Answered => [.. TortureMessages.Answered.Keys];

    [Theory]
    [MemberData(nameof(Valid))]
    public void What_is_valid_is_read_and_reads_the_same_once_written(string name)
    {
        var message = SipParser.Read(Bytes(TortureMessages.Valid[name]), out var fault);
        Assert.True(message is not null, $"{name}: {fault?.Reason}");
        var again = SipParser.Read(message.ToBytes(), out _);
        Assert.Equal(message.Headers.All.Where(h => h.Name != "Content-Length"), again!.Headers.All.Where(h => h.Name != "Content-Length"));
        Assert.Equal(message.Body, again.Body);
        Assert.Equal((message.From!.Uri, message.From.Tag, message.To!.Uri, message.CSeq), (again.From!.Uri, again.From.Tag, again.To!.Uri, again.CSeq));
    }

    [Theory]
    [MemberData(nameof(Invalid))]
    public void What_is_invalid_is_refused_as_it_is_due(string name)
    {
        var (status, text) = TortureMessages.Invalid[name];
        Assert.Null(SipParser.Read(Bytes(text), out var fault));
        Assert.Equal(status, fault!.Status);
        // An endpoint answers it, or not, and goes on.
        var end = new OneEnd("a");
        end.Take(end.Endpoint.Refuse(fault));
        Assert.True(end.Sent.Count is 0 || ((SipResponse)end.Sent[0].Message).Status == status, name);
    }

    [Theory]
    [MemberData(nameof(Answered))]
    public void What_is_well_formed_gets_the_answer_of_an_endpoint(string name)
    {
        var (status, text) = TortureMessages.Answered[name];
        var message = SipParser.Read(Bytes(text), out var fault);
        var end = new OneEnd("a");
        if (message is not null)
            end.Take(end.Endpoint.Receive(message, "192.0.2.9", 5060));
        else
            end.Take(end.Endpoint.Refuse(fault!));
        Assert.Equal(status, end.Sent.Select(s => ((SipResponse)s.Message).Status).FirstOrDefault(s => s != 100));
    }

    [Fact]
    public void Two_messages_in_one_datagram_are_one_and_in_a_stream_are_two()
    {
        const string First = "REGISTER sip:example.com SIP/2.0\nTo: sip:j.user@example.com\nFrom: sip:j.user@example.com;tag=43251j3j324\nMax-Forwards: 8\nI: dblreq.0ha0isndaksdj99sdfafnl3lk233412\n"
            + "Contact: sip:j.user@host.example.com\nCSeq: 8 REGISTER\nVia: SIP/2.0/UDP 192.0.2.125;branch=z9hG4bKkdjuw23492\nContent-Length: 0\n\n\n";
        var both = Bytes(First + TortureMessages.Valid["semiuri"]);
        Assert.Equal("REGISTER", Assert.IsType<SipRequest>(SipParser.Read(both, out _)).Method);
        var stream = new ReadOnlySequence<byte>(both);
        Assert.Equal(ReadResult.Complete, SipParser.TryRead(ref stream, out _, out _));
        Assert.Equal(ReadResult.Complete, SipParser.TryRead(ref stream, out var second, out _));
        Assert.Equal("semiuri.0ha0isndaksdj", second!.CallId);
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal));
}
