using System.Net;
using System.Net.Sockets;
using System.Text;
using Relais.Kernel.Audit;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;
using Relais.Telephony.Trunks;

namespace Relais.Tests.Telephony;

/// <summary>Lines whose messages go over TCP and TLS, to SIPp.</summary>
public sealed class TransportTests(TelephonyApp app) : IClassFixture<TelephonyApp>
{
    [Fact]
    public async Task Calls_over_tcp_are_answered_carry_voice_and_are_hung_up_by_either_side()
    {
        await using var sipOperator = await SipOperator.StartAsync(transport: "t1");
        await app.AddTrunkAsync(sipOperator.Port, fields => fields with { Transport = "Tcp" });
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "01 23 45 67 00");
        await app.AnsweredAsync(id);
        await app.HeardAsync(id, packets: 20);
        await TelephonyApp.HangUpAsync(interviewer, id);
        var call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.HungUpHere, CallOutcome.Answered, 200), (call.End, call.Outcome, call.SipStatus));

        call = await app.EndedAsync(await TelephonyApp.PlaceAsync(interviewer, "0123456755"));
        Assert.Equal((CallEnd.HungUpThere, CallOutcome.Answered), (call.End, call.Outcome));
        call = await app.EndedAsync(await TelephonyApp.PlaceAsync(interviewer, "0123456786"));
        Assert.Equal(CallOutcome.Busy, call.Outcome);
        Assert.Contains("Via: SIP/2.0/TCP 127.0.0.1:", sipOperator.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("SIP/2.0/UDP", sipOperator.Messages, StringComparison.Ordinal);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task Over_tls_the_operators_certificate_is_verified_and_a_connection_that_was_cut_is_made_again()
    {
        await using var sipOperator = await SipOperator.StartAsync(transport: "t1");
        await using var front = new TlsFront(sipOperator.Port);
        await app.AddTrunkAsync(front.Port, fields => fields with { Transport = "Tls", Authority = front.Authority });
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456700");
        await app.AnsweredAsync(id);
        Assert.Equal(1, front.Opened);
        front.Cut();
        await TelephonyApp.HangUpAsync(interviewer, id);
        var call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.HungUpHere, CallOutcome.Answered), (call.End, call.Outcome));
        await TelephonyApp.UntilTrueAsync(() => sipOperator.Messages.Contains("BYE sip:", StringComparison.Ordinal));
        Assert.Equal(2, front.Opened);
        Assert.Contains("Via: SIP/2.0/TLS 127.0.0.1:", sipOperator.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, "127.0.0.1")]
    [InlineData(true, "autre.example")]
    public async Task A_certificate_of_another_authority_or_for_another_name_is_no_operator(bool trusted, string name)
    {
        await using var sipOperator = await SipOperator.StartAsync(transport: "t1");
        await using var front = new TlsFront(sipOperator.Port, name);
        await using var other = new TlsFront(sipOperator.Port);
        var trunk = await app.AddTrunkAsync(front.Port, fields => fields with { Transport = "Tls", Authority = (trusted ? front : other).Authority }, ready: false);
        var refused = await app.TrunkAsync(trunk, t => t.Reach is TrunkReach.Silent);
        Assert.False(refused.Usable);
        Assert.Equal("", sipOperator.Messages);
    }

    [Fact]
    public async Task An_operator_that_is_not_there_hands_the_call_to_the_next_line_at_once()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        var gone = await app.AddTrunkAsync(TestProgram.FreePort(), fields => fields with { Transport = "Tcp" }, ready: false);
        await app.TrunkAsync(gone, t => t.Reach is TrunkReach.Silent);
        await app.AddTrunkAsync(sipOperator.Port, alone: false);
        var call = await app.EndedAsync(await TelephonyApp.PlaceAsync(await app.InterviewerAsync(), "0123456786"));
        Assert.Equal((486, CallOutcome.Busy), (call.SipStatus, call.Outcome));
    }

    [Fact]
    public async Task Whoever_connects_and_is_no_operator_is_hung_up_on_without_a_word()
    {
        await using var sipOperator = await SipOperator.StartAsync(transport: "t1");
        await app.AddTrunkAsync(sipOperator.Port, fields => fields with { Transport = "Tcp" });
        using var stranger = new TcpClient(new IPEndPoint(IPAddress.Parse("127.0.0.77"), 0));
        await stranger.ConnectAsync(IPAddress.Loopback, app.SipPort, TestContext.Current.CancellationToken);
        var said = new byte[100];
        Assert.Equal(0, await stranger.GetStream().ReadAsync(said, TestContext.Current.CancellationToken));

        // The operator is known by its address, and is answered over the connection that it made.
        using var known = new TcpClient(new IPEndPoint(IPAddress.Loopback, 0));
        await known.ConnectAsync(IPAddress.Loopback, app.SipPort, TestContext.Current.CancellationToken);
        var question = "OPTIONS sip:relais@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bKtcp1\r\nFrom: <sip:op@127.0.0.1>;tag=1\r\nTo: <sip:relais@127.0.0.1>\r\n"
            + "Call-ID: tcp1\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
        // In pieces, as a stream brings them.
        foreach (var part in question.Chunk(50))
            await known.GetStream().WriteAsync(Encoding.ASCII.GetBytes(part), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(known.GetStream(), Encoding.ASCII, leaveOpen: true);
        Assert.Equal("SIP/2.0 200 OK", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_line_says_what_is_no_certificate()
    {
        var fields = TrunkFields.New with { Name = "Chiffrée", Host = "sip.example", Caller = "01 99 00 00 00", Transport = "Tls", Authority = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----" };
        var result = await app.DoAsync<EditTrunks, TrunkResult>(edit => edit.AddAsync(fields, Actor.System, CancellationToken.None));
        Assert.Equal([new TrunkFault("Authority", "certificate")], Assert.IsType<TrunkResult.Refused>(result).Faults);
        result = await app.DoAsync<EditTrunks, TrunkResult>(edit => edit.AddAsync(fields with { Authority = null, Transport = "Pigeon" }, Actor.System, CancellationToken.None));
        Assert.Equal([new TrunkFault("Transport", "choice")], Assert.IsType<TrunkResult.Refused>(result).Faults);
    }
}
