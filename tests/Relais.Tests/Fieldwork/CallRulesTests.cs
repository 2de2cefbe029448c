using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Rules;
using Relais.Fieldwork.Samples;

namespace Relais.Tests.Fieldwork;

/// <summary>Whole days of calls with a clock moved by hand; the history is read afterwards.</summary>
public sealed class CallRulesTests(FieldworkApp app) : IClassFixture<FieldworkApp>
{
    private static readonly CallRules France = new() { MostTries = 8, MostCallsIn30Days = 6, NuisanceHours = 72 };

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    public async Task The_history_of_calls_shows_no_broken_rule(int seed)
    {
        var wave = await app.AddWaveAsync(interviewers: 6, rules: France, sample: app.Sample(25, i => i % 5 == 0 ? ",Indian/Reunion" : i % 5 == 1 ? ",America/Cayenne" : ",Europe/Paris", ",zone"));
        var random = new Random(seed);
        string[] outcomes = ["no-answer", "no-answer", "busy", "machine", "not-available", "refused-for-now", "silent-call", "broke-off", "disconnected", "complete", "appointment"];
        for (var step = 0; step < 160; step++)
        {
            app.Clock.Advance(TimeSpan.FromMinutes(30 + random.Next(120)));
            await app.InFieldworkAsync(async db => await MissAppointments.HandleAsync(db, await db.Waves.Where(w => w.Id == wave.Wave).ToListAsync(), app.Clock, CancellationToken.None));
            var held = new List<(int Person, TakeCase.Held Held)>();
            for (var person = 0; person < 6; person++)
            {
                if (await wave.TakeAsync(person) is { Case: { } taken })
                    held.Add((person, taken));
            }

            foreach (var (person, taken) in held)
            {
                var outcome = outcomes[random.Next(outcomes.Length)];
                var local = new CallCalendar(France, CallCalendar.Zone(taken.Zone)!).LocalAt(app.Clock.GetUtcNow()).Date.AddDays(1 + random.Next(3)).AddHours(9 + random.Next(11));
                if (random.Next(10) == 0)
                    continue; // Their connection dies.
                var closed = await wave.CloseAsync(taken, outcome, person, outcome == "appointment" ? new CloseCase.Wish(local, random.Next(2) == 0, random.Next(2) == 0) : null);
                Assert.Equal("closed", closed.State);
            }

            app.Clock.Advance(TimeSpan.FromMinutes(2));
            await wave.ReleaseLostAsync();
        }

        var history = await HistoryAsync(wave);
        Assert.True(history.Count > 60, $"{history.Count} calls");
        Assert.Empty(Broken(history));
    }

    [Fact]
    public async Task A_number_with_a_silent_call_is_left_alone_for_72_hours_in_every_study()
    {
        var sample = app.Sample(1);
        var rules = FieldworkApp.Anytime with { NuisanceHours = 72 };
        var (one, two) = (await app.AddWaveAsync(rules: rules, sample: sample), await app.AddWaveAsync(rules: rules, sample: sample));
        await one.CloseAsync(await one.MustTakeAsync(), "silent-call");
        Assert.Null((await two.TakeAsync()).Case);
        app.Clock.Advance(TimeSpan.FromHours(71));
        Assert.Null((await two.TakeAsync()).Case);
        Assert.Null((await one.TakeAsync()).Case);
        app.Clock.Advance(TimeSpan.FromHours(2));
        Assert.NotNull((await two.TakeAsync()).Case);
    }

    [Fact]
    public async Task Waits_after_an_outcome_are_those_of_the_rules_and_tries_end()
    {
        var wave = await app.AddWaveAsync(rules: FieldworkApp.Anytime with { MostTries = 2, AfterBusyMinutes = 20 }, sample: app.Sample(1));
        await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
        app.Clock.Advance(TimeSpan.FromMinutes(19));
        Assert.Null((await wave.TakeAsync()).Case);
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var closed = await wave.CloseAsync(await wave.MustTakeAsync(), "busy");
        Assert.Null(closed.NextCall);
        app.Clock.Advance(TimeSpan.FromDays(2));
        Assert.Null((await wave.TakeAsync()).Case);
        Assert.Equal(CaseState.Exhausted, await app.InFieldworkAsync(db => db.Cases.Where(c => c.WaveId == wave.Wave).Select(c => c.State).SingleAsync()));
    }

    [Fact]
    public async Task A_dead_number_leads_to_the_next_one_and_the_last_one_ends_the_case()
    {
        var sample = app.Sample(1, _ => ",0677889900", ",phone2");
        var wave = await app.AddWaveAsync(sample: sample);
        var first = await wave.MustTakeAsync();
        Assert.Equal(2, first.Numbers.Count);
        await wave.CloseAsync(first, "disconnected");
        var second = await wave.MustTakeAsync();
        Assert.Equal("+33677889900", Assert.Single(second.Numbers).Number);
        await wave.CloseAsync(second, "disconnected");
        Assert.Null((await wave.TakeAsync()).Case);
        var row = await app.InFieldworkAsync(db => db.Cases.AsNoTracking().SingleAsync(c => c.WaveId == wave.Wave));
        Assert.Equal((CaseState.Done, "disconnected"), (row.State, Outcome.Of(row.Outcome)!.Code));
    }

    [Fact]
    public async Task An_appointment_is_kept_in_the_respondents_zone_by_its_interviewer_then_by_anyone_and_before_all_others()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, rules: FieldworkApp.Anytime with { AppointmentGraceMinutes = 5 }, sample: app.Sample(30, _ => ",Indian/Reunion", ",zone"));
        var held = await wave.MustTakeAsync();
        var reunion = new CallCalendar(FieldworkApp.Anytime, CallCalendar.Zone("Indian/Reunion")!);
        var local = reunion.LocalAt(app.Clock.GetUtcNow()).AddHours(3);
        var closed = await wave.CloseAsync(held, "appointment", 0, new CloseCase.Wish(local, Hard: true, ForMe: true));
        Assert.Equal(local, reunion.LocalAt(closed.NextCall!.Value), TimeSpan.FromSeconds(1));
        Assert.NotEqual(held.Case, (await wave.MustTakeAsync()).Case);
        await wave.CloseAsync(await wave.MustTakeAsync(), "refused");
        app.Clock.Advance(closed.NextCall.Value - app.Clock.GetUtcNow() + TimeSpan.FromMinutes(1));
        var other = await wave.MustTakeAsync(1);
        Assert.NotEqual(held.Case, other.Case);
        await wave.CloseAsync(other, "refused", 1);
        app.Clock.Advance(TimeSpan.FromMinutes(5));
        var kept = await wave.MustTakeAsync(1);
        Assert.Equal((held.Case, true), (kept.Case, kept.ByAppointment));
    }

    [Fact]
    public async Task A_missed_appointment_is_marked_and_its_case_goes_before_the_others()
    {
        var wave = await app.AddWaveAsync(rules: FieldworkApp.Anytime with { AppointmentMissedMinutes = 60 }, sample: app.Sample(20));
        var held = await wave.MustTakeAsync();
        var closed = await wave.CloseAsync(held, "appointment", 0, new CloseCase.Wish(new CallCalendar(FieldworkApp.Anytime, CallCalendar.Zone("Europe/Paris")!).LocalAt(app.Clock.GetUtcNow()).AddMinutes(30), false, false));
        Assert.NotNull(closed.NextCall);
        app.Clock.Advance(TimeSpan.FromMinutes(95));
        await app.InFieldworkAsync(async db => await MissAppointments.HandleAsync(db, await db.Waves.Where(w => w.Id == wave.Wave).ToListAsync(), app.Clock, CancellationToken.None));
        Assert.Equal(AppointmentState.Missed, await app.InFieldworkAsync(db => db.Appointments.Where(a => a.CaseId == held.Case).Select(a => a.State).SingleAsync()));
        Assert.Equal(held.Case, (await wave.MustTakeAsync()).Case);
    }

    [Fact]
    public async Task An_appointment_whose_hour_is_long_past_is_not_called_at_night()
    {
        var rules = FieldworkApp.Anytime with { Hours = [new CallHours(Enum.GetValues<DayOfWeek>(), new TimeOnly(10, 0), new TimeOnly(20, 0))], AppointmentMissedMinutes = 60 };
        var wave = await app.AddWaveAsync(rules: rules, sample: app.Sample(1));
        var paris = new CallCalendar(rules, CallCalendar.Zone("Europe/Paris")!);
        var noon = paris.Instant(paris.LocalAt(app.Clock.GetUtcNow()).Date.AddDays(1).AddHours(12));
        app.Clock.Advance(noon - app.Clock.GetUtcNow());
        await wave.CloseAsync(await wave.MustTakeAsync(), "appointment", 0, new CloseCase.Wish(paris.LocalAt(noon).Date.AddHours(18), true, false));
        // The server was away, and nobody marked it as missed.
        app.Clock.Advance(TimeSpan.FromHours(11));
        Assert.Equal("closed-hours", (await wave.TakeAsync()).Why);
    }

    [Fact]
    public async Task The_limit_of_thirty_days_counts_the_calls_of_waves_that_have_none()
    {
        var sample = app.Sample(1);
        var free = await app.AddWaveAsync(rules: FieldworkApp.Anytime with { AfterBusyMinutes = 0 }, sample: sample);
        var bound = await app.AddWaveAsync(rules: FieldworkApp.Anytime with { MostCallsIn30Days = 2 }, sample: sample);
        await free.CloseAsync(await free.MustTakeAsync(), "busy");
        app.Clock.Advance(TimeSpan.FromDays(1));
        await free.CloseAsync(await free.MustTakeAsync(), "busy");
        Assert.Null((await bound.TakeAsync()).Case);
        app.Clock.Advance(TimeSpan.FromDays(29));
        Assert.NotNull((await bound.TakeAsync()).Case);
    }

    [Fact]
    public async Task An_appointment_at_night_or_in_the_past_is_refused()
    {
        var wave = await app.AddWaveAsync(rules: FieldworkApp.Anytime with { AppointmentsFrom = new TimeOnly(8, 0), AppointmentsUntil = new TimeOnly(21, 0) }, sample: app.Sample(1));
        var held = await wave.MustTakeAsync();
        var day = new CallCalendar(FieldworkApp.Anytime, CallCalendar.Zone("Europe/Paris")!).LocalAt(app.Clock.GetUtcNow()).Date;
        Assert.Equal("appointment-time", (await wave.CloseAsync(held, "appointment", 0, new CloseCase.Wish(day.AddDays(2).AddHours(23), true, false))).State);
        Assert.Equal("appointment-time", (await wave.CloseAsync(held, "appointment", 0, new CloseCase.Wish(day.AddDays(-2).AddHours(12), true, false))).State);
        Assert.Equal("appointment-time", (await wave.CloseAsync(held, "appointment")).State);
        Assert.Equal("closed", (await wave.CloseAsync(held, "appointment", 0, new CloseCase.Wish(day.AddDays(2).AddHours(12), true, false))).State);
    }

    [Fact]
    public async Task Whoever_asks_never_to_be_called_is_called_by_no_study()
    {
        var sample = app.Sample(1);
        var (one, two) = (await app.AddWaveAsync(sample: sample), await app.AddWaveAsync(sample: sample));
        await one.CloseAsync(await one.MustTakeAsync(), "do-not-call");
        Assert.Null((await two.TakeAsync()).Case);
        Assert.Equal(1, await app.InFieldworkAsync(db => db.Cases.CountAsync(c => c.WaveId == two.Wave && c.State == CaseState.Suppressed)));
    }

    [Fact]
    public async Task A_respondent_who_calls_back_is_found_by_their_number_and_taken_by_whoever_answers()
    {
        var wave = await app.AddWaveAsync(interviewers: 2, sample: app.Sample(1, _ => ",0611223344", ",phone2"));
        await wave.CloseAsync(await wave.MustTakeAsync(), "no-answer");
        var found = Assert.Single(await app.InFieldworkAsync(db => FindByNumber.HandleAsync(PhoneNumber.Parse("06 11 22 33 44")!.Value, db, CancellationToken.None)));
        Assert.Equal(("ready", "c0"), (found.State, found.Key));
        var taken = await app.InFieldworkAsync(db => FindByNumber.TakeAsync(found.Case, Guid.NewGuid(), wave.People[1].Id, db, app.Options, app.Clock, CancellationToken.None));
        Assert.Equal(found.Case, taken.Case!.Case);
        Assert.Equal("not-free", (await app.InFieldworkAsync(db => FindByNumber.TakeAsync(found.Case, Guid.NewGuid(), wave.People[0].Id, db, app.Options, app.Clock, CancellationToken.None))).Why);
        Assert.Equal("closed", (await wave.CloseAsync(taken.Case, "complete", 1)).State);
    }

    private sealed record Call(long Case, Guid Person, DateTimeOffset From, DateTimeOffset Until, short Slot, Outcome Outcome, bool ByAppointment, string Zone, long? Number, long Fence);

    private Task<List<Call>> HistoryAsync(TestWave wave) => app.InFieldworkAsync(async db =>
    {
        var rows = await (from a in db.Attempts.AsNoTracking()
                          where a.WaveId == wave.Wave
                          join c in db.Cases on a.CaseId equals c.Id
                          join p in db.Pools on c.PoolId equals p.Id
                          from n in db.Numbers.Where(n => n.CaseId == a.CaseId && n.Position == a.Number).DefaultIfEmpty()
                          orderby a.CaseId, a.From
                          select new { a, p.Zone, Number = n == null ? (long?)null : n.Number }).ToListAsync();
        return rows.ConvertAll(r => new Call(r.a.CaseId, r.a.PersonId, r.a.From, r.a.Until, r.a.Slot, Outcome.Of(r.a.Outcome)!, r.a.ByAppointment, r.Zone, r.Number, r.a.Fence));
    });

    /// <summary>Every rule that this history breaks, in words.</summary>
    private static IEnumerable<string> Broken(List<Call> history)
    {
        foreach (var call in history.Where(c => !c.ByAppointment))
        {
            var calendar = new CallCalendar(France, CallCalendar.Zone(call.Zone)!);
            if (!calendar.IsOpen(call.From))
                yield return $"case {call.Case} called at {calendar.LocalAt(call.From):g} in {call.Zone}";
            if (calendar.SlotAt(call.From) != call.Slot)
                yield return $"case {call.Case} has another slot than that of its time";
        }

        foreach (var calls in history.GroupBy(c => c.Case).Select(g => g.ToList()))
        {
            // Who made an appointment that was missed is called once more.
            if (calls.Count(c => c.Outcome.Called && !c.ByAppointment) > France.MostTries + calls.Count(c => c.Outcome.After == AfterCall.Appointment))
                yield return $"case {calls[0].Case} called {calls.Count} times";
            foreach (var slot in calls.Where(c => c.Slot >= 0 && !c.ByAppointment).GroupBy(c => c.Slot).Where(s => s.Count() > France.Slots[s.Key].MostTries))
                yield return $"case {calls[0].Case} called {slot.Count()} times in slot {slot.Key}";
            foreach (var (before, after) in calls.Zip(calls.Skip(1)).Where(p => !p.Second.ByAppointment))
            {
                if (after.From < before.Until)
                    yield return $"case {after.Case} was with two people at once";
                var least = before.Outcome.Delay switch
                {
                    CallDelay.Busy => 20,
                    CallDelay.NoAnswer => 120,
                    CallDelay.Machine => 240,
                    CallDelay.Contact => 180,
                    CallDelay.Refusal => 7 * 24 * 60,
                    _ => 0,
                };
                if (before.Outcome.After == AfterCall.Again && after.From < before.Until.AddMinutes(least))
                    yield return $"case {after.Case} called {after.From - before.Until} after {before.Outcome.Code}";
                if (before.Outcome.After == AfterCall.End)
                    yield return $"case {after.Case} called after {before.Outcome.Code}";
            }
        }

        foreach (var calls in history.Where(c => c.Number is not null).GroupBy(c => c.Number).Select(g => g.OrderBy(c => c.From).ToList()))
        {
            foreach (var (before, after) in calls.Zip(calls.Skip(1)).Where(p => p.First.Outcome.Nuisance && !p.Second.ByAppointment && p.Second.From < p.First.Until.AddHours(72)))
                yield return $"number of case {after.Case} called within 72 hours of a silent call";
            for (var i = France.MostCallsIn30Days; i < calls.Count; i++)
            {
                if (!calls[i].ByAppointment && calls[i].From - calls[i - France.MostCallsIn30Days].From < TimeSpan.FromDays(30))
                    yield return $"number of case {calls[i].Case} called too often in 30 days";
            }
        }

        foreach (var (before, after) in history.GroupBy(c => c.Person).Select(g => g.OrderBy(c => c.From).ToList()).SelectMany(c => c.Zip(c.Skip(1))).Where(p => p.Second.From < p.First.Until))
            yield return $"one person had cases {before.Case} and {after.Case} at once";
    }
}
