using System.Text;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Protocols.Tests.Sip;

public sealed class OutgoingCallTests
{
    private readonly OneEnd _we = new("a");

    [Fact]
    public void A_call_rings_is_answered_and_is_hung_up_here()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 100, null);
        _we.Answer("INVITE", 180, "t1");
        _we.Answer("INVITE", 200, "t1", "answer");
        Assert.Equal([typeof(SipEvent.Trying), typeof(SipEvent.Ringing), typeof(SipEvent.Answered)], _we.Told.Select(t => t.GetType()));
        Assert.Equal("answer", Encoding.UTF8.GetString(((SipEvent.Answered)_we.Told[2]).Description));
        var (invite, ack) = (_we.LastRequest("INVITE"), _we.LastRequest("ACK"));
        Assert.Equal(("sip:callee@192.0.2.9:5060", "t1", 1u), (ack.Uri, ack.To!.Tag, ack.CSeq!.Number));
        Assert.NotEqual(invite.Via!.Branch, ack.Via!.Branch);
        Assert.True(call.Confirmed);

        _we.Run(call, call.HangUp());
        Assert.Equal((CallEndedBy.Here, 200, 16), (_we.Ending.By, _we.Ending.Status, _we.Ending.Cause));
        Assert.Equal(2u, _we.LastRequest("BYE").CSeq!.Number);
        _we.Answer("BYE", 200, null);
        _we.Pass(60);
        Assert.Equal((0, 0), (_we.Endpoint.Calls, _we.Endpoint.Transactions));
    }

    [Fact]
    public void A_success_that_comes_again_is_acknowledged_again_even_after_its_transaction_is_over()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 200, "t1", "answer");
        _we.Answer("INVITE", 200, "t1", "answer");
        _we.Pass(40);
        _we.Answer("INVITE", 200, "t1", "answer");
        Assert.Equal(3, _we.Lines.Count(l => l == "ACK"));
        Assert.Single(_we.Told.OfType<SipEvent.Answered>());
        Assert.True(call.Confirmed);
    }

    [Fact]
    public void Of_forks_that_ring_the_first_to_answer_has_the_call_and_another_is_acknowledged_and_hung_up()
    {
        _we.Call();
        _we.Answer("INVITE", 180, "t1");
        _we.Answer("INVITE", 180, "t2");
        _we.Answer("INVITE", 183, "t3", "announcement");
        _we.Answer("INVITE", 200, "t2", "second");
        _we.Answer("INVITE", 200, "t1", "first");
        Assert.Equal("announcement", Encoding.UTF8.GetString(_we.Told.OfType<SipEvent.EarlyMedia>().Single().Description));
        Assert.Equal("second", Encoding.UTF8.GetString(_we.Told.OfType<SipEvent.Answered>().Single().Description));
        Assert.Equal(["t2", "t1"], _we.Sent.Select(s => s.Message).OfType<SipRequest>().Where(r => r.Method == "ACK").Select(r => r.To!.Tag));
        Assert.Equal("t1", _we.LastRequest("BYE").To!.Tag);
        Assert.DoesNotContain(_we.Told, t => t is SipEvent.Ended);
    }

    [Fact]
    public void A_call_is_cancelled_only_once_the_peer_is_known_to_have_it()
    {
        var call = _we.Call();
        _we.Run(call, call.HangUp());
        Assert.DoesNotContain("CANCEL", _we.Lines);
        _we.Answer("INVITE", 100, null);
        var (invite, cancel) = (_we.LastRequest("INVITE"), _we.LastRequest("CANCEL"));
        Assert.Equal((invite.Via!.Branch, invite.CSeq!.Number, invite.Uri), (cancel.Via!.Branch, cancel.CSeq!.Number, cancel.Uri));
        _we.Answer("CANCEL", 200, null);
        _we.Answer("INVITE", 487, "t1");
        Assert.Equal("ACK", _we.Lines.Last());
        Assert.Equal((CallEndedBy.Cancel, 487), (_we.Ending.By, _we.Ending.Status));
        _we.Pass(60);
        Assert.Equal((0, 0), (_we.Endpoint.Calls, _we.Endpoint.Transactions));
    }

    [Fact]
    public void An_answer_that_crosses_our_cancel_is_acknowledged_and_hung_up()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 180, "t1");
        _we.Run(call, call.HangUp());
        _we.Answer("INVITE", 200, "t1", "answer");
        _we.Answer("CANCEL", 481, null);
        Assert.Equal(["INVITE", "CANCEL", "ACK", "BYE"], _we.Lines);
        Assert.Equal(CallEndedBy.Cancel, _we.Ending.By);
        Assert.DoesNotContain(_we.Told, t => t is SipEvent.Answered);
        _we.Answer("BYE", 200, null);
        _we.Pass(60);
        Assert.Equal(0, _we.Endpoint.Calls);
    }

    [Fact]
    public void A_peer_that_answers_neither_the_cancel_nor_the_invite_is_forgotten()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 180, "t1");
        _we.Run(call, call.HangUp());
        _we.Pass(40);
        Assert.Equal(0, _we.Endpoint.Calls);
    }

    [Theory]
    [InlineData(486, null, 17)]
    [InlineData(404, null, 1)]
    [InlineData(480, "Q.850;cause=19;text=\"No answer\"", 19)]
    [InlineData(500, "SIP;cause=200, Q.850 ;cause=34", 34)]
    [InlineData(302, null, null)]
    public void A_refusal_says_its_code_and_the_networks_cause(int status, string? reason, int? cause)
    {
        _we.Call();
        _we.Answer("INVITE", status, "t1", "", reason is null ? [] : [("Reason", reason)]);
        Assert.Equal((CallEndedBy.Refusal, status, cause), (_we.Ending.By, _we.Ending.Status, _we.Ending.Cause));
        // A redirection is not followed: who is called is ours to say.
        Assert.Equal(["INVITE", "ACK"], _we.Lines);
    }

    [Fact]
    public void A_peer_that_keeps_silent_ends_the_call_after_32_seconds()
    {
        _we.Call();
        _we.Pass(31);
        Assert.Empty(_we.Told);
        _we.Pass(2);
        Assert.Equal((CallEndedBy.Silence, 408, 102), (_we.Ending.By, _we.Ending.Status, _we.Ending.Cause));
        Assert.Equal(0, _we.Endpoint.Calls);
    }

    [Fact]
    public void A_challenge_is_answered_a_stale_nonce_too_and_a_wrong_password_is_the_end()
    {
        var call = _we.Call(new SipCredentials("relais", "secret"));
        _we.Answer("INVITE", 407, "t0", "", ("Proxy-Authenticate", "Digest realm=\"t\", nonce=\"n1\", qop=\"auth\", algorithm=MD5"));
        var second = _we.LastRequest("INVITE");
        Assert.Equal((2u, null), (second.CSeq!.Number, second.To!.Tag));
        Assert.Contains("nonce=\"n1\"", second.Headers["Proxy-Authorization"], StringComparison.Ordinal);
        _we.Answer("INVITE", 407, "t0", "", ("Proxy-Authenticate", "Digest realm=\"t\", nonce=\"n2\", stale=TRUE, qop=\"auth\""));
        var third = _we.LastRequest("INVITE");
        Assert.Contains("nonce=\"n2\"", third.Headers["Proxy-Authorization"], StringComparison.Ordinal);
        Assert.Contains("nc=00000001", third.Headers["Proxy-Authorization"], StringComparison.Ordinal);
        _we.Answer("INVITE", 200, "t1", "answer");
        Assert.Contains("nc=00000002", _we.LastRequest("ACK").Headers["Proxy-Authorization"], StringComparison.Ordinal);
        Assert.True(call.Confirmed);

        var other = new OneEnd("a");
        other.Call(new SipCredentials("relais", "wrong"));
        other.Answer("INVITE", 401, "t0", "", ("WWW-Authenticate", "Digest realm=\"t\", nonce=\"n1\""));
        other.Answer("INVITE", 401, "t0", "", ("WWW-Authenticate", "Digest realm=\"t\", nonce=\"n2\""));
        Assert.Equal((CallEndedBy.Refusal, 401, 21), (other.Ending.By, other.Ending.Status, other.Ending.Cause));

        var forever = new OneEnd("a");
        forever.Call(new SipCredentials("relais", "secret"));
        for (var i = 0; i < 10; i++)
            forever.Answer("INVITE", 401, "t0", "", ("WWW-Authenticate", $"Digest realm=\"t\", nonce=\"n{i}\", stale=true"));
        Assert.Equal(401, forever.Ending.Status);
    }

    [Fact]
    public void A_peer_that_wants_a_longer_session_is_asked_again()
    {
        _we.Call();
        _we.Answer("INVITE", 422, "t0", "", ("Min-SE", "3600"));
        var again = _we.LastRequest("INVITE");
        Assert.Equal(("3600", "3600", 2u), (again.Headers["Session-Expires"], again.Headers["Min-SE"], again.CSeq!.Number));
    }

    [Fact]
    public void Whoever_refreshes_does_so_at_half_the_time_and_the_other_ends_what_was_not()
    {
        _we.Call();
        _we.Answer("INVITE", 200, "t1", "answer", ("Session-Expires", "100;refresher=uac"));
        _we.Pass(51);
        var refresh = _we.LastRequest("INVITE");
        Assert.Equal((2u, "t1", "offer"), (refresh.CSeq!.Number, refresh.To!.Tag, Encoding.UTF8.GetString(refresh.Body)));
        _we.Answer("INVITE", 200, null, "answer", ("Session-Expires", "100;refresher=uac"));
        Assert.Equal(2u, _we.LastRequest("ACK").CSeq!.Number);
        _we.Pass(49);
        Assert.Equal(2u, _we.LastRequest("INVITE").CSeq!.Number);

        var other = new OneEnd("a");
        other.Call();
        other.Answer("INVITE", 200, "t1", "answer", ("Session-Expires", "99;refresher=uas"));
        other.Pass(65);
        Assert.DoesNotContain("BYE", other.Lines);
        other.Pass(2);
        Assert.Equal((CallEndedBy.Expiry, "BYE"), (other.Ending.By, other.Lines.Last()));
    }

    [Fact]
    public void Requests_go_the_way_that_the_answer_shows()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 200, "t1", "answer", ("Record-Route", "<sip:p2.example;lr>"), ("Record-Route", "<sip:p1.example;lr>"));
        Assert.Equal(["<sip:p1.example;lr>", "<sip:p2.example;lr>"], _we.LastRequest("ACK").Headers.Of("Route"));
        _we.Run(call, call.HangUp());
        Assert.Equal("sip:callee@192.0.2.9:5060", _we.LastRequest("BYE").Uri);

        var old = new OneEnd("a");
        old.Call();
        old.Answer("INVITE", 200, "t1", "answer", ("Record-Route", "<sip:old.example>"));
        Assert.Equal("sip:old.example", old.LastRequest("ACK").Uri);
        Assert.Equal(["<sip:callee@192.0.2.9:5060>"], old.LastRequest("ACK").Headers.Of("Route"));
    }

    [Fact]
    public void What_cannot_be_sent_ends_the_call_at_once()
    {
        _we.Call();
        _we.Take(_we.Endpoint.FailToSend(_we.LastRequest("INVITE")));
        Assert.Equal((CallEndedBy.Transport, 503), (_we.Ending.By, _we.Ending.Status));
    }

    [Fact]
    public void A_process_that_comes_after_a_dead_one_hangs_up_what_was_answered_and_cancels_what_was_not()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 180, "t1");
        var after = new OneEnd("b");
        var resumed = new OutgoingCall(after.Identity, null, new CallWish("", "", null, [], []));
        after.Run(resumed, resumed.EndResumed(call.Invite!, null));
        Assert.Equal(call.Invite!.Via!.Branch, after.LastRequest("CANCEL").Via!.Branch);
        // The answer was under way.
        after.Receive(Success(call, "t1"));
        Assert.Equal(["CANCEL", "ACK", "BYE"], after.Lines);
        Assert.Equal(CallEndedBy.Cancel, after.Ending.By);

        _we.Answer("INVITE", 200, "t1", "answer");
        var later = new OneEnd("b");
        resumed = new OutgoingCall(later.Identity, null, new CallWish("", "", null, [], []));
        later.Run(resumed, resumed.EndResumed(call.Invite!, call.Success));
        Assert.Equal(("BYE", "t1", true), (later.Lines.Single(), later.LastRequest("BYE").To!.Tag, later.LastRequest("BYE").CSeq!.Number > 1000));
        later.Answer("BYE", 200, null);
        later.Pass(60);
        Assert.Equal(0, later.Endpoint.Calls);
    }

    [Fact]
    public void The_refusal_of_a_call_that_a_process_cancels_after_a_dead_one_is_acknowledged_each_time_it_comes()
    {
        var call = _we.Call();
        _we.Answer("INVITE", 180, "t1");
        var after = new OneEnd("b");
        var resumed = new OutgoingCall(after.Identity, null, new CallWish("", "", null, [], []));
        after.Run(resumed, resumed.EndResumed(call.Invite!, null));
        after.Answer("CANCEL", 200, null);
        // The telephone that still rings says so again: nothing to say to it.
        after.Receive(call.Invite!.Respond(180, "Ringing", "t1"));
        after.Receive(call.Invite.Respond(487, "Request Terminated", "t1"));
        after.Receive(call.Invite.Respond(487, "Request Terminated", "t1"));
        Assert.Equal(["CANCEL", "ACK", "ACK"], after.Lines);
        var ack = after.LastRequest("ACK");
        Assert.Equal((call.Invite.Via!.Branch, "t1", new CSeq(1, "ACK")), (ack.Via!.Branch, ack.To!.Tag, ack.CSeq));
        Assert.Equal(CallEndedBy.Cancel, after.Ending.By);
        after.Pass(60);
        Assert.Equal((0, 0), (after.Endpoint.Calls, after.Endpoint.Transactions));
    }

    [Fact]
    public void When_the_connection_breaks_what_was_not_answered_is_sent_again_and_nothing_else()
    {
        var we = new OneEnd("a", "TCP");
        var call = we.Call();
        we.Take(we.Endpoint.SendAgain());
        Assert.Equal(["INVITE", "INVITE"], we.Lines);
        we.Answer("INVITE", 180, "t1");
        we.Take(we.Endpoint.SendAgain());
        we.Answer("INVITE", 200, "t1", "answer");
        we.Run(call, call.HangUp());
        we.Take(we.Endpoint.SendAgain());
        Assert.Equal(["INVITE", "INVITE", "ACK", "BYE", "BYE"], we.Lines);
        Assert.Single(we.Sent.Select(s => s.Message).OfType<SipRequest>().Where(r => r.Method == "BYE").Select(r => r.Via!.Branch).Distinct());
        we.Answer("BYE", 200, null);
        we.Take(we.Endpoint.SendAgain());
        Assert.Equal(5, we.Sent.Count);
    }

    private static SipResponse Success(OutgoingCall call, string tag)
    {
        var response = call.Invite!.Respond(200, "OK", tag);
        response.Headers.Add("Contact", "<sip:callee@192.0.2.9:5060>");
        return response;
    }
}
