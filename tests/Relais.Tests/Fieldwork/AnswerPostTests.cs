using System.Net;
using CsCheck;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Forms.Sessions;
using Relais.Fieldwork.Interviews;

namespace Relais.Tests.Fieldwork;

/// <summary>What arrives from consoles, as networks deliver it.</summary>
public sealed class AnswerPostTests(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    private static readonly string[] All =
    [
        "1 /radio/sexe=F", "2 /radio/age=34", "3 /radio/medias=maison voiture", "4 /radio/station=fip", "5 /radio/mots=Très bien", "6 /radio/age=35", "7 /radio/mots=Très bien, merci",
    ];

    [Fact]
    public async Task Steps_that_come_again_out_of_order_or_at_once_are_stored_once_and_in_order()
    {
        var wave = await app.AddInterviewsAsync(1, 40);
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        // Posts of any pieces of the interview, in any order, some twice, some at once.
        var post = Gen.Select(Gen.Int[0, 6], Gen.Int[1, 7], (from, count) => TestConsole.Steps.Skip(from).Take(count).ToList());
        var deliveries = Gen.Select(post.List[1, 8], Gen.Int[0, 3], (posts, atOnce) => (Posts: posts, AtOnce: atOnce));
        await deliveries.SampleAsync(async delivery =>
        {
            var (posts, atOnce) = delivery;
            await console.BeginAsync();
            var together = posts.Take(atOnce).Select(p => console.PostAsync(p)).ToList();
            foreach (var posted in posts.Skip(atOnce))
                await console.SendAsync(posted);
            foreach (var response in await Task.WhenAll(together))
                Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var stored = await app.StoredAsync(console.Begun.Id);
            Assert.Equal(All.Take(stored.Count), stored);
            Assert.Equal(stored.Count, (await console.SendAsync([])).Acknowledged);
            Assert.Equal(7, (await console.SendAsync(TestConsole.Steps)).Acknowledged);
            Assert.Equal(All, await app.StoredAsync(console.Begun.Id));
            await InterviewsApp.ReadAsync<EndInterview.Response>(await console.EndAsync(7));
        }, iter: 12, threads: 1);
    }

    [Fact]
    public async Task What_the_questionnaire_refuses_is_not_stored_and_the_refusal_says_which_step()
    {
        var wave = await app.AddInterviewsAsync();
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await InterviewsApp.RefusedAsync(await console.PostAsync(TestConsole.Step(1, "sexe", "F"), TestConsole.Step(2, "age", "7")), HttpStatusCode.UnprocessableEntity, "answer-refused");
        await InterviewsApp.RefusedAsync(await console.PostAsync(TestConsole.Step(1, "inconnue", "F")), HttpStatusCode.UnprocessableEntity, "answer-refused");
        Assert.Empty(await app.StoredAsync(console.Begun.Id));
    }

    [Fact]
    public async Task Another_answer_under_a_number_that_is_stored_is_refused_and_not_lost_in_silence()
    {
        var wave = await app.AddInterviewsAsync();
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Step(1, "sexe", "F"));
        await InterviewsApp.RefusedAsync(await console.PostAsync(TestConsole.Step(1, "sexe", "H")), HttpStatusCode.Conflict, "answers-differ");
        await Assert.ThrowsAsync<PostgresException>(() => app.InFieldworkAsync(db => db.InterviewEvents.Where(e => e.InterviewId == console.Begun.Id).ExecuteUpdateAsync(set => set.SetProperty(e => e.Value, "H"))));
    }

    [Fact]
    public async Task A_second_computer_goes_on_where_the_first_was_and_the_first_is_refused()
    {
        var wave = await app.AddInterviewsAsync();
        var first = await TestConsole.OpenAsync(app, wave.People[0]);
        await first.BeginAsync();
        await first.SendAsync(TestConsole.Steps.Take(2));
        var second = await TestConsole.OpenAsync(app, wave.People[0]);
        await second.BeginAsync();
        Assert.Equal((first.Begun.Id, 2, first.Begun.Start.Seed), (second.Begun.Id, second.Begun.Events.Count, second.Begun.Start.Seed));
        await InterviewsApp.RefusedAsync(await first.PostAsync(TestConsole.Steps.Skip(2).Take(1)), HttpStatusCode.Conflict, "interview-elsewhere");
        await InterviewsApp.RefusedAsync(await first.EndAsync(2, "refused"), HttpStatusCode.Conflict, "interview-elsewhere");
        Assert.Equal(3, (await second.SendAsync(TestConsole.Steps.Take(3))).Acknowledged);
    }

    [Fact]
    public async Task An_interview_whose_interviewer_vanished_goes_on_with_another_one()
    {
        var wave = await app.AddInterviewsAsync(2, 1);
        var first = await TestConsole.OpenAsync(app, wave.People[0]);
        await first.BeginAsync();
        await first.SendAsync(TestConsole.Steps.Take(2));
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await wave.ReleaseLostAsync();
        // Nobody took it yet: the computer that comes back may go on.
        Assert.Equal(3, (await first.SendAsync(TestConsole.Steps.Take(3))).Acknowledged);
        app.Clock.Advance(TimeSpan.FromMinutes(30));
        var second = await TestConsole.OpenAsync(app, wave.People[1]);
        await second.BeginAsync();
        Assert.Equal(3, second.Begun.Events.Count);
        await InterviewsApp.RefusedAsync(await first.PostAsync(TestConsole.Steps), HttpStatusCode.Conflict, "interview-elsewhere");
    }

    [Fact]
    public async Task The_end_is_recorded_once_with_its_quota_slot_and_only_when_all_is_answered()
    {
        var wave = await app.AddInterviewsAsync();
        await wave.AddQuotaAsync(true, ("sexe=F", 10), ("sexe=H", 10));
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps.Take(2));
        await InterviewsApp.RefusedAsync(await console.EndAsync(7), HttpStatusCode.Conflict, "answers-missing");
        await InterviewsApp.RefusedAsync(await console.EndAsync(2), HttpStatusCode.UnprocessableEntity, "interview-incomplete");
        await console.SendAsync(TestConsole.Steps);
        var command = Guid.NewGuid();
        for (var i = 0; i < 3; i++)
            Assert.Equal("complete", (await InterviewsApp.ReadAsync<EndInterview.Response>(await console.EndAsync(7, command: command))).Outcome);
        var stored = await app.InFieldworkAsync(db => db.Interviews.AsNoTracking().SingleAsync(i => i.Id == console.Begun.Id));
        Assert.Equal((InterviewState.Completed, "complete", 7L), (stored.State, stored.Outcome, stored.LastSequence));
        Assert.Equal([(0, 0), (0, 1)], await app.InFieldworkAsync(async db => (await db.QuotaCells.Where(c => c.WaveId == wave.Wave).ToListAsync()).Select(c => (c.Reserved, c.Completed)).Order().ToList()));
        Assert.Equal(CaseState.Done, await app.InFieldworkAsync(db => db.Cases.Where(c => c.Id == console.Case).Select(c => c.State).SingleAsync()));
    }

    [Fact]
    public async Task A_respondent_whose_cell_is_full_is_told_at_the_answer_that_says_so()
    {
        var wave = await app.AddInterviewsAsync(2);
        await wave.AddQuotaAsync(true, ("sexe=F", 1));
        var first = await TestConsole.OpenAsync(app, wave.People[0]);
        var second = await TestConsole.OpenAsync(app, wave.People[1]);
        await first.BeginAsync();
        await second.BeginAsync();
        Assert.False((await first.SendAsync(TestConsole.Step(1, "sexe", "F"))).QuotaFull);
        Assert.True((await second.SendAsync(TestConsole.Step(1, "sexe", "F"))).QuotaFull);
        Assert.False((await second.SendAsync(TestConsole.Step(2, "sexe", "H"))).QuotaFull);
    }

    [Fact]
    public async Task An_interview_under_way_keeps_its_version_of_the_questionnaire_and_another_interviewer_has_no_way_to_it()
    {
        var wave = await app.AddInterviewsAsync(2);
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await app.DoAsync<Relais.Fieldwork.Studies.EditStudies, Relais.Fieldwork.Studies.EditResult>(e => e.AddQuestionnaireAsync(
            wave.Study, "Radio", "radio.xlsx", [2], SampleForm.Json, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        var again = await TestConsole.OpenAsync(app, wave.People[0]);
        await again.BeginAsync();
        Assert.Equal(console.Begun.Questionnaire, again.Begun.Questionnaire);
        var stranger = await app.SignInAsync(wave.People[1]);
        await InterviewsApp.RefusedAsync(
            await stranger.PostJsonAsync($"/api/fieldwork/interviews/{again.Begun.Id}/answers", new { again.Fence, Events = Array.Empty<FormEvent>() }), HttpStatusCode.Conflict, "interview-elsewhere");
    }
}
