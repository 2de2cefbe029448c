using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Reviews;
using Relais.Fieldwork.Teams;

namespace Relais.Tests.Fieldwork;

/// <summary>Supervisors look at what was completed, and decide whether it counts.</summary>
public sealed class ReviewTests(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    [Fact]
    public async Task A_rejected_interview_gives_its_slot_back_counts_nowhere_and_is_restored_while_the_slot_is_free()
    {
        var wave = await app.AddInterviewsAsync(2);
        await wave.AddQuotaAsync(true, ("sexe=F", 1));
        var first = await CompletedAsync(wave);
        using var supervisor = await app.SignInAsync(app.Supervisor);
        using var researcher = await app.SignInAsync(await app.AddPersonAsync(Roles.Researcher));
        Assert.Equal((1, 1, 1, true), await CountedAsync(wave, researcher));

        Assert.Equal(HttpStatusCode.NoContent, (await RejectAsync(supervisor, first.Begun.Id, "other")).StatusCode);
        Assert.Equal((0, 0, 0, false), await CountedAsync(wave, researcher));
        var row = await app.InFieldworkAsync(db => db.Cases.AsNoTracking().SingleAsync(c => c.Id == first.Case));
        Assert.Equal((CaseState.Done, "other"), (row.State, Outcome.Of(row.Outcome)?.Code));

        using (var restored = await supervisor.PostJsonAsync($"/api/fieldwork/interviews/{first.Begun.Id}/restore", null))
            Assert.Equal(HttpStatusCode.NoContent, restored.StatusCode);
        Assert.Equal((1, 1, 1, true), await CountedAsync(wave, researcher));

        await RejectAsync(supervisor, first.Begun.Id, "other");
        await CompletedAsync(wave, 1);
        await InterviewsApp.RefusedAsync(await supervisor.PostJsonAsync($"/api/fieldwork/interviews/{first.Begun.Id}/restore", null), HttpStatusCode.Conflict, "review-cell-full");
        Assert.Equal((1, 1, 1, true), await CountedAsync(wave, researcher));
        Assert.Equal(
            ["interview.rejected", "interview.restored", "interview.rejected"],
            await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.SubjectName == $"case:{first.Case}" && l.Action.StartsWith("interview.")).OrderBy(l => l.Seq).Select(l => l.Action).ToListAsync()));
    }

    [Fact]
    public async Task A_rejected_interview_is_asked_again_from_its_beginning_and_its_interviewer_is_told_why()
    {
        var wave = await app.AddInterviewsAsync(1, 1);
        var console = await CompletedAsync(wave);
        using var supervisor = await app.SignInAsync(app.Supervisor);
        await RejectAsync(supervisor, console.Begun.Id, Review.CallAgain, "Questions non lues");
        var told = await app.InFieldworkAsync(db => SignOfConsole.HandleAsync(wave.People[0].Id, Doing.Between, [], app.Clock.GetUtcNow(), db, CancellationToken.None));
        var message = Assert.Single(told.Messages);
        Assert.Equal((Notice.InterviewRejected, "c0 : Questions non lues"), (message.Kind, message.Text));

        var again = await TestConsole.OpenAsync(app, wave.People[0]);
        await again.BeginAsync();
        Assert.Equal(console.Case, again.Case);
        Assert.NotEqual(console.Begun.Id, again.Begun.Id);
        Assert.Empty(again.Begun.Events);
        await InterviewsApp.RefusedAsync(await supervisor.PostJsonAsync($"/api/fieldwork/interviews/{console.Begun.Id}/restore", null), HttpStatusCode.Conflict, "review-called-since");
        await again.SendAsync(TestConsole.Steps);
        await InterviewsApp.ReadAsync<EndInterview.Response>(await again.EndAsync(7));
        Assert.Equal([InterviewState.Completed, InterviewState.Rejected], await app.InFieldworkAsync(db => db.Interviews.Where(i => i.CaseId == console.Case).OrderBy(i => i.State).Select(i => i.State).ToListAsync()));
    }

    [Fact]
    public async Task A_slot_that_was_given_back_is_taken_once_however_many_want_it_at_once()
    {
        var wave = await app.AddInterviewsAsync(3, 12);
        await wave.AddQuotaAsync(true, ("sexe=F", 1));
        var first = await CompletedAsync(wave);
        var (second, third) = (await TestConsole.OpenAsync(app, wave.People[1]), await TestConsole.OpenAsync(app, wave.People[2]));
        await second.BeginAsync();
        await third.BeginAsync();
        using var supervisor = await app.SignInAsync(app.Supervisor);
        await RejectAsync(supervisor, first.Begun.Id, "other");
        var restored = supervisor.PostJsonAsync($"/api/fieldwork/interviews/{first.Begun.Id}/restore", null);
        var (asked, too) = (second.SendAsync(TestConsole.Step(1, "sexe", "F")), third.SendAsync(TestConsole.Step(1, "sexe", "F")));
        var got = ((await restored).IsSuccessStatusCode ? 1 : 0) + ((await asked).QuotaFull ? 0 : 1) + ((await too).QuotaFull ? 0 : 1);
        Assert.Equal(1, got);
        var cell = await app.InFieldworkAsync(db => db.QuotaCells.AsNoTracking().SingleAsync(c => c.WaveId == wave.Wave));
        Assert.Equal(1, cell.Completed + cell.Reserved);
    }

    [Fact]
    public async Task A_review_is_a_supervisors_has_a_reason_and_is_of_a_completed_interview()
    {
        var wave = await app.AddInterviewsAsync();
        var console = await CompletedAsync(wave);
        using var interviewer = await app.SignInAsync(wave.People[0]);
        Assert.Equal(HttpStatusCode.Forbidden, (await RejectAsync(interviewer, console.Begun.Id, "other")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await interviewer.GetAsync($"/fieldwork/interviews/{console.Begun.Id}")).Status);
        using var supervisor = await app.SignInAsync(app.Supervisor);
        await InterviewsApp.RefusedAsync(await RejectAsync(supervisor, console.Begun.Id, "other", " "), HttpStatusCode.Conflict, "review-reason");
        await InterviewsApp.RefusedAsync(await RejectAsync(supervisor, console.Begun.Id, "complete"), HttpStatusCode.Conflict, "review-after");
        await InterviewsApp.RefusedAsync(await RejectAsync(supervisor, Guid.NewGuid(), "other"), HttpStatusCode.NotFound, "no-interview");
        using (var accepted = await supervisor.PostJsonAsync($"/api/fieldwork/interviews/{console.Begun.Id}/accept", null))
            Assert.Equal(HttpStatusCode.NoContent, accepted.StatusCode);
        await RejectAsync(supervisor, console.Begun.Id, "other");
        await InterviewsApp.RefusedAsync(await RejectAsync(supervisor, console.Begun.Id, "other"), HttpStatusCode.Conflict, "review-state");
        await InterviewsApp.RefusedAsync(await supervisor.PostJsonAsync($"/api/fieldwork/interviews/{console.Begun.Id}/accept", null), HttpStatusCode.Conflict, "review-state");
        Assert.Equal(HttpStatusCode.NotFound, (await supervisor.GetAsync($"/fieldwork/interviews/{Guid.NewGuid()}")).Status);
    }

    [Fact]
    public async Task The_list_is_filtered_and_an_interview_is_read_in_the_order_of_its_questions_with_the_calls_of_its_case()
    {
        var wave = await app.AddInterviewsAsync(2);
        var held = await wave.MustTakeAsync();
        await wave.CloseAsync(held, "refused-for-now");
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        await console.BeginAsync();
        await console.SendAsync(
            TestConsole.Step(1, "sexe", "F"), TestConsole.Step(2, "age", "104"), TestConsole.Step(3, "age", "104") with { Kind = Relais.Fieldwork.Forms.Sessions.FormEventKind.Confirm },
            TestConsole.Step(4, "medias", "travail"), TestConsole.Step(5, "station", "fip"), TestConsole.Step(6, "jour", "0700-0830:fip:route:poste"), TestConsole.Step(7, "mots", "Très bien"),
            TestConsole.Step(8, "mots", "très lente") with { Kind = Relais.Fieldwork.Forms.Sessions.FormEventKind.Comment });
        await InterviewsApp.ReadAsync<EndInterview.Response>(await console.EndAsync(8));
        await CompletedAsync(wave, 1);

        using var supervisor = await app.SignInAsync(app.Supervisor);
        var all = await supervisor.Client.GetFromJsonAsync<JsonElement>($"/api/fieldwork/waves/{wave.Wave}/reviews");
        Assert.Equal(2, all.GetProperty("total").GetInt32());
        var mine = await supervisor.Client.GetFromJsonAsync<JsonElement>($"/api/fieldwork/waves/{wave.Wave}/reviews?interviewer={wave.People[0].Id}&flagged=true&state=ToReview");
        var line = mine.GetProperty("interviews").EnumerateArray().Single();
        Assert.Equal((console.Begun.Id, 1, 6), (line.GetProperty("id").GetGuid(), line.GetProperty("confirmed").GetInt32(), line.GetProperty("answers").GetInt32()));

        var list = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/reviews?state=ToReview");
        Assert.Equal(2, list.Document.QuerySelectorAll("tbody tr").Length);
        var page = await supervisor.GetAsync($"/fieldwork/interviews/{console.Begun.Id}");
        var answers = page.Document.QuerySelectorAll("table")[0].QuerySelectorAll("tbody tr").Select(r => string.Join('|', r.Children.Take(2).Select(c => string.Join(' ', c.TextContent.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries))))).ToList();
        Assert.Equal(
            [
                "Vous êtes…|Une femme", "Quel âge avez-vous ?|104 confirmé malgré le contrôle", "Hier, avez-vous écouté la radio…|au travail", "Quelle station avez-vous écoutée en dernier ?|Radio Océane",
                "Racontez-moi votre journée d'hier.|07:00 – 08:30 : Radio Océane, En voiture, Poste de radio", "En quelques mots, qu'en avez-vous pensé ?|Très bienRemarque : très lente",
            ], answers);
        Assert.Contains("Entretien complet", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("+33", page.Html, StringComparison.Ordinal);

        var rejected = await supervisor.SubmitAsync(page, "reject", ("Sent.Reason", "Âge invraisemblable"), ("Sent.After", "not-eligible"));
        Assert.Contains("Âge invraisemblable", rejected.Text, StringComparison.Ordinal);
        Assert.Contains("rejeté", rejected.Text, StringComparison.Ordinal);
        var restored = await supervisor.SubmitAsync(rejected, "restore");
        Assert.Contains("Rejet annulé", restored.Text, StringComparison.Ordinal);
        var accepted = await supervisor.SubmitAsync(restored, "accept");
        Assert.Contains("accepté", accepted.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Pace_leaves_out_the_time_between_calls_and_counts_answers_that_come_faster_than_questions_are_read()
    {
        var begun = new DateTimeOffset(2030, 1, 1, 18, 0, 0, TimeSpan.Zero);
        Relais.Fieldwork.Forms.Sessions.FormEvent[] steps =
        [
            TestConsole.Step(1, "sexe", "F") with { At = begun.AddSeconds(5) }, TestConsole.Step(2, "age", "34") with { At = begun.AddSeconds(5.4) },
            TestConsole.Step(3, "medias", "jamais") with { At = begun.AddHours(2) }, TestConsole.Step(4, "mots", "x") with { At = begun.AddHours(2).AddSeconds(30) },
            TestConsole.Step(5, "mots", "y") with { At = begun.AddHours(2).AddSeconds(30.2) },
        ];
        var pace = InterviewPace.Of(begun, steps);
        Assert.Equal(new InterviewPace(35, 5, 0, 2), pace);
        Assert.True(pace.ManyQuick);
        Assert.True(pace.IsShort(71));
        Assert.False(pace.IsShort(70));
        Assert.False(pace.IsShort(null));
    }

    private async Task<TestConsole> CompletedAsync(TestWave wave, int person = 0)
    {
        var console = await TestConsole.OpenAsync(app, wave.People[person]);
        await console.BeginAsync();
        await console.SendAsync(TestConsole.Steps);
        Assert.Equal("complete", (await InterviewsApp.ReadAsync<EndInterview.Response>(await console.EndAsync(7))).Outcome);
        return console;
    }

    private static Task<HttpResponseMessage> RejectAsync(Browser browser, Guid interview, string after, string reason = "Essai") =>
        browser.PostJsonAsync($"/api/fieldwork/interviews/{interview}/reject", new { Reason = reason, After = after });

    /// <summary>Completed slots, rows of the export, interviews of the day on the board, and whether the cell takes nobody.</summary>
    private async Task<(int Slots, int Exported, int Today, bool Shut)> CountedAsync(TestWave wave, Browser researcher)
    {
        app.Clock.Advance(TimeSpan.FromSeconds(1));
        var cell = await app.InFieldworkAsync(db => db.QuotaCells.AsNoTracking().SingleAsync(c => c.WaveId == wave.Wave));
        var rows = (await researcher.Client.GetStringAsync($"/api/fieldwork/waves/{wave.Wave}/interviews.csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length - 1;
        var board = await app.DoAsync<ReadBoard, BoardPicture?>(b => b.OfAsync(wave.Wave, CancellationToken.None));
        return (cell.Completed, rows, board!.CompletedToday, cell.Shut);
    }
}
