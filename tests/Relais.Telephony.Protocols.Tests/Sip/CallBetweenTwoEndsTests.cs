using System.Text;
using CsCheck;
using Relais.Telephony.Protocols.Sip;
using Relais.Telephony.Protocols.Sip.Calls;

namespace Relais.Telephony.Protocols.Tests.Sip;

/// <summary>Our two ends against one another: what one sends, the other gets, when the test lets it.</summary>
public sealed class CallBetweenTwoEndsTests
{
    private readonly OneEnd _a = new("a");
    private readonly OneEnd _b = new("b");
    private int _fromA;
    private int _fromB;

    [Fact]
    public void A_call_is_placed_answered_held_and_hung_up_by_the_callee()
    {
        var (caller, callee) = Answered();
        Assert.Equal(("offer", "answer"), (Encoding.UTF8.GetString(callee.Offered), Encoding.UTF8.GetString(_a.Told.OfType<SipEvent.Answered>().Single().Description)));

        _a.Run(caller, caller.Offer("hold"u8.ToArray()));
        Deliver();
        Assert.Equal("hold", Encoding.UTF8.GetString(_b.Told.OfType<SipEvent.Offered>().Single().Description));
        _b.Run(callee, callee.Answer("held"u8.ToArray()));
        Deliver();
        Assert.Equal("held", Encoding.UTF8.GetString(_a.Told.OfType<SipEvent.Agreed>().Single().Description));

        _b.Run(callee, callee.HangUp());
        Deliver();
        Assert.Equal((CallEndedBy.There, 200, 16), (_a.Ending.By, _a.Ending.Status, _a.Ending.Cause));
        Assert.Equal(CallEndedBy.Here, _b.Ending.By);
        Forgotten();
    }

    [Fact]
    public void An_offer_that_is_refused_leaves_the_call_as_it_was()
    {
        var (caller, callee) = Answered();
        _a.Run(caller, caller.Offer("video"u8.ToArray()));
        Deliver();
        _b.Run(callee, callee.RefuseOffer());
        Deliver();
        Assert.Equal(488, _a.Told.OfType<SipEvent.OfferRefused>().Single().Status);
        Assert.True(caller.Confirmed && callee.Confirmed);
    }

    [Fact]
    public void Two_offers_that_meet_are_both_refused_and_made_again_one_after_the_other()
    {
        var (caller, callee) = Answered();
        _a.Run(caller, caller.Offer("from a"u8.ToArray()));
        _b.Run(callee, callee.Offer("from b"u8.ToArray()));
        Deliver();
        Assert.Contains("491 INVITE", _a.Lines);
        Assert.Contains("491 INVITE", _b.Lines);

        // The callee waits for less than the caller can.
        Pass(1.5);
        Assert.Equal("from b", Encoding.UTF8.GetString(_a.Told.OfType<SipEvent.Offered>().Single().Description));
        _a.Run(caller, caller.Answer("yes b"u8.ToArray()));
        Pass(3);
        Assert.Equal("from a", Encoding.UTF8.GetString(_b.Told.OfType<SipEvent.Offered>().Single().Description));
        _b.Run(callee, callee.Answer("yes a"u8.ToArray()));
        Pass(1);
        Assert.Single(_a.Told.OfType<SipEvent.Agreed>());
        Assert.Single(_b.Told.OfType<SipEvent.Agreed>());
    }

    [Fact]
    public void A_lost_ack_makes_the_answer_come_again_and_a_callee_who_never_gets_one_hangs_up()
    {
        var caller = _a.Call();
        Deliver();
        var callee = _b.Invited.Single();
        _b.Run(callee, callee.Accept("answer"u8.ToArray()));
        DeliverToA();
        // The ACK is lost.
        _fromA = _a.Sent.Count;
        Pass(0.6);
        Assert.Equal(2, _a.Lines.Count(l => l == "ACK"));
        _b.Pass(10);
        Assert.Equal(2, _b.Lines.Count(l => l == "200 INVITE"));

        var (alone, lonely) = (new OneEnd("b"), new OneEnd("a"));
        lonely.Call();
        alone.Receive(lonely.LastRequest("INVITE"));
        alone.Run(alone.Invited.Single(), alone.Invited.Single().Accept("answer"u8.ToArray()));
        alone.Pass(33);
        Assert.Equal((CallEndedBy.Silence, "BYE"), (alone.Ending.By, alone.Lines.First(l => l == "BYE")));
        Assert.Equal(11, alone.Lines.Count(l => l == "200 INVITE"));
        _ = caller;
    }

    [Fact]
    public void A_caller_who_gives_up_is_answered_487_and_a_cancel_that_comes_after_the_answer_changes_nothing()
    {
        var caller = _a.Call();
        Deliver();
        var callee = _b.Invited.Single();
        _b.Run(callee, callee.Ring());
        Deliver();
        _a.Run(caller, caller.HangUp());
        Deliver();
        Assert.Equal(["100 INVITE", "180 INVITE", "200 CANCEL", "487 INVITE"], _b.Lines);
        Assert.Equal(CallEndedBy.Cancel, _b.Ending.By);
        Forgotten();
    }

    [Fact]
    public void An_answer_and_a_cancel_that_cross_leave_nobody_on_the_line()
    {
        var caller = _a.Call();
        Deliver();
        var callee = _b.Invited.Single();
        _b.Run(callee, callee.Ring());
        Deliver();
        _a.Run(caller, caller.HangUp());
        _b.Run(callee, callee.Accept("answer"u8.ToArray()));
        Deliver();
        Assert.Equal(CallEndedBy.Cancel, _a.Ending.By);
        Assert.Equal(CallEndedBy.There, _b.Ending.By);
        Forgotten();
    }

    [Fact]
    public void A_caller_who_hangs_up_before_the_answer_ends_the_call_too()
    {
        _a.Call();
        Deliver();
        var callee = _b.Invited.Single();
        _b.Run(callee, callee.Ring());
        Deliver();
        var invite = _a.LastRequest("INVITE");
        var bye = new SipRequest("BYE", invite.Uri);
        bye.Headers.Add("Via", _a.Identity.NewVia()).Add("Max-Forwards", "70").Add("From", invite.Headers["From"]!).Add("To", invite.Headers["To"] + ";tag=" + callee.Dialog!.LocalTag)
            .Add("Call-ID", invite.CallId!).Add("CSeq", "2 BYE");
        _b.Receive(bye);
        Assert.Equal(["200 BYE", "487 INVITE"], _b.Lines.Skip(2));
        Assert.Equal(CallEndedBy.There, _b.Ending.By);
    }

    [Fact]
    public void Requests_out_of_order_of_no_call_or_of_no_method_of_ours_are_refused_as_the_standard_says()
    {
        var (caller, callee) = Answered();
        var old = caller.Dialog!.Request("BYE", _a.Identity);
        old.Headers.Set("CSeq", "0 BYE");
        _b.Receive(old);
        Assert.Equal("500 BYE", _b.Lines.Last());
        _b.Receive(caller.Dialog.Request("INFO", _a.Identity));
        Assert.Equal("405 INFO", _b.Lines.Last());
        _b.Receive(caller.Dialog.Request("OPTIONS", _a.Identity));
        Assert.Equal("200 OPTIONS", _b.Lines.Last());
        var strange = caller.Dialog.Request("BYE", _a.Identity);
        strange.Headers.Set("Call-ID", "unknown");
        _b.Receive(strange);
        Assert.Equal("481 BYE", _b.Lines.Last());
        Assert.True(callee.Confirmed);
    }

    [Fact]
    public void The_same_invite_by_another_way_is_a_loop()
    {
        _a.Call();
        Deliver();
        var again = _a.Identity.Again(_a.LastRequest("INVITE"), 1);
        _b.Receive(again);
        Assert.Equal("482 INVITE", _b.Lines.Last());
        Assert.Single(_b.Invited);
    }

    [Fact]
    public void A_session_that_neither_side_lets_expire_lasts()
    {
        Answered();
        Pass(4000);
        // The callee proposed to refresh, since the caller left it open and supports it: it is the caller's.
        Assert.DoesNotContain(_a.Told, t => t is SipEvent.Ended);
        Assert.DoesNotContain(_b.Told, t => t is SipEvent.Ended);
        Assert.True(_a.Lines.Count(l => l == "INVITE") > 3);
    }

    [Fact]
    public void Whatever_is_lost_repeated_or_reordered_both_ends_forget_the_call() =>
        Gen.Select(Gen.Int[0, 9].Array[10, 60], Gen.Int[0, 3]).Sample((chances, end) =>
        {
            var (a, b) = (new OneEnd("a"), new OneEnd("b"));
            var call = a.Call();
            var (seenA, seenB, at) = (0, 0, 0);
            for (var step = 0; step < 40; step++)
            {
                if (step == 5 && b.Invited.Count > 0)
                    b.Run(b.Invited[0], end == 3 ? b.Invited[0].Refuse(486, "Busy Here") : b.Invited[0].Accept("answer"u8.ToArray()));
                if (step == 10 && end == 1)
                    a.Run(call, call.HangUp());
                if (step == 12 && end == 2 && b.Invited.Count > 0)
                    b.Run(b.Invited[0], b.Invited[0].HangUp());
                Move(a, b, ref seenA);
                Move(b, a, ref seenB);
                a.Pass(0.3);
                b.Pass(0.3);
            }

            a.Run(call, call.HangUp());
            foreach (var invited in b.Invited)
                b.Run(invited, invited.HangUp());
            a.Pass(200);
            b.Pass(200);
            Assert.Equal((0, 0, 0, 0), (a.Endpoint.Calls, a.Endpoint.Transactions, b.Endpoint.Calls, b.Endpoint.Transactions));
            Assert.Single(a.Told.OfType<SipEvent.Ended>());

            void Move(OneEnd from, OneEnd to, ref int seen)
            {
                var waiting = from.Sent.Skip(seen).Select(s => s.Message).ToList();
                seen = from.Sent.Count;
                if (chances[at++ % chances.Length] == 0)
                    waiting.Reverse();
                foreach (var message in waiting)
                {
                    var chance = chances[at++ % chances.Length];
                    for (var times = chance switch { < 3 => 0, 3 => 2, _ => 1 }; times > 0; times--)
                        to.Receive(message);
                }
            }
        });

    private (OutgoingCall Caller, IncomingCall Callee) Answered()
    {
        var caller = _a.Call();
        Deliver();
        var callee = _b.Invited.Single();
        _b.Run(callee, callee.Ring());
        _b.Run(callee, callee.Accept("answer"u8.ToArray()));
        Deliver();
        Assert.True(caller.Confirmed && callee.Confirmed);
        return (caller, callee);
    }

    private void Deliver()
    {
        while (_fromA < _a.Sent.Count || _fromB < _b.Sent.Count)
        {
            if (_fromA < _a.Sent.Count)
                _b.Receive(_a.Sent[_fromA++].Message);
            else
                DeliverToA();
        }
    }

    private void DeliverToA()
    {
        while (_fromB < _b.Sent.Count)
            _a.Receive(_b.Sent[_fromB++].Message);
    }

    private void Pass(double seconds)
    {
        for (var passed = 0.0; passed < seconds; passed += 0.1)
        {
            _a.Pass(0.1);
            _b.Pass(0.1);
            Deliver();
            foreach (var call in _b.Invited.Where(_ => seconds > 100))
                _b.Run(call, call.Answer(call.Description));
            Deliver();
        }
    }

    private void Forgotten()
    {
        Pass(90);
        Assert.Equal((0, 0, 0, 0), (_a.Endpoint.Calls, _a.Endpoint.Transactions, _b.Endpoint.Calls, _b.Endpoint.Transactions));
    }
}
