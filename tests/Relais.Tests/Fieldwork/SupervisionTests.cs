using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Productivity;
using Relais.Fieldwork.Quotas;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;

namespace Relais.Tests.Fieldwork;

/// <summary>What supervisors see and say while people call.</summary>
public sealed class SupervisionTests(FieldworkApp app) : IClassFixture<FieldworkApp>
{
    [Fact]
    public async Task A_message_reaches_whom_it_is_for_until_they_say_that_they_read_it_and_the_board_says_who_did()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, sample: app.Sample(3));
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var board = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}");
        await supervisor.SubmitAsync(board, "notice", ("Words", "Pause à 15 h"), ("To", ""));
        board = await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}"), "notice", ("Words", "Bravo"), ("To", wave.People[1].Id.ToString()));
        Assert.Contains("personne encore", board.Text, StringComparison.Ordinal);

        using var first = await app.SignInAsync(wave.People[0]);
        using var second = await app.SignInAsync(wave.People[1]);
        Assert.Equal(["Pause à 15 h"], await MessagesAsync(first));
        Assert.Equal(["Pause à 15 h", "Bravo"], await MessagesAsync(second));
        // Not theirs to acknowledge.
        var ids = await app.InFieldworkAsync(db => db.Notices.Where(n => n.PersonId == wave.People[1].Id || n.Text == "Pause à 15 h").OrderBy(n => n.Id).Select(n => n.Id).ToListAsync());
        Assert.Empty(await MessagesAsync(first, [.. ids]));
        Assert.Equal(["Bravo"], await MessagesAsync(second, ids[0]));
        var rows = (await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}")).Document.QuerySelectorAll("tbody tr").Select(r => r.TextContent).ToList();
        Assert.Contains(rows, r => r.Contains("Pause à 15 h", StringComparison.Ordinal) && r.Contains(wave.People[0].UserName, StringComparison.Ordinal) && r.Contains(wave.People[1].UserName, StringComparison.Ordinal));
        Assert.Contains(rows, r => r.Contains("Bravo", StringComparison.Ordinal) && r.Contains("personne encore", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Whoever_loses_a_case_to_the_supervisor_and_whoever_is_given_it_are_told()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, sample: app.Sample(1));
        var held = await wave.MustTakeAsync();
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await supervisor.GetAsync($"/fieldwork/cases/{held.Case}/take-over");
        Assert.Contains(wave.People[0].UserName, page.Text, StringComparison.Ordinal);
        await supervisor.SubmitAsync(page, "take-over", ("To", wave.People[1].Id.ToString()));
        Assert.Null(await wave.KeepAsync(held));
        // Words to everybody are other tests'.
        Assert.Equal(Notice.CaseTaken, Assert.Single((await SignAsync(wave.People[0])).Messages, m => m.Kind != Notice.Words).Kind);
        Assert.Equal(Notice.CaseGiven, Assert.Single((await SignAsync(wave.People[1])).Messages, m => m.Kind != Notice.Words).Kind);
        Assert.Equal(held.Case, (await wave.MustTakeAsync(1)).Case);
        Assert.Contains("Personne n’a plus", (await supervisor.GetAsync("/fieldwork/cases/999999999/take-over")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Time_at_work_is_what_open_consoles_said_and_a_training_leaves_none()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(3));
        var from = app.Clock.GetUtcNow();
        foreach (var doing in (Doing?[])[Doing.Between, Doing.Between, Doing.Call, Doing.Call, Doing.Pause, null])
        {
            await SignAsync(wave.People[0], doing);
            app.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        app.Clock.Advance(TimeSpan.FromHours(1));
        await SignAsync(wave.People[0]);
        var stretches = await app.InFieldworkAsync(db => db.Presences.AsNoTracking().Where(p => p.PersonId == wave.People[0].Id).OrderBy(p => p.Id).ToListAsync());
        Assert.Equal([Doing.Between, Doing.Call, Doing.Pause, Doing.Between], stretches.Select(s => s.Doing));
        var time = stretches.Aggregate(TimeAtWork.None, (sum, s) => sum.With(s, from, app.Clock.GetUtcNow()));
        Assert.Equal((20, 20, 0), ((int)time.Between.TotalSeconds, (int)time.Calls.TotalSeconds, (int)time.Pauses.TotalSeconds));
    }

    [Fact]
    public async Task The_end_of_a_shift_is_told_and_whoever_is_missing_in_it_is_an_alert()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(3));
        var now = app.Clock.GetUtcNow();
        Assert.IsType<EditResult.Saved>(await app.DoAsync<EditTeams, EditResult>(e => e.AddShiftAsync(
            new Relais.Access.Contracts.PersonId(wave.People[0].Id), now.AddMinutes(-1), now.AddHours(2), FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
        Assert.Equal(now.AddHours(2), (await SignAsync(wave.People[0])).ShiftUntil!.Value, TimeSpan.FromMilliseconds(1));
        Assert.DoesNotContain((await BoardAsync(wave)).Alerts, a => a.Code == "absent");
        app.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Contains((await BoardAsync(wave)).Alerts, a => a.Code == "absent" && ((string)a.Named[0]).Contains(wave.People[0].UserName, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Productivity_counts_what_each_did_and_says_nothing_of_small_counts()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, rules: FieldworkApp.Anytime with { AfterContactMinutes = 0 }, sample: app.Sample(20));
        foreach (var (person, outcome) in ((int, string)[])[(0, "complete"), (0, "refused"), (0, "no-answer"), (1, "complete"), (1, "given-back"), (1, "quota-full")])
            await wave.CloseAsync(await wave.MustTakeAsync(person), outcome, person);
        var (zone, today) = (TimeZoneInfo.Utc, DateOnly.FromDateTime(app.Clock.GetUtcNow().UtcDateTime));
        var days = ReadProductivity.Days(today, today, zone);
        var lines = await app.DoAsync<ReadProductivity, IReadOnlyList<ProductivityLine>>(p => p.OfAsync(wave.Wave, ProductivityGroup.Interviewer, days.From, days.Until, zone, CancellationToken.None));
        var (first, second) = (lines.Single(l => l.Person == wave.People[0].Id), lines.Single(l => l.Person == wave.People[1].Id));
        Assert.Equal((3, 2, 1, 1), (first.Calls, first.Contacts, first.Completed, first.Refused));
        Assert.Equal((2, 2, 1, 0), (second.Calls, second.Contacts, second.Completed, second.Refused));
        Assert.Equal("1/3", first.Rate("RR1")?.ToString());
        Assert.Equal("1", second.Rate("COOP1")?.ToString());
        // Four calls could bring an interview, two did: three of the four are the first's. A full cell is nobody's fault.
        Assert.Equal((1.5, 0.5), (first.Fair.Expected, second.Fair.Expected));
        Assert.Equal((0, 0), (first.Fair.Verdict, second.Fair.Verdict));

        using var supervisor = await app.SignInAsync(app.Supervisor);
        var csv = (await supervisor.Client.GetStringAsync($"/api/fieldwork/waves/{wave.Wave}/productivity.csv?by=team")).TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith("name,calls,contacts,completed,", csv[0], StringComparison.Ordinal);
        Assert.Contains(",5,4,2,0,1,", csv[1], StringComparison.Ordinal);
        using var interviewer = await app.SignInAsync(wave.People[0]);
        var mine = await interviewer.GetAsync("/my-interviews");
        Assert.Equal(["1", "3", "2", "1"], mine.Document.QuerySelectorAll("tbody tr").Single().QuerySelectorAll("td").Take(4).Select(c => c.TextContent.Trim()));
        Assert.DoesNotContain(wave.People[1].UserName, mine.Text, StringComparison.Ordinal);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await interviewer.Client.GetAsync($"/api/fieldwork/waves/{wave.Wave}/productivity.csv")).StatusCode);
    }

    [Fact]
    public async Task A_cell_that_will_miss_its_target_at_the_current_pace_is_an_alert_with_its_reason()
    {
        app.Clock.LeaveMidnight();
        var wave = await app.AddWaveAsync(sample: app.Sample(20));
        await wave.AddQuotaAsync(true, ("sexe=F", 100_000), ("sexe=H", 1));
        foreach (var sex in (string[])["F", "H"])
        {
            var held = await wave.MustTakeAsync();
            await wave.ScreenAsync(held, 0, null, ("sexe", sex));
            await wave.CloseAsync(held, "complete");
        }

        Assert.DoesNotContain((await BoardAsync(wave)).Alerts, a => a.Code == "cell-late");
        app.Clock.Advance(TimeSpan.FromHours(3));
        var late = (await BoardAsync(wave)).Alerts.Single(a => a.Code == "cell-late");
        Assert.Equal(("F", 1, 100_000), (late.Named[0], late.Named[2], late.Named[3]));
        using var supervisor = await app.SignInAsync(app.Supervisor);
        Assert.Contains("manquera de", (await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}")).Text, StringComparison.Ordinal);
        var page = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/forecast");
        Assert.Contains("manquera de", page.Text, StringComparison.Ordinal);

        var cell = await app.InFieldworkAsync(db => db.QuotaCells.Where(c => c.WaveId == wave.Wave && c.Target > 1).Select(c => c.Id).SingleAsync());
        await supervisor.SubmitAsync(page, "day", ("Sent.Cell", cell.ToString(System.Globalization.CultureInfo.InvariantCulture)), ("Sent.Target", "40"));
        app.Clock.Advance(TimeSpan.FromMinutes(1));
        var (done, target) = (await BoardAsync(wave)).CellsToday[cell];
        Assert.Equal((1, 40), (done, target));
        Assert.IsType<EditResult.Refused>(await app.DoAsync<EditQuotas, EditResult>(e => e.SetDayAsync(null, cell, new DateOnly(2001, 1, 1), 5, FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
    }

    [Fact]
    public async Task Refusals_far_above_the_others_and_many_calls_without_an_interview_are_alerts_and_small_differences_are_not()
    {
        var wave = await app.AddWaveAsync(interviewers: 3, sample: app.Sample(90));
        foreach (var (person, outcome, times) in ((int, string, int)[])[(0, "refused", 12), (0, "not-available", 2), (1, "refused", 3), (1, "complete", 17), (2, "refused", 2), (2, "complete", 18)])
        {
            for (var i = 0; i < times; i++)
                await wave.CloseAsync(await wave.MustTakeAsync(person), outcome, person);
        }

        var alerts = (await BoardAsync(wave)).Alerts;
        Assert.Contains(wave.People[0].UserName, (string)alerts.Single(a => a.Code == "refusals").Named[0], StringComparison.Ordinal);
        Assert.Contains(wave.People[0].UserName, (string)alerts.Single(a => a.Code == "without").Named[0], StringComparison.Ordinal);
    }

    private async Task<BoardPicture> BoardAsync(TestWave wave)
    {
        app.Clock.Advance(TimeSpan.FromSeconds(31));
        return await app.DoAsync<ReadBoard, BoardPicture?>(b => b.OfAsync(wave.Wave, CancellationToken.None)) ?? throw new InvalidOperationException("No wave.");
    }

    private Task<SignOfConsole.Response> SignAsync(TestPerson person, Doing? doing = Doing.Between) =>
        app.InFieldworkAsync(db => SignOfConsole.HandleAsync(person.Id, doing, [], app.Clock.GetUtcNow(), db, CancellationToken.None));

    private static async Task<List<string>> MessagesAsync(Browser browser, params long[] read)
    {
        using var response = await browser.PostJsonAsync("/api/fieldwork/console/sign", new { Doing = "between", Read = read });
        return [.. (await InterviewsApp.ReadAsync<SignOfConsole.Response>(response)).Messages.Select(m => m.Text)];
    }
}
