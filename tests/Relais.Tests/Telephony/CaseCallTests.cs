using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Studies;
using Relais.Kernel.Audit;
using Relais.Telephony.Calls;
using Relais.Telephony.Contracts;
using Relais.Tests.Fieldwork;

namespace Relais.Tests.Telephony;

/// <summary>The case that an interviewer has is called by the server.</summary>
[InChromium]
public sealed class CaseCallTests(CaseCallApp app) : IClassFixture<CaseCallApp>
{
    [Fact]
    public async Task The_number_is_the_cases_own_the_call_knows_its_case_and_so_does_the_history_of_calls()
    {
        var wave = await app.AddCasesAsync("00");
        var caller = await TestCaller.TakeAsync(app, wave.People[0]);
        Assert.Equal(("preview", JsonValueKind.Null), ((await caller.LineAsync()).GetProperty("mode").GetString(), (await caller.LineAsync()).GetProperty("call").ValueKind));
        var id = await caller.CallAsync();
        await caller.LineAsync("answered");
        // Asked again, it is the same call.
        Assert.Equal(id, await caller.CallAsync());
        var call = await app.CallAsync(id, c => c.State is CallState.Answered);
        var study = await app.InFieldworkAsync(db => db.Studies.Where(s => s.Id == wave.Study).Select(s => s.Name).SingleAsync());
        Assert.Equal(($"case:{caller.Case}", study, "+33199000000"), (call.Subject, call.Study, call.Caller));
        Assert.Equal(await app.InFieldworkAsync(db => db.Numbers.Where(n => n.CaseId == caller.Case).Select(n => "+" + n.Number).SingleAsync()), call.Number);

        // The end of the case, on the call's card, is the end of the call.
        using (var closed = await caller.CloseAsync("refused"))
            Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
        Assert.Equal(CallEnd.HungUpHere, (await app.CallAsync(id, c => c.State is CallState.Ended)).End);
        Assert.Equal(id, await app.InFieldworkAsync(db => db.Attempts.Where(a => a.CaseId == caller.Case).Select(a => a.CallId).SingleAsync()));
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var rows = await supervisor.Client.GetStringAsync($"/api/fieldwork/waves/{wave.Wave}/calls.csv", TestContext.Current.CancellationToken);
        Assert.Contains(",refused,2.112,R,answered,200,16,", rows, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_question_is_marked_in_the_call_where_it_was_asked_and_the_board_offers_to_listen()
    {
        var wave = await app.AddCasesAsync("00");
        var caller = await TestCaller.TakeAsync(app, wave.People[0]);
        var id = await caller.CallAsync();
        await caller.LineAsync("answered");
        var answered = (await app.CallAsync(id, c => c.State is CallState.Answered)).AnsweredAt!.Value;
        using (var begun = await caller.Browser.PostJsonAsync("/api/fieldwork/interviews", new { caller.Case, caller.Fence, OffsetMinutes = 60 }))
        {
            var interview = (await InterviewsApp.ReadAsync<JsonElement>(begun)).GetProperty("id").GetGuid();
            FormEvent[] steps = [TestConsole.Step(1, "sexe", "F") with { At = answered.AddSeconds(7) }, TestConsole.Step(2, "age", "34") with { At = answered.AddSeconds(11) }];
            using var sent = await caller.Browser.PostJsonAsync($"/api/fieldwork/interviews/{interview}/answers", new { caller.Fence, Events = steps });
            Assert.Equal(HttpStatusCode.OK, sent.StatusCode);
        }

        // A question is asked when the one before it was answered.
        Assert.Equal(["0 sexe", "7000 age"], await app.InTelephonyAsync(db => db.Marks.Where(m => m.CallId == id).OrderBy(m => m.Ms).Select(m => $"{m.Ms} {m.Label}").ToListAsync()));
        using var supervisor = await app.SignInAsync(app.Supervisor);
        Assert.Contains($"/phone/supervision#{id}", (await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}")).Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("86", "busy", "busy")]
    [InlineData("04", "unknownnumber", "disconnected")]
    public async Task What_the_end_of_a_call_says_of_the_case_is_proposed(string end, string outcome, string proposed)
    {
        var wave = await app.AddCasesAsync(end);
        var caller = await TestCaller.TakeAsync(app, wave.People[0]);
        await caller.CallAsync();
        var call = await caller.LineAsync("ended");
        Assert.Equal((outcome, proposed), (call.GetProperty("outcome").GetString(), call.GetProperty("proposed").GetString()));
        using var closed = await caller.CloseAsync(proposed);
        Assert.Equal(HttpStatusCode.OK, closed.StatusCode);
    }

    [Fact]
    public async Task Who_lets_it_ring_long_enough_says_that_nobody_is_there_and_who_gives_up_at_once_says_nothing()
    {
        var wave = await app.AddCasesAsync("08");
        var caller = await TestCaller.TakeAsync(app, wave.People[0]);
        foreach (var (seconds, proposed) in ((int, string?)[])[(0, null), (16, "no-answer")])
        {
            await caller.CallAsync();
            await caller.LineAsync("ringing");
            app.Clock.Advance(TimeSpan.FromSeconds(seconds));
            using (await caller.Browser.PostJsonAsync($"/api/fieldwork/cases/{caller.Case}/hang-up", null))
                Assert.Equal(proposed, (await caller.LineAsync("ended")).GetProperty("proposed").GetString());
        }
    }

    [Fact]
    public async Task Only_who_has_the_case_calls_it_and_only_where_the_wave_lets_relais_dial()
    {
        var wave = await app.AddCasesAsync("00", "00");
        var caller = await TestCaller.TakeAsync(app, wave.People[0]);
        using (var old = await caller.PostCallAsync(fence: caller.Fence - 1))
            await InterviewsApp.RefusedAsync(old, HttpStatusCode.Conflict, "case-lost");
        using (var none = await caller.PostCallAsync(number: 7))
            await InterviewsApp.RefusedAsync(none, HttpStatusCode.Conflict, "number-missing");
        var other = await app.SignInAsync((await app.AddCasesAsync("00")).People[0]);
        using (var foreign = await other.PostJsonAsync($"/api/fieldwork/cases/{caller.Case}/call", new { caller.Fence }))
            await InterviewsApp.RefusedAsync(foreign, HttpStatusCode.Conflict, "case-lost");
        using (var supervisor = await app.SignInAsync(app.Supervisor))
            await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/setup"), "dialling", ("Dialling.Mode", "Manual"));
        using (var manual = await caller.PostCallAsync())
            await InterviewsApp.RefusedAsync(manual, HttpStatusCode.Conflict, "dials-manually");
        Assert.Equal("manual", (await caller.LineAsync()).GetProperty("mode").GetString());
        Assert.False(await app.InTelephonyAsync(db => db.Calls.AnyAsync(c => c.Subject == $"case:{caller.Case}")));
    }

    [Fact]
    public async Task A_number_that_may_not_be_called_is_not_whatever_the_sample_says()
    {
        var wave = await app.AddWaveAsync(sample: "id,phone\nc,0899112233\n");
        var caller = await TestCaller.TakeAsync(app, wave.People[0]);
        using var refused = await caller.PostCallAsync();
        await InterviewsApp.RefusedAsync(refused, HttpStatusCode.BadRequest, "number-premium");
    }

    [Fact]
    public async Task A_case_that_is_lost_or_taken_over_hangs_up()
    {
        var wave = await app.AddCasesAsync("00", "00");
        var caller = await TestCaller.TakeAsync(app, wave.People[0]);
        var id = await caller.CallAsync();
        await caller.LineAsync("answered");
        await app.CareAsync();
        Assert.Equal(CallState.Answered, (await app.CallAsync(id, _ => true)).State);
        // The console gives no sign any more.
        app.Clock.Advance(app.Options.HoldFor + TimeSpan.FromSeconds(1));
        await app.CareAsync();
        Assert.Equal(CallEnd.HungUpHere, (await app.CallAsync(id, c => c.State is CallState.Ended)).End);

        await caller.TakeAsync();
        id = await caller.CallAsync();
        await caller.LineAsync("answered");
        using (var supervisor = await app.SignInAsync(app.Supervisor))
        using (var released = await supervisor.PostJsonAsync($"/api/fieldwork/cases/{caller.Case}/release", null))
            Assert.Equal(HttpStatusCode.NoContent, released.StatusCode);
        await app.CareAsync();
        Assert.Equal(CallEnd.HungUpHere, (await app.CallAsync(id, c => c.State is CallState.Ended)).End);
    }

    [Fact]
    public async Task The_end_of_an_interview_leaves_the_line_open_for_a_while_to_say_goodbye()
    {
        var wave = await app.AddCasesAsync("00");
        var browser = await app.SignInAsync(wave.People[0]);
        var console = new TestConsole(app, browser);
        await console.BeginAsync();
        var caller = new TestCaller(browser);
        await caller.TakeAsync();
        var id = await caller.CallAsync();
        await caller.LineAsync("answered");
        // Taken once more: the fence is another one, and the interview goes on under it.
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps);
        using (var ended = await console.EndAsync(TestConsole.Steps.Count))
            Assert.True(ended.IsSuccessStatusCode, await ended.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await app.CareAsync();
        Assert.Equal("answered", (await caller.LineAsync()).GetProperty("call").GetProperty("stage").GetString());

        app.Clock.Advance(app.Options.LineAfterEnd + TimeSpan.FromSeconds(1));
        await app.CareAsync();
        await app.CallAsync(id, c => c.State is CallState.Ended);
        Assert.Equal(id, await app.InFieldworkAsync(db => db.Attempts.Where(a => a.CaseId == caller.Case).Select(a => a.CallId).SingleAsync()));
    }

    [Fact]
    public async Task A_wave_whose_calls_show_a_verified_number_calls_through_no_line_without_one()
    {
        var wave = await app.AddCasesAsync("00");
        await app.DoAsync<EditWave, EditResult>(edit => edit.SetDiallingAsync(wave.Wave, DialMode.Preview, CallerClass.Verified, Actor.System, CancellationToken.None));
        var caller = await TestCaller.TakeAsync(app, wave.People[0]);
        Assert.Equal("closed", (await caller.LineAsync()).GetProperty("mode").GetString());
        using (var refused = await caller.PostCallAsync())
            await InterviewsApp.RefusedAsync(refused, HttpStatusCode.Conflict, "no-line");
        await app.SetLineAsync(fields => fields with { VerifiedCaller = "04 24 00 00 01" });
        var id = await caller.CallAsync();
        Assert.Equal("+33424000001", (await app.CallAsync(id, _ => true)).Caller);
        await app.SetLineAsync(fields => fields);
    }
}
