using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;

namespace Relais.Tests.Telephony;

/// <summary>What the standard allows and few do, by SIPp as a stranger: each scenario fails on its side where we don't answer as it says.</summary>
public sealed partial class ConformanceTests(TelephonyApp app) : IClassFixture<TelephonyApp>
{
    [Fact]
    public async Task Of_telephones_that_ring_at_once_the_first_to_answer_has_the_call_and_the_other_is_hung_up()
    {
        await using var sipOperator = await SipOperator.StartAsync(scenario: StrangeOperators.Forks);
        await app.AddTrunkAsync(sipOperator.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.AnsweredAsync(id);
        await TelephonyApp.UntilTrueAsync(() => sipOperator.Messages.Contains("BYE sip:", StringComparison.Ordinal));
        await TelephonyApp.HangUpAsync(interviewer, id);
        var call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.HungUpHere, CallOutcome.Answered), (call.End, call.Outcome));
        Assert.Contains(";tag=three", sipOperator.Messages[sipOperator.Messages.IndexOf("BYE sip:", StringComparison.Ordinal)..], StringComparison.Ordinal);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task An_answer_that_comes_again_is_acknowledged_again()
    {
        await using var sipOperator = await SipOperator.StartAsync(transport: "t1", scenario: StrangeOperators.LosesAcks);
        await app.AddTrunkAsync(sipOperator.Port, fields => fields with { Transport = "Tcp" });
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.AnsweredAsync(id);
        await TelephonyApp.UntilTrueAsync(() => Count(sipOperator.Messages, "\nACK sip:") >= 3);
        await TelephonyApp.HangUpAsync(interviewer, id);
        Assert.Equal(CallEnd.HungUpHere, (await app.EndedAsync(id)).End);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task An_answer_that_comes_after_our_cancel_is_acknowledged_and_hung_up()
    {
        await using var sipOperator = await SipOperator.StartAsync(scenario: StrangeOperators.AnswersTheCancelled);
        await app.AddTrunkAsync(sipOperator.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.CallAsync(id, c => c.State is CallState.Ringing);
        await TelephonyApp.HangUpAsync(interviewer, id);
        var call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.Cancelled, CallOutcome.Cancelled), (call.End, call.Outcome));
        Assert.Null(call.AnsweredAt);
        await TelephonyApp.UntilTrueAsync(() => sipOperator.Messages.Contains("BYE sip:", StringComparison.Ordinal));
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task A_nonce_that_is_called_stale_is_replaced_and_the_call_goes_on()
    {
        await using var sipOperator = await SipOperator.StartAsync(scenario: StrangeOperators.StaleNonce);
        await app.AddTrunkAsync(sipOperator.Port, fields => fields with { UserName = "relais", Password = "un secret" });
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.AnsweredAsync(id);
        await TelephonyApp.HangUpAsync(interviewer, id);
        await app.EndedAsync(id);
        Assert.Contains("nonce=\"second\"", sipOperator.Messages, StringComparison.Ordinal);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task Holding_unknown_requests_and_those_out_of_order_are_answered_within_the_call_and_it_goes_on()
    {
        await using var sipOperator = await SipOperator.StartAsync(scenario: StrangeOperators.AsksWithinTheCall);
        await app.AddTrunkAsync(sipOperator.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.AnsweredAsync(id);
        await TelephonyApp.UntilTrueAsync(() => sipOperator.Messages.Contains("SIP/2.0 500", StringComparison.Ordinal));
        Assert.Contains("a=recvonly", sipOperator.Messages, StringComparison.Ordinal);
        await TelephonyApp.HangUpAsync(interviewer, id);
        Assert.Equal(CallEnd.HungUpHere, (await app.EndedAsync(id)).End);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task Malformed_and_oversized_messages_of_an_operator_are_refused_or_dropped_and_calls_go_on()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.AnsweredAsync(id);
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        var us = new IPEndPoint(IPAddress.Loopback, app.SipPort);
        var head = "OPTIONS sip:1@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:5;branch=z9hG4bKm1;rport\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:1@127.0.0.1>\r\nCall-ID: m1\r\n";
        foreach (var bad in (string[])
                 [
                     "\r\n\r\n", "\0", "INVITE", "SIP/2.0 abc\r\n\r\n", new string('A', 60_000), head + "CSeq: 1 OPTIONS\r\nX: " + new string('B', 60_000) + "\r\n\r\n",
                     "SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP 127.0.0.1;branch=z9hG4bKnobody\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:1@127.0.0.1>;tag=2\r\nCall-ID: m2\r\nCSeq: 1 INVITE\r\n\r\n",
                 ])
            await socket.SendAsync(Encoding.ASCII.GetBytes(bad), us, TestContext.Current.CancellationToken);
        // A request that is nearly whole is told so: at the line's own address, wherever it seems to come from.
        await socket.SendAsync(Encoding.ASCII.GetBytes(head.Replace("m1", "m3", StringComparison.Ordinal) + "CSeq: 1 INVITE\r\nContent-Length: 0\r\n\r\n"), us, TestContext.Current.CancellationToken);
        await TelephonyApp.UntilTrueAsync(() => sipOperator.Messages.Contains("SIP/2.0 400 Bad Request", StringComparison.Ordinal));
        Assert.Equal(0, socket.Available);
        await app.HeardAsync(id, packets: 10);
        await TelephonyApp.HangUpAsync(interviewer, id);
        Assert.Equal(CallEnd.HungUpHere, (await app.EndedAsync(id)).End);
    }

    [Fact]
    public async Task Answers_that_must_not_be_lost_are_acknowledged_and_a_call_whose_description_came_early_has_its_voice()
    {
        await using var sipOperator = await SipOperator.StartAsync(scenario: StrangeOperators.AnswersReliably);
        await app.AddTrunkAsync(sipOperator.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.AnsweredAsync(id);
        await app.HeardAsync(id, packets: 10);
        await TelephonyApp.UntilTrueAsync(() => Count(sipOperator.Messages, "CSeq: 2 UPDATE") >= 2);
        await TelephonyApp.HangUpAsync(interviewer, id);
        Assert.Equal(CallEnd.HungUpHere, (await app.EndedAsync(id)).End);
        Assert.Contains("RAck: 4711 1 INVITE", sipOperator.Messages, StringComparison.Ordinal);
        Assert.Contains("RAck: 4712 1 INVITE", sipOperator.Messages, StringComparison.Ordinal);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task Two_wishes_that_meet_are_both_refused_and_ours_is_made_again()
    {
        await using var sipOperator = await SipOperator.StartAsync(transport: "t1", scenario: StrangeOperators.Collides);
        await app.AddTrunkAsync(sipOperator.Port, fields => fields with { Transport = "Tcp" });
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.AnsweredAsync(id);
        await TelephonyApp.UntilTrueAsync(() => Count(sipOperator.Messages, "\nACK sip:") >= 1);
        app.Clock.Advance(TimeSpan.FromSeconds(46));
        // Both refusals were acknowledged, the operator's by us and ours by the operator; the call's own was before.
        await TelephonyApp.UntilTrueAsync(() => Count(sipOperator.Messages, "SIP/2.0 491") >= 2 && Count(sipOperator.Messages, "\nACK ") >= 3);
        app.Clock.Advance(TimeSpan.FromSeconds(5));
        await TelephonyApp.UntilTrueAsync(() => Count(sipOperator.Messages, "\nACK ") >= 4);
        await TelephonyApp.HangUpAsync(interviewer, id);
        Assert.Equal(CallEnd.HungUpHere, (await app.EndedAsync(id)).End);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task Scanners_of_sip_find_nothing_to_use_wherever_they_are()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        // What they say of an operator, which answers anybody.
        Assert.Contains($"127.0.0.1:{sipOperator.Port}", await ScanAsync("svmap", sipOperator.Port, "127.0.0.77"), StringComparison.Ordinal);
        foreach (var from in (string[])["127.0.0.77", "127.0.0.1"])
        {
            Assert.Contains("found nothing", await ScanAsync("svmap", app.SipPort, from), StringComparison.Ordinal);
            Assert.Contains("found nothing", await ScanAsync("svmap", app.SipPort, from, "-m", "INVITE"), StringComparison.Ordinal);
            Assert.Contains("found nothing", await ScanAsync("svwar", app.SipPort, from, "-e", "100-110", "--maximumtime", "1"), StringComparison.Ordinal);
            Assert.Contains("found nothing", await ScanAsync("svwar", app.SipPort, from, "-m", "INVITE", "-e", "0199000000-0199000005", "--maximumtime", "1"), StringComparison.Ordinal);
            Assert.Contains("found nothing", await ScanAsync("svcrack", app.SipPort, from, "-u", "relais", "-r", "1-10", "--maximumtime", "1"), StringComparison.Ordinal);
        }

        Assert.False(await app.InTelephonyAsync(db => db.Calls.AnyAsync(c => c.State != CallState.Ended)));
    }

    private static async Task<string> ScanAsync(string program, int port, string from, params string[] more)
    {
        await using var scanner = TestProgram.Start(
            program, ["-b", from, "-P", TestProgram.FreePort().ToString(CultureInfo.InvariantCulture), "-p", port.ToString(CultureInfo.InvariantCulture), "-t", "0.2", .. more, "127.0.0.1"]);
        await scanner.EndsAsync();
        return scanner.Said;
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;
}
