using CsCheck;
using Relais.Telephony.Protocols.Sip;

namespace Relais.Telephony.Protocols.Tests.Sip;

public sealed class SipTransactionTests
{
    [Fact]
    public void An_invite_that_nobody_answers_is_repeated_at_doubling_pauses_and_given_up_after_32_seconds()
    {
        var call = new InviteClientTransaction(Request("INVITE"), reliable: false);
        var clock = new Timers();
        clock.Take(call.Begin());
        clock.RunUntilEnd(call);
        Assert.Equal([0, 0.5, 1.5, 3.5, 7.5, 15.5, 31.5], clock.Sent.Select(s => s.At));
        Assert.Equal((SipFailure.TimedOut, 32), (clock.Failed!.Value.Why, clock.Failed.Value.At));
    }

    [Fact]
    public void Over_a_reliable_transport_nothing_is_repeated()
    {
        var call = new InviteClientTransaction(Request("INVITE"), reliable: true);
        var clock = new Timers();
        clock.Take(call.Begin());
        clock.RunUntilEnd(call);
        Assert.Single(clock.Sent);
        Assert.Equal(SipFailure.TimedOut, clock.Failed!.Value.Why);
    }

    [Fact]
    public void Ringing_ends_the_repetitions_and_has_no_end_of_its_own()
    {
        var (call, clock) = (new InviteClientTransaction(Request("INVITE"), false), new Timers());
        clock.Take(call.Begin());
        clock.Take(call.Receive(Response("INVITE", 180)));
        clock.RunUntilEnd(call);
        Assert.Single(clock.Sent);
        Assert.False(call.Ended);
    }

    [Fact]
    public void A_refusal_is_acknowledged_each_time_it_comes_and_told_once()
    {
        var (call, clock) = (new InviteClientTransaction(Request("INVITE"), false), new Timers());
        clock.Take(call.Begin());
        for (var i = 0; i < 3; i++)
            clock.Take(call.Receive(Response("INVITE", 486)));
        var acks = clock.Sent.Skip(1).Select(s => Assert.IsType<SipRequest>(s.Message)).ToList();
        Assert.Equal(3, acks.Count);
        Assert.All(acks, ack => Assert.Equal(("ACK", "z9hG4bKx", "b2", new CSeq(7, "ACK")), (ack.Method, ack.Via!.Branch, ack.To!.Tag, ack.CSeq)));
        Assert.Single(clock.Delivered);
        clock.RunUntilEnd(call);
        Assert.True(call.Ended);
    }

    [Fact]
    public void Each_success_is_told_because_a_fork_may_answer_too()
    {
        var (call, clock) = (new InviteClientTransaction(Request("INVITE"), false), new Timers());
        clock.Take(call.Begin());
        clock.Take(call.Receive(Response("INVITE", 200)));
        clock.Take(call.Receive(Response("INVITE", 200)));
        Assert.Equal(2, clock.Delivered.Count);
        // A late refusal of another branch means nothing any more.
        clock.Take(call.Receive(Response("INVITE", 486)));
        Assert.Single(clock.Sent);
        clock.RunUntilEnd(call);
        Assert.True(call.Ended);
    }

    [Fact]
    public void Another_request_is_repeated_at_pauses_up_to_four_seconds()
    {
        var (bye, clock) = (new ClientTransaction(Request("BYE"), false), new Timers());
        clock.Take(bye.Begin());
        clock.RunUntilEnd(bye);
        Assert.Equal([0, 0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5], clock.Sent.Select(s => s.At));
        Assert.Equal(SipFailure.TimedOut, clock.Failed!.Value.Why);

        (bye, clock) = (new ClientTransaction(Request("BYE"), false), new Timers());
        clock.Take(bye.Begin());
        clock.Take(bye.Receive(Response("BYE", 200)));
        clock.Take(bye.Receive(Response("BYE", 200)));
        clock.RunUntilEnd(bye);
        Assert.Single(clock.Sent);
        Assert.Single(clock.Delivered);
        Assert.Null(clock.Failed);
    }

    [Fact]
    public void A_repeated_invite_gets_the_last_answer_again_and_a_refusal_is_repeated_until_its_ack()
    {
        var (call, clock) = (new InviteServerTransaction(Request("INVITE"), false), new Timers());
        clock.Take(call.Begin());
        clock.Take(call.Receive(Request("INVITE")));
        clock.Take(call.Respond(Response("INVITE", 180)));
        clock.Take(call.Receive(Request("INVITE")));
        Assert.Equal([100, 100, 180, 180], clock.Sent.Select(s => ((SipResponse)s.Message).Status));
        clock.Take(call.Respond(Response("INVITE", 486)));
        clock.Run(TimeSpan.FromSeconds(4), call);
        Assert.Equal([486, 486, 486, 486], clock.Sent.Skip(4).Select(s => ((SipResponse)s.Message).Status));
        clock.Take(call.Receive(Request("ACK")));
        clock.RunUntilEnd(call);
        Assert.Equal(8, clock.Sent.Count);
        Assert.Null(clock.Failed);
        Assert.Single(clock.Delivered);
    }

    [Fact]
    public void A_refusal_that_is_never_acknowledged_is_told()
    {
        var (call, clock) = (new InviteServerTransaction(Request("INVITE"), false), new Timers());
        clock.Take(call.Begin());
        clock.Take(call.Respond(Response("INVITE", 404)));
        clock.RunUntilEnd(call);
        Assert.Equal(SipFailure.NoAck, clock.Failed!.Value.Why);
        Assert.Equal(1 + 11, clock.Sent.Count);
    }

    [Fact]
    public void A_repeated_request_gets_the_answer_that_was_given()
    {
        var (options, clock) = (new ServerTransaction(Request("OPTIONS"), false), new Timers());
        clock.Take(options.Begin());
        clock.Take(options.Receive());
        Assert.Empty(clock.Sent);
        clock.Take(options.Respond(Response("OPTIONS", 200)));
        clock.Take(options.Respond(Response("OPTIONS", 500)));
        clock.Take(options.Receive());
        Assert.Equal([200, 200], clock.Sent.Select(s => ((SipResponse)s.Message).Status));
        clock.RunUntilEnd(options);
        Assert.True(options.Ended);
    }

    [Fact]
    public void Transactions_are_told_apart_by_branch_sender_and_method()
    {
        var invite = SipTransactionKey.Of(Request("INVITE"))!;
        Assert.Equal(invite, SipTransactionKey.Of(Request("ACK")));
        Assert.NotEqual(invite, SipTransactionKey.Of(Request("CANCEL")));
        Assert.Equal(new SipTransactionKey("z9hG4bKx", "", "INVITE"), SipTransactionKey.Of(Response("INVITE", 200)));
        var old = Request("INVITE");
        old.Headers.Set("Via", "SIP/2.0/UDP 192.0.2.1;branch=1");
        Assert.Null(SipTransactionKey.Of(old));
    }

    [Fact]
    public void Whatever_comes_in_whatever_order_a_transaction_ends_and_stays_ended() =>
        Gen.Int[0, 12].Array[0, 30].Sample(steps =>
        {
            foreach (var reliable in (bool[])[true, false])
            {
                var (call, clock) = (new InviteClientTransaction(Request("INVITE"), reliable), new Timers());
                clock.Take(call.Begin());
                foreach (var step in steps)
                {
                    clock.Take(step switch
                    {
                        0 => call.FailToSend(),
                        < 4 => call.Fire((SipTimer)(step - 1)),
                        < 7 => call.Receive(Response("INVITE", 180)),
                        < 10 => call.Receive(Response("INVITE", 200)),
                        _ => call.Receive(Response("INVITE", 503)),
                    });
                }

                clock.Take(call.Receive(Response("INVITE", 603)));
                clock.RunUntilEnd(call);
                Assert.True(call.Ended);
                Assert.Empty(call.Receive(Response("INVITE", 200)));
            }
        });

    private static SipRequest Request(string method)
    {
        var request = new SipRequest(method, "sip:1@example.com");
        request.Headers.Add("Via", "SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKx").Add("Max-Forwards", "70").Add("From", "<sip:a@x>;tag=a1").Add("To", "<sip:1@example.com>")
            .Add("Call-ID", "c1").Add("CSeq", $"7 {method}");
        return request;
    }

    private static SipResponse Response(string method, int status) => Request(method).Respond(status, "Reason", status == 100 ? null : "b2");

    /// <summary>Does what a transaction wants, in a time of its own.</summary>
    private sealed class Timers
    {
        private readonly Dictionary<SipTimer, TimeSpan> _due = [];
        private TimeSpan _now;

        public List<(double At, SipMessage Message)> Sent { get; } = [];

        public List<SipMessage> Delivered { get; } = [];

        public (SipFailure Why, double At)? Failed { get; private set; }

        public void Take(IReadOnlyList<SipAction> actions)
        {
            foreach (var action in actions)
            {
                switch (action)
                {
                    case SipAction.Send send:
                        Sent.Add((_now.TotalSeconds, send.Message));
                        break;
                    case SipAction.Start start:
                        _due[start.Timer] = _now + start.After;
                        break;
                    case SipAction.Stop stop:
                        _due.Remove(stop.Timer);
                        break;
                    case SipAction.Deliver deliver:
                        Delivered.Add(deliver.Message);
                        break;
                    case SipAction.Fail fail:
                        Failed = (fail.Why, _now.TotalSeconds);
                        break;
                    default:
                        break;
                }
            }
        }

        public void Run(TimeSpan time, SipTransaction transaction)
        {
            var end = _now + time;
            while (_due.Count > 0 && _due.MinBy(d => d.Value) is var next && next.Value <= end)
            {
                _now = next.Value;
                _due.Remove(next.Key);
                Take(transaction.Fire(next.Key));
            }

            _now = end;
        }

        public void RunUntilEnd(SipTransaction transaction) => Run(TimeSpan.FromMinutes(10), transaction);
    }
}
