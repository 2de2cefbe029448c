using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Kernel.Audit;
using Relais.Telephony;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;
using Relais.Telephony.Trunks;

namespace Relais.Tests.Telephony;

/// <summary>Calls of an interviewer through a real SIP peer.</summary>
public sealed class CallTests(TelephonyApp app) : IClassFixture<TelephonyApp>
{
    [Fact]
    public async Task A_call_rings_is_answered_carries_voice_both_ways_and_is_hung_up()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "01 23 45 67 00");
        var call = await app.AnsweredAsync(id);
        Assert.Equal("+33123456700", call.Number);
        Assert.NotNull(call.RingingAt);

        // What we say comes back: the operator's side echoes RTP.
        await app.HeardAsync(id, packets: 50);
        var shown = await interviewer.Client.GetFromJsonAsync<JsonElement>($"/api/telephony/calls/{id}");
        Assert.Equal(("answered", "En communication"), (shown.GetProperty("state").GetString(), shown.GetProperty("words").GetString()));
        await TelephonyApp.HangUpAsync(interviewer, id);

        call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.HungUpHere, CallOutcome.Answered, 200, 16), (call.End, call.Outcome, call.SipStatus, call.Cause));
        Assert.Equal(0, call.Lost);
        Assert.True(call is { Received: > 50, Score: > 4, JitterMs: < 20 }, JsonSerializer.Serialize(call));
        Assert.Contains("From: \"Institut\" <sip:0199000000@127.0.0.1>;tag=", sipOperator.Messages, StringComparison.Ordinal);
        Assert.Contains("INVITE sip:0123456700@127.0.0.1 SIP/2.0", sipOperator.Messages, StringComparison.Ordinal);
        sipOperator.AssertContent();
        // What the row kept to end the call after a crash is gone with it.
        Assert.Null(call.Invite ?? call.Answer);
    }

    [Theory]
    [InlineData("86", 486, 17, CallOutcome.Busy)]
    [InlineData("04", 404, 1, CallOutcome.UnknownNumber)]
    [InlineData("20", 480, 20, CallOutcome.Unavailable)]
    [InlineData("63", 603, 21, CallOutcome.Declined)]
    [InlineData("03", 503, 41, CallOutcome.Congestion)]
    [InlineData("32", 302, null, CallOutcome.Failed)]
    public async Task What_the_operator_says_becomes_the_calls_outcome(string end, int status, int? cause, CallOutcome outcome)
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        var call = await app.EndedAsync(await TelephonyApp.PlaceAsync(await app.InterviewerAsync(), $"01 23 45 67 {end}"));
        Assert.Equal((CallEnd.Refused, status, cause, outcome), (call.End, call.SipStatus, call.Cause, call.Outcome));
        Assert.Null(call.AnsweredAt);
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task Calls_and_their_numbers_are_forgotten_in_time()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        var call = await app.EndedAsync(await TelephonyApp.PlaceAsync(await app.InterviewerAsync(), "0123456786"));
        Task<int> PurgeAsync(int days) => app.InTelephonyAsync(db => PurgeCalls.HandleAsync(db, new TelephonyOptions(), call.AskedAt.AddDays(days), CancellationToken.None));
        Assert.Equal(0, await PurgeAsync(364));
        Assert.NotEqual(0, await PurgeAsync(366));
        Assert.False(await app.InTelephonyAsync(db => db.Calls.AnyAsync(c => c.Id == call.Id, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task What_is_heard_before_the_answer_is_early_media_and_the_callee_may_hang_up_first()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        var interviewer = await app.InterviewerAsync();
        var early = await TelephonyApp.PlaceAsync(interviewer, "0123456783");
        var call = await app.AnsweredAsync(early);
        Assert.True(call.RingingAt < call.AnsweredAt);
        await TelephonyApp.HangUpAsync(interviewer, early);

        await app.EndedAsync(early);
        call = await app.EndedAsync(await TelephonyApp.PlaceAsync(interviewer, "0123456755"));
        Assert.Equal((CallEnd.HungUpThere, CallOutcome.Answered, 16), (call.End, call.Outcome, call.Cause));
    }

    [Fact]
    public async Task Who_gives_up_before_the_answer_cancels_and_who_waits_too_long_gets_no_answer()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456708");
        await app.CallAsync(id, c => c.State is CallState.Ringing);
        using (var second = await interviewer.PostJsonAsync("/api/telephony/calls", new { number = "0123456700" }))
            Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        await TelephonyApp.HangUpAsync(interviewer, id);

        var call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.Cancelled, CallOutcome.Cancelled, 487), (call.End, call.Outcome, call.SipStatus));
        Assert.Contains("CANCEL sip:0123456708", sipOperator.Messages, StringComparison.Ordinal);

        id = await TelephonyApp.PlaceAsync(interviewer, "0123456708");
        await app.CallAsync(id, c => c.State is CallState.Ringing);
        app.Clock.Advance(TimeSpan.FromSeconds(61));
        call = await app.EndedAsync(id);
        Assert.Equal((CallEnd.NotAnswered, CallOutcome.NoAnswer), (call.End, call.Outcome));
        sipOperator.AssertContent();
    }

    [Fact]
    public async Task An_operator_that_asks_for_a_password_gets_it_and_a_line_registers()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        var trunk = await app.AddTrunkAsync(sipOperator.Port, fields => fields with { Registers = true, UserName = "relais", Password = "un secret" });
        Assert.Equal(RegistrationState.Registered, (await app.TrunkAsync(trunk, t => t.Usable)).Registration);
        var interviewer = await app.InterviewerAsync();
        var id = await TelephonyApp.PlaceAsync(interviewer, "0123456707");
        await app.AnsweredAsync(id);
        await TelephonyApp.HangUpAsync(interviewer, id);

        await app.EndedAsync(id);
        Assert.DoesNotContain("un secret", sipOperator.Messages, StringComparison.Ordinal);
        Assert.DoesNotContain("un secret", (await app.TrunkAsync(trunk, _ => true)).Secret, StringComparison.Ordinal);

        await using var other = await SipOperator.StartAsync();
        var wrong = await app.AddTrunkAsync(other.Port, fields => fields with { Registers = true, UserName = "relais", Password = "faux" }, ready: false);
        var refused = await app.TrunkAsync(wrong, t => t.Registration is RegistrationState.Refused);
        Assert.Equal((403, false), (refused.RegistrationStatus, refused.Usable));
        using var nobody = await interviewer.PostJsonAsync("/api/telephony/calls", new { number = "0123456700" });
        Assert.Equal(HttpStatusCode.ServiceUnavailable, nobody.StatusCode);
    }

    [Fact]
    public async Task Another_address_of_a_line_asks_for_its_password_again()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        var id = await app.AddTrunkAsync(sipOperator.Port, fields => fields with { Registers = true, UserName = "relais", Password = "un secret" }, ready: false);
        var kept = TrunkFields.Of(await app.TrunkAsync(id, _ => true));
        var moved = await app.DoAsync<EditTrunks, TrunkResult>(edit => edit.ChangeAsync(id, kept with { Host = "127.0.0.9" }, Actor.System, CancellationToken.None));
        Assert.Equal([new TrunkFault("Password", "empty")], Assert.IsType<TrunkResult.Refused>(moved).Faults);
        var renamed = await app.DoAsync<EditTrunks, TrunkResult>(edit => edit.ChangeAsync(id, kept with { CallerName = "Institut" }, Actor.System, CancellationToken.None));
        Assert.IsType<TrunkResult.Saved>(renamed);
        Assert.NotNull((await app.TrunkAsync(id, _ => true)).Secret);
    }

    [Fact]
    public async Task A_trunk_that_fails_hands_the_call_to_the_next_and_the_row_says_so()
    {
        await using var first = await SipOperator.StartAsync();
        await using var second = await SipOperator.StartAsync();
        var one = await app.AddTrunkAsync(first.Port);
        await app.AddTrunkAsync(second.Port, fields => fields with { NumberForm = "Plus", Forbidden = null }, alone: false);
        var call = await app.EndedAsync(await TelephonyApp.PlaceAsync(await app.InterviewerAsync(), "0123456703"));
        // Both say 503 to this number; the second was told the number its own way.
        var name = (await app.TrunkAsync(one, _ => true)).Name;
        Assert.Equal([$"{name} 503"], call.Tried);
        Assert.NotEqual(name, call.TrunkName);
        Assert.Contains("INVITE sip:+33123456703@", second.Messages, StringComparison.Ordinal);
        Assert.Equal((503, CallOutcome.Congestion), (call.SipStatus, call.Outcome));
    }

    [Fact]
    public async Task A_line_has_room_for_so_many_calls_and_no_more()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port, fields => fields with { MostCalls = "1" });
        var (one, two) = (await app.InterviewerAsync(), await app.InterviewerAsync());
        var id = await TelephonyApp.PlaceAsync(one, "0123456700");
        await app.AnsweredAsync(id);
        using (var full = await two.PostJsonAsync("/api/telephony/calls", new { number = "0123456700" }))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
            Assert.Contains("Toutes les lignes sont occupées", await full.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        // A call is its caller's own.
        using (var foreign = await two.PostJsonAsync($"/api/telephony/calls/{id}/hang-up", null))
            Assert.Equal(HttpStatusCode.NotFound, foreign.StatusCode);
        await TelephonyApp.HangUpAsync(one, id);

        await app.EndedAsync(id);
        var next = await TelephonyApp.PlaceAsync(two, "0123456786");
        await app.EndedAsync(next);
    }

    [Theory]
    [InlineData("+44 20 7946 0000", "number-foreign")]
    [InlineData("0044 20 7946 0000", "number-foreign")]
    [InlineData("08 99 12 34 56", "number-premium")]
    [InlineData("+88 216 1234567", "number-premium")]
    [InlineData("3949", "number-malformed")]
    [InlineData("01 23 45", "number-malformed")]
    [InlineData("0123456789@pirate.example", "number-malformed")]
    [InlineData("09 70 12 34 56", "number-forbidden")]
    public async Task Numbers_that_frauds_aim_at_are_refused_before_any_message_is_sent(string number, string problem)
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port, fields => fields with { Forbidden = "+33970" });
        using var refused = await (await app.InterviewerAsync()).PostJsonAsync("/api/telephony/calls", new { number });
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal($"urn:relais:{problem}", (await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("type").GetString());
        Assert.DoesNotContain("INVITE", sipOperator.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_interviewers_call_and_only_administrators_see_lines()
    {
        var (interviewer, staff) = (await app.InterviewerAsync(), await app.SignInAsync(await app.AddPersonAsync()));
        using (var refused = await staff.PostJsonAsync("/api/telephony/calls", new { number = "0123456700" }))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var refused = await interviewer.Client.GetAsync("/api/telephony/trunks", TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.DoesNotContain("Ajouter une ligne", (await staff.GetAsync("/trunks")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_is_no_operator_of_ours_gets_no_answer_at_all()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        using var stranger = new UdpClient(new IPEndPoint(IPAddress.Parse("127.0.0.66"), 0));
        var before = app.Lines.Strangers;
        foreach (var method in (string[])["OPTIONS", "INVITE", "REGISTER"])
        {
            var probe = $"{method} sip:100@127.0.0.1 SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.66:5060;branch=z9hG4bKx{method}\r\nFrom: <sip:a@b>;tag=1\r\nTo: <sip:100@127.0.0.1>\r\n"
                + $"Call-ID: {method}\r\nCSeq: 1 {method}\r\nMax-Forwards: 70\r\nContent-Length: 0\r\n\r\n";
            await stranger.SendAsync(Encoding.ASCII.GetBytes(probe), new IPEndPoint(IPAddress.Loopback, app.SipPort), TestContext.Current.CancellationToken);
        }

        await TelephonyApp.UntilTrueAsync(() => app.Lines.Strangers >= before + 3);
        Assert.Equal(0, stranger.Available);
    }

    [Fact]
    public async Task A_server_that_is_stopped_hangs_up_first_and_the_row_says_so()
    {
        await using var sipOperator = await SipOperator.StartAsync();
        await app.AddTrunkAsync(sipOperator.Port);
        var id = await TelephonyApp.PlaceAsync(await app.InterviewerAsync(), "0123456700");
        await app.AnsweredAsync(id);
        await app.Lines.StopAsync(TestContext.Current.CancellationToken);
        var ended = await app.InTelephonyAsync(db => db.Calls.AsNoTracking().SingleAsync(c => c.Id == id, TestContext.Current.CancellationToken));
        Assert.Equal((CallEnd.Restarted, CallOutcome.Answered), (ended.End, ended.Outcome));
        await TelephonyApp.UntilTrueAsync(() => sipOperator.Messages.Contains("BYE sip:", StringComparison.Ordinal));
        await app.RestartAsync();
    }
}
