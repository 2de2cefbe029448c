using System.Buffers;
using System.Text;
using CsCheck;
using Relais.Telephony.Protocols.Sip;

namespace Relais.Telephony.Protocols.Tests.Sip;

/// <summary>Messages as peers send them, well and badly. The cases are those that RFC 4475 names; the messages are our own.</summary>
public sealed class SipMessageTests
{
    private const string Invite =
        "INVITE sip:0123456789@trunk.example;user=phone SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport\r\nMax-Forwards: 70\r\n"
        + "From: \"Étude\" <sip:relais@192.0.2.1>;tag=a1\r\nTo: <sip:0123456789@trunk.example>\r\nCall-ID: 1@192.0.2.1\r\nCSeq: 1 INVITE\r\n"
        + "Contact: <sip:relais@192.0.2.1:5060>\r\nContent-Type: application/sdp\r\nContent-Length: 4\r\n\r\nv=0\n";

    [Fact]
    public void A_request_is_read_and_written_as_it_was()
    {
        var request = Assert.IsType<SipRequest>(Read(Invite));
        Assert.Equal(("INVITE", "sip:0123456789@trunk.example;user=phone"), (request.Method, request.Uri));
        Assert.Equal(("Étude", "sip:relais@192.0.2.1", "a1"), (request.From!.Display, request.From.Uri, request.From.Tag));
        Assert.Equal(new CSeq(1, "INVITE"), request.CSeq);
        Assert.Equal(("UDP", "192.0.2.1", 5060, "z9hG4bK1"), (request.Via!.Transport, request.Via.Host, request.Via.Port, request.Via.Branch));
        Assert.Equal("v=0\n", Encoding.UTF8.GetString(request.Body));
        Assert.Equal(Invite, Encoding.UTF8.GetString(request.ToBytes()));
    }

    [Fact]
    public void Folded_lines_compact_names_odd_spaces_and_cases_are_understood()
    {
        const string Tortuous =
            "INVITE sip:vivekg@chair-dnrc.example;unknownparam SIP/2.0\r\nTO :\r\n sip:vivekg@chair-dnrc.example ;   tag    = 1918181833n\r\n"
            + "f   : \"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\r\n  ;\r\n  tag = 98asjd8\r\nMaX-fOrWaRdS: 0068\r\nCall-ID: wsinv.x@192.0.2.1\r\n"
            + "cseq: 0009\r\n  INVITE\r\nVia  : SIP  /   2.0\r\n /UDP\r\n    192.0.2.2;branch=390skdjuw\r\ns :\r\nNewFangledHeader:   newfangled value\r\n"
            + " continued newfangled value\r\nv:  SIP  / 2.0  / TCP     spindle.example.com   ;\r\n  branch  =   z9hG4bK9ikj8  ,\r\n SIP  /    2.0   / UDP  192.168.255.111   ; branch=\r\n z9hG4bK30239\r\n"
            + "m:\"Quoted string \\\"\\\"\" <sip:jdrosen@example.com> ; newparam =\r\n      newvalue ;\r\n  secondparam ; q = 0.33\r\nContent-Length: 0\r\n\r\n";
        var request = Assert.IsType<SipRequest>(Read(Tortuous));
        Assert.Equal("1918181833n", request.To!.Tag);
        Assert.Equal(("J Rosenberg \\\"", "98asjd8"), (request.From!.Display, request.From.Tag));
        Assert.Equal(new CSeq(9, "INVITE"), request.CSeq);
        Assert.Equal(["UDP", "TCP", "UDP"], request.Headers.Each("Via").Select(v => Via.TryParse(v)!.Transport));
        Assert.Equal("z9hG4bK30239", Via.TryParse(request.Headers.Each("Via").Last())!.Branch);
        Assert.Equal("newfangled value continued newfangled value", request.Headers["NewFangledHeader"]);
        Assert.Equal("0.33", NameAddress.TryParse(request.Headers["Contact"])!.Parameters["q"]);
        Assert.Equal(68u, request.Headers.Number("Max-Forwards"));
    }

    [Fact]
    public void Escapes_stand_for_what_they_hide_and_methods_may_be_any_token()
    {
        var address = SipUri.TryParse("sip:sips%3Auser%40example.com@example.net;lr?Subject=x")!;
        Assert.Equal(("sips:user@example.com", "example.net", "lr"), (address.User, address.Host, address.Parameters));
        Assert.Equal("sip:sips%3Auser%40example.com@example.net;lr", address.ToString());
        Assert.Equal("[2001:db8::10]", SipUri.TryParse("sip:[2001:db8::10]:5070")!.Host);
        Assert.Equal(5070, SipUri.TryParse("sip:[2001:db8::10]:5070")!.Port);
        Assert.Null(SipUri.TryParse("sip:user%4@example.com"));
        Assert.Null(SipUri.TryParse("sip:@example.com"));
        Assert.Null(SipUri.TryParse("sip:a@b@c"));
        Assert.Null(SipUri.TryParse("http://example.com"));

        const string Odd = "!interesting-Method0123456789_*+`.%indeed'~";
        Assert.Equal(Odd, Assert.IsType<SipRequest>(Read(Invite.Replace("INVITE", Odd, StringComparison.Ordinal))).Method);
    }

    [Fact]
    public void A_response_without_a_reason_or_with_one_in_another_script_is_one()
    {
        Assert.Equal((200, ""), Response("SIP/2.0 200 "));
        Assert.Equal((200, ""), Response("SIP/2.0 200"));
        Assert.Equal((486, "Занято"), Response("SIP/2.0 486 Занято"));

        static (int, string) Response(string line)
        {
            var response = Assert.IsType<SipResponse>(Read(line + Invite[Invite.IndexOf('\r', StringComparison.Ordinal)..]));
            return (response.Status, response.Reason);
        }
    }

    [Fact]
    public void What_lies_behind_the_body_of_a_datagram_is_not_of_it() =>
        Assert.Equal("v=0\n", Encoding.UTF8.GetString(Read(Invite + "INVITE sip:x SIP/2.0\r\n\r\n")!.Body));

    [Theory]
    [InlineData("Content-Length: 4", "Content-Length: 9999", 400)]
    [InlineData("Content-Length: 4", "Content-Length: -999", 400)]
    [InlineData("Content-Length: 4", "Content-Length: 4\r\nContent-Length: 4", 400)]
    [InlineData("CSeq: 1 INVITE", "CSeq: 1 REGISTER", 400)]
    [InlineData("CSeq: 1 INVITE", "CSeq: 36893488147419103232 INVITE", 400)]
    [InlineData("CSeq: 1 INVITE\r\n", "", 400)]
    [InlineData("Call-ID: 1@192.0.2.1\r\n", "", 400)]
    [InlineData("Call-ID: 1@192.0.2.1", "Call-ID: 1@192.0.2.1\r\nCall-ID: 2", 400)]
    [InlineData("To: <sip:0123456789@trunk.example>", "To: \"Mr. J. User <sip:0123456789@trunk.example>", 400)]
    [InlineData("To: <sip:0123456789@trunk.example>", "To: <sip:0123456789@trunk.example", 400)]
    [InlineData("From: \"Étude\" <", "From: Bell, Alexander <", 400)]
    [InlineData("Max-Forwards: 70", "Max-Forwards: 300", 400)]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport", "Via: SIP/2.0/UDP 192.0.2.15;;,;,,", 400)]
    [InlineData("Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport\r\n", "", 400)]
    [InlineData("INVITE sip:0123456789@trunk.example;user=phone SIP/2.0", "INVITE <sip:0123456789@trunk.example> SIP/2.0", 400)]
    [InlineData("INVITE sip:0123456789@trunk.example;user=phone SIP/2.0", "INVITE  sip:0123456789@trunk.example  SIP/2.0", 400)]
    [InlineData("INVITE sip:0123456789@trunk.example;user=phone SIP/2.0", "INVITE sip:0123456789@trunk.example SIP/7.0", 505)]
    [InlineData("INVITE sip:0123456789@trunk.example;user=phone SIP/2.0", "SIP/2.0 4294967301 better not break the receiver", 0)]
    [InlineData("INVITE sip:0123456789@trunk.example;user=phone SIP/2.0", "GET /admin HTTP/1.1", 0)]
    public void What_breaks_the_rules_is_refused_with_the_answer_that_it_is_due(string whole, string broken, int status)
    {
        Assert.Contains(whole, Invite, StringComparison.Ordinal);
        Assert.Null(SipParser.Read(Encoding.UTF8.GetBytes(Invite.Replace(whole, broken, StringComparison.Ordinal)), out var fault));
        Assert.Equal(status, fault!.Status);
    }

    [Fact]
    public void An_answer_takes_over_what_ties_it_to_its_request()
    {
        var response = ((SipRequest)Read(Invite)!).Respond(486, "Busy Here", "b2");
        var read = Assert.IsType<SipResponse>(SipParser.Read(response.ToBytes(), out _));
        Assert.Equal(("a1", "b2", "1@192.0.2.1", "z9hG4bK1"), (read.From!.Tag, read.To!.Tag, read.CallId, read.Via!.Branch));
    }

    [Fact]
    public void A_value_that_would_begin_another_header_is_refused() =>
        Assert.Throws<ArgumentException>(() => new SipHeaders().Add("Subject", "x\r\nVia: SIP/2.0/UDP evil"));

    [Fact]
    public void Any_split_of_a_stream_gives_the_same_messages() =>
        Gen.Int[1, 40].Array[1, 30].Sample(cuts =>
        {
            var all = Encoding.UTF8.GetBytes("\r\n\r\n" + Invite + Invite.Replace("Call-ID: 1@", "Call-ID: 2@", StringComparison.Ordinal) + "\r\n" + Invite);
            var (kept, ids, at) = (new List<byte>(), new List<string?>(), 0);
            foreach (var cut in cuts.Append(all.Length))
            {
                kept.AddRange(all[at..Math.Min(all.Length, at + cut)]);
                at = Math.Min(all.Length, at + cut);
                var buffer = new ReadOnlySequence<byte>(kept.ToArray());
                while (SipParser.TryRead(ref buffer, out var message, out _) is ReadResult.Complete)
                    ids.Add(message!.CallId);
                kept = [.. buffer.ToArray()];
            }

            return ids.SequenceEqual(["1@192.0.2.1", "2@192.0.2.1", "1@192.0.2.1"]);
        });

    [Fact]
    public void Arbitrary_bytes_never_throw() =>
        Gen.Select(Gen.Byte.Array[0, 200], Gen.Int[0, Invite.Length], Gen.Int[0, 40]).Sample((bytes, at, drop) =>
        {
            SipParser.Read(bytes, out _);
            var whole = Encoding.UTF8.GetBytes(Invite);
            byte[] broken = [.. whole[..Math.Min(at, whole.Length)], .. bytes.AsSpan(0, Math.Min(bytes.Length, 10)), .. whole[Math.Min(whole.Length, at + drop)..]];
            SipParser.Read(broken, out _);
            var stream = new ReadOnlySequence<byte>(broken);
            SipParser.TryRead(ref stream, out _, out _);
        });

    private static SipMessage? Read(string text)
    {
        var message = SipParser.Read(Encoding.UTF8.GetBytes(text), out var fault);
        Assert.Null(fault);
        return message;
    }
}
