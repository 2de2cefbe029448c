using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;

namespace Relais.Tests.Fieldwork;

public sealed class NextCaseTests(FieldworkApp app) : IClassFixture<FieldworkApp>
{
    [Fact]
    public async Task People_who_ask_at_once_never_get_the_same_case()
    {
        var wave = await app.AddWaveAsync(interviewers: 8, sample: app.Sample(160));
        var given = new ConcurrentBag<long>();
        await Parallel.ForEachAsync(Enumerable.Range(0, 8), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (person, _) =>
        {
            while (await wave.TakeAsync(person) is { Case: { } held })
            {
                given.Add(held.Case);
                Assert.Equal("closed", (await wave.CloseAsync(held, "refused", person)).State);
            }
        });
        Assert.Equal(160, given.Count);
        Assert.Equal(160, given.Distinct().Count());
    }

    [Fact]
    public async Task The_same_wish_again_is_answered_the_same()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(2));
        var command = Guid.NewGuid();
        var (first, again) = (await wave.TakeAsync(0, command), await wave.TakeAsync(0, command));
        Assert.NotNull(first.Case);
        Assert.Equal((first.Case.Case, first.Case.Fence), (again.Case!.Case, again.Case.Fence));
        var close = Guid.NewGuid();
        var answers = new[] { await wave.CloseAsync(first.Case, "no-answer", command: close), await wave.CloseAsync(first.Case, "no-answer", command: close) };
        Assert.Equal(answers[0], answers[1]);
        Assert.Equal(1, await app.InFieldworkAsync(db => db.Attempts.CountAsync(a => a.CaseId == first.Case.Case)));
    }

    [Fact]
    public async Task Whoever_has_a_case_gets_it_again_elsewhere_and_what_the_first_place_sends_is_refused()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(5));
        var first = await wave.MustTakeAsync();
        var second = await wave.MustTakeAsync();
        Assert.Equal(first.Case, second.Case);
        Assert.True(second.Fence > first.Fence);
        Assert.Null(await wave.KeepAsync(first));
        Assert.Equal("lost", (await wave.CloseAsync(first, "complete")).State);
        Assert.Equal("lost", (await wave.ScreenAsync(first)).State);
        Assert.NotNull(await wave.KeepAsync(second));
        Assert.Equal("closed", (await wave.CloseAsync(second, "complete")).State);
    }

    [Fact]
    public async Task A_case_whose_interviewer_gives_no_sign_comes_back_and_signs_keep_it()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, rules: FieldworkApp.Anytime with { AfterNoAnswerMinutes = 0 }, sample: app.Sample(1));
        var held = await wave.MustTakeAsync();
        app.Clock.Advance(TimeSpan.FromSeconds(50));
        Assert.NotNull(await wave.KeepAsync(held));
        app.Clock.Advance(TimeSpan.FromSeconds(50));
        await wave.ReleaseLostAsync();
        Assert.Null((await wave.TakeAsync(1)).Case);
        app.Clock.Advance(TimeSpan.FromSeconds(50));
        await wave.ReleaseLostAsync();
        var next = await wave.MustTakeAsync(1);
        Assert.Equal(held.Case, next.Case);
        Assert.Equal("lost", (await wave.CloseAsync(held, "complete")).State);
    }

    [Fact]
    public async Task A_begun_interview_waits_longer_and_then_for_its_interviewer_first()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, sample: app.Sample(1));
        var held = await wave.MustTakeAsync();
        Assert.Equal("reserved", (await wave.ScreenAsync(held)).State);
        app.Clock.Advance(TimeSpan.FromMinutes(20));
        await wave.ReleaseLostAsync();
        Assert.Equal("reserved", (await wave.ScreenAsync(held)).State);
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await wave.ReleaseLostAsync();
        Assert.Null((await wave.TakeAsync(1)).Case);
        Assert.Equal(held.Case, (await wave.MustTakeAsync()).Case);
    }

    [Fact]
    public async Task A_call_that_ended_while_the_network_was_dead_is_still_recorded_when_nobody_took_the_case()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(1));
        var held = await wave.MustTakeAsync();
        app.Clock.Advance(TimeSpan.FromHours(1));
        await wave.ReleaseLostAsync();
        Assert.Equal("closed", (await wave.CloseAsync(held, "complete")).State);
        var row = await app.InFieldworkAsync(db => db.Cases.AsNoTracking().SingleAsync(c => c.Id == held.Case));
        Assert.Equal((CaseState.Done, 1), (row.State, row.Tries));
    }

    [Fact]
    public async Task Nobody_is_called_outside_the_legal_hours_of_their_own_zone()
    {
        // Monday 2 March 2026: at 9:30 in Paris it is 12:30 on Réunion.
        var rules = new CallRules();
        var monday = new DateTimeOffset(2026, 3, 2, 8, 30, 0, TimeSpan.Zero);
        Assert.False(new CallCalendar(rules, CallCalendar.Zone("Europe/Paris")!).IsOpen(monday));
        Assert.True(new CallCalendar(rules, CallCalendar.Zone("Indian/Reunion")!).IsOpen(monday));

        var paris = new CallCalendar(FieldworkApp.Anytime, CallCalendar.Zone("Europe/Paris")!);
        var here = TimeOnly.FromDateTime(paris.LocalAt(app.Clock.GetUtcNow()));
        var shut = FieldworkApp.Anytime with
        {
            Hours = [new CallHours(Enum.GetValues<DayOfWeek>(), here.AddHours(1) < here ? TimeOnly.MinValue : here.AddHours(1), TimeOnly.MaxValue)],
        };
        var wave = await app.AddWaveAsync(rules: here.Hour < 22 ? shut : FieldworkApp.Anytime with { OtherHolidays = [DateOnly.FromDateTime(paris.LocalAt(app.Clock.GetUtcNow()))] }, sample: app.Sample(1));
        var answer = await wave.TakeAsync();
        Assert.Equal("closed-hours", answer.Why);
        Assert.True(answer.Next > app.Clock.GetUtcNow());
    }

    [Fact]
    public async Task The_language_of_the_case_is_one_of_the_interviewers()
    {
        var wave = await app.AddWaveAsync(1, null, app.Sample(4, i => i == 2 ? ",en" : ",fr", ",language"), null, "en");
        Assert.Equal("c2", (await wave.MustTakeAsync()).Key);
        await wave.CloseAsync(await wave.MustTakeAsync(), "refused");
        Assert.Equal("no-case", (await wave.TakeAsync()).Why);
    }

    [Fact]
    public async Task Cases_of_a_smaller_priority_number_come_first_and_of_a_replicate_when_it_is_released()
    {
        var wave = await app.AddWaveAsync(sample: app.Sample(3, i => i switch { 0 => ",5,1", 1 => ",1,1", _ => ",0,2" }, ",priority,replicate"));
        var first = await wave.MustTakeAsync();
        Assert.Equal("c1", first.Key);
        await wave.CloseAsync(first, "refused");
        var second = await wave.MustTakeAsync();
        Assert.Equal("c0", second.Key);
        await wave.CloseAsync(second, "refused");
        Assert.Null((await wave.TakeAsync()).Case);
        await app.DoAsync<Relais.Fieldwork.Studies.EditStudies, Relais.Fieldwork.Studies.EditResult>(e => e.ReleaseReplicatesAsync(wave.Wave, 2, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        Assert.Equal("c2", (await wave.MustTakeAsync()).Key);
    }

    [Fact]
    public async Task A_respondent_of_two_studies_is_not_called_by_two_people_at_once()
    {
        var sample = app.Sample(1);
        var (one, two) = (await app.AddWaveAsync(sample: sample), await app.AddWaveAsync(sample: sample));
        await one.MustTakeAsync();
        Assert.Null((await two.TakeAsync()).Case);
    }

    [Fact]
    public async Task A_number_on_a_suppression_list_is_never_given()
    {
        var sample = app.Sample(2);
        var number = PhoneNumber.Parse(sample.Split('\n')[1].Split(',')[1])!.Value;
        var wave = await app.AddWaveAsync(sample: sample);
        await app.InFieldworkAsync(async db =>
        {
            db.Suppressions.Add(new Suppression { Number = number, Source = "Bloctel", At = app.Clock.GetUtcNow() });
            return await db.SaveChangesAsync();
        });
        var held = await wave.MustTakeAsync();
        Assert.Equal("c1", held.Key);
        await wave.CloseAsync(held, "refused");
        Assert.Null((await wave.TakeAsync()).Case);
        Assert.Equal(CaseState.Suppressed, await app.InFieldworkAsync(db => db.Cases.Where(c => c.WaveId == wave.Wave && c.Id != held.Case).Select(c => c.State).SingleAsync()));
    }

    [Fact]
    public async Task The_counts_of_the_board_are_those_of_the_rows()
    {
        var wave = await app.AddWaveAsync(interviewers: 3, sample: app.Sample(30));
        foreach (var outcome in new[] { "refused", "no-answer", "busy", "complete", "disconnected" })
            await wave.CloseAsync(await wave.MustTakeAsync(1), outcome, 1);
        await wave.MustTakeAsync(2);
        await app.CareAsync();
        Assert.True(await app.InFieldworkAsync(db => db.CaseCounts.CountAsync(c => c.WaveId == wave.Wave)) <= 7);
        await wave.MustTakeAsync(0);
        var rows = await app.InFieldworkAsync(db => db.Cases.AsNoTracking().Where(c => c.WaveId == wave.Wave).GroupBy(c => new { c.State, c.Outcome })
            .Select(g => new { State = (short)g.Key.State, g.Key.Outcome, Count = (long)g.Count() }).ToListAsync());
        var counts = await app.InFieldworkAsync(db => db.CaseCounts.AsNoTracking().Where(c => c.WaveId == wave.Wave).GroupBy(c => new { c.State, c.Outcome })
            .Select(g => new { g.Key.State, g.Key.Outcome, Count = g.Sum(c => c.Number) }).Where(c => c.Count != 0).ToListAsync());
        Assert.Equal(rows.OrderBy(r => r.State).ThenBy(r => r.Outcome), counts.OrderBy(r => r.State).ThenBy(r => r.Outcome));
    }
}
