using System.Text;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Protocols.Tests.Sip;

/// <summary>Answers on the way to the answer that must not be lost (RFC 3262), and changes of a session without an INVITE (RFC 3311).</summary>
public sealed class ReliableAnswerTests
{
    private readonly OneEnd _we = new("a");

    [Fact]
    public void A_reliable_answer_is_acknowledged_once_in_its_own_dialog_and_the_call_counts_on_from_there()
    {
        var call = _we.Call();
        Assert.Contains("100rel", _we.LastRequest("INVITE").Headers.Each("Supported"));
        Ring(183, "t1", 71, "answer");
        // It is repeated until the PRACK is there, which its own transaction repeats.
        Ring(183, "t1", 71, "answer");
        Ring(180, "t1", 72);
        Assert.Equal(["71 1 INVITE", "72 1 INVITE"], Acknowledged.Select(p => p.Headers["RAck"]));
        Assert.Equal([2u, 3u], Acknowledged.Select(p => p.CSeq!.Number));
        Assert.All(Acknowledged, p => Assert.Equal(("t1", "sip:callee@192.0.2.9:5060"), (p.To!.Tag, p.Uri)));
        Assert.Equal([typeof(SipEvent.EarlyMedia), typeof(SipEvent.Ringing)], _we.Told.Select(t => t.GetType()));

        // The description that came reliably need not come again.
        _we.Answer("PRACK", 200, null);
        _we.Answer("INVITE", 200, "t1");
        Assert.Equal("answer", Encoding.UTF8.GetString(_we.Told.OfType<SipEvent.Answered>().Single().Description));
        Assert.Equal(1u, _we.LastRequest("ACK").CSeq!.Number);
        _we.Run(call, call.HangUp());
        Assert.Equal(4u, _we.LastRequest("BYE").CSeq!.Number);
        _we.Answer("BYE", 200, null);
        _we.Pass(60);
        Assert.Equal((0, 0), (_we.Endpoint.Calls, _we.Endpoint.Transactions));
    }

    [Fact]
    public void A_reliable_answer_before_its_turn_waits_for_the_one_that_was_lost()
    {
        _we.Call();
        Ring(180, "t1", 5);
        Ring(183, "t1", 7, "answer");
        Assert.Single(Acknowledged);
        Assert.DoesNotContain(_we.Told, t => t is SipEvent.EarlyMedia);
        Ring(181, "t1", 6);
        Ring(183, "t1", 7, "answer");
        Assert.Equal(["5 1 INVITE", "6 1 INVITE", "7 1 INVITE"], Acknowledged.Select(p => p.Headers["RAck"]));
        Assert.Single(_we.Told.OfType<SipEvent.EarlyMedia>());
    }

    [Fact]
    public void Each_telephone_that_rings_counts_for_itself_and_no_operator_makes_us_remember_hundreds()
    {
        _we.Call();
        Ring(180, "t1", 9);
        Ring(180, "t2", 4);
        Assert.Equal([("t1", "9 1 INVITE"), ("t2", "4 1 INVITE")], Acknowledged.Select(p => (p.To!.Tag!, p.Headers["RAck"]!)));
        for (var i = 0; i < 300; i++)
            Ring(180, $"more{i}", 1);
        Assert.Equal(20, Acknowledged.Count);
    }

    [Fact]
    public void A_challenge_to_the_acknowledgement_is_answered_and_a_refusal_of_it_leaves_the_call_as_it_is()
    {
        _we.Call(new SipCredentials("relais", "secret"));
        Ring(180, "t1", 1);
        _we.Answer("PRACK", 401, null, "", ("WWW-Authenticate", "Digest realm=\"operator\", nonce=\"n\", qop=\"auth\", algorithm=MD5"));
        Assert.Equal(2, Acknowledged.Count);
        Assert.StartsWith("Digest ", Acknowledged[1].Headers["Authorization"], StringComparison.Ordinal);
        Assert.Equal(("1 1 INVITE", 3u), (Acknowledged[1].Headers["RAck"], Acknowledged[1].CSeq!.Number));
        _we.Answer("PRACK", 481, null);
        Assert.DoesNotContain(_we.Told, t => t is SipEvent.Ended);
    }

    [Fact]
    public void An_update_refreshes_a_session_or_changes_its_media_and_needs_no_acknowledgement()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 200, "t1", "answer", ("Session-Expires", "1800;refresher=uas"));
        _we.Pass(1700);
        _we.Receive(Update(2, "", ("Session-Expires", "1800;refresher=uac"), ("Supported", "timer")));
        Assert.Equal("200 UPDATE", _we.Lines.Last());
        Assert.Equal("1800;refresher=uac", _we.Sent[^1].Message.Headers["Session-Expires"]);
        // Past the first end, before the second.
        _we.Pass(500);
        Assert.True(call.Confirmed);

        _we.Receive(Update(3, "hold"));
        Assert.Equal("hold", Encoding.UTF8.GetString(_we.Told.OfType<SipEvent.Offered>().Single().Description));
        // Another one before it is answered has to wait.
        _we.Receive(Update(4, "other"));
        Assert.Equal(("500 UPDATE", "1"), (_we.Lines.Last(), _we.Sent[^1].Message.Headers["Retry-After"]));
        _we.Run(call, call.Answer("held"u8.ToArray()));
        Assert.Equal(("200 UPDATE", "held"), (_we.Lines.Last(), Encoding.UTF8.GetString(_we.Sent[^1].Message.Body)));
        var sent = _we.Sent.Count;
        _we.Pass(10);
        Assert.Equal(sent, _we.Sent.Count);

        _we.Receive(Update(5, "video"));
        _we.Run(call, call.RefuseOffer());
        Assert.Equal("488 UPDATE", _we.Lines.Last());
        _we.Receive(Update(6, "", ("Session-Expires", "60"), ("Supported", "timer")));
        Assert.Equal("422 UPDATE", _we.Lines.Last());

        // It meets an offer of ours.
        _we.Run(call, call.Offer("ours"u8.ToArray()));
        _we.Receive(Update(7, "theirs"));
        Assert.Equal("491 UPDATE", _we.Lines.Last());
        _we.Pass(3000);
        Assert.False(call.Confirmed);
    }

    [Fact]
    public void An_update_before_the_answer_is_taken_once_the_first_offer_has_its_own()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 180, "t1");
        _we.Receive(Update(1, "early"));
        Assert.Equal("491 UPDATE", _we.Lines.Last());
        Ring(183, "t1", 1, "answer");
        _we.Receive(Update(2, "moved"));
        _we.Run(call, call.Answer("yes"u8.ToArray()));
        Assert.Equal(("200 UPDATE", null), (_we.Lines.Last(), _we.Sent[^1].Message.Headers["Session-Expires"]));
        _we.Receive(Update(3, ""));
        Assert.Equal("200 UPDATE", _we.Lines.Last());
        // Nobody hangs up who has not answered, and nobody acknowledges what we never said.
        _we.Receive(Ask("BYE", 4));
        Assert.Equal("481 BYE", _we.Lines.Last());
        _we.Receive(Ask("PRACK", 5));
        Assert.Equal("481 PRACK", _we.Lines.Last());
        _we.Answer("INVITE", 200, "t1");
        Assert.True(call.Confirmed);
        // Counted on from the early dialog.
        _we.Receive(Ask("OPTIONS", 4));
        Assert.Equal("500 OPTIONS", _we.Lines.Last());
    }

    [Theory]
    [InlineData("UPDATE", 481)]
    [InlineData("PRACK", 481)]
    [InlineData("SUBSCRIBE", 405)]
    public void What_belongs_to_no_call_is_refused(string method, int status)
    {
        var request = new SipRequest(method, "sip:relais@192.0.2.1");
        request.Headers.Add("Via", "SIP/2.0/UDP 192.0.2.9;branch=z9hG4bKx").Add("Max-Forwards", "70").Add("From", "<sip:a@b>;tag=1").Add("To", "<sip:relais@192.0.2.1>").Add("Call-ID", "none")
            .Add("CSeq", $"1 {method}");
        _we.Receive(request);
        Assert.Equal($"{status} {method}", _we.Lines.Last());
    }

    private List<SipRequest> Acknowledged => [.. _we.Sent.Select(s => s.Message).OfType<SipRequest>().Where(r => r.Method == "PRACK")];

    private void Ring(int status, string tag, uint number, string body = "") =>
        _we.Answer("INVITE", status, tag, body, ("Require", "100rel"), ("RSeq", number.ToString(System.Globalization.CultureInfo.InvariantCulture)));

    private SipRequest Update(uint number, string body, params (string Name, string Value)[] headers)
    {
        var update = Ask("UPDATE", number);
        foreach (var (name, value) in headers)
            update.Headers.Add(name, value);
        if (body.Length > 0)
            update.Headers.Add("Content-Type", "application/sdp");
        update.Body = Encoding.UTF8.GetBytes(body);
        return update;
    }

    private SipRequest Ask(string method, uint number)
    {
        // The first one, whose To has no tag yet.
        var invite = _we.Sent.Select(s => s.Message).OfType<SipRequest>().First(r => r.Method == "INVITE");
        var request = new SipRequest(method, "sip:relais@192.0.2.1");
        request.Headers.Add("Via", $"SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK{method}{number}").Add("Max-Forwards", "70").Add("From", $"{invite.Headers["To"]};tag=t1").Add("To", invite.Headers["From"]!)
            .Add("Call-ID", invite.CallId!).Add("CSeq", $"{number} {method}").Add("Contact", "<sip:callee@192.0.2.9:5060>");
        return request;
    }
}
