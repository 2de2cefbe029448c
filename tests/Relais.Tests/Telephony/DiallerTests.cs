using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Dialling;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Studies;
using Relais.Telephony.Calls;
using Relais.Telephony.Protocols.Audio;
using Relais.Tests.Fieldwork;

namespace Relais.Tests.Telephony;

/// <summary>Waves that Relais calls by itself, with real voices: through Janus to a browser, and over SIP to made-up respondents.</summary>
[InChromium]
public sealed class DiallerTests(DiallerApp app) : IClassFixture<DiallerApp>
{
    [Fact]
    public async Task A_respondent_who_answers_is_brought_with_their_case_to_the_interviewer_who_waits_and_a_busy_one_to_nobody()
    {
        var wave = await app.AddDialledAsync(DialMode.Progressive, "86", "00");
        await using var chromium = await DiallerApp.StartBrowserAsync();
        var page = await app.OpenConsoleAsync(chromium, wave.People[0]);
        await DiallerApp.ReadyAsync(page);
        await page.WaitForSelectorAsync("[data-line='answered'] ~ .actions button[data-first]", new() { Timeout = 20_000 });
        await page.IsInOrderAsync("dialler-console-answered", 1280);
        var held = await app.InFieldworkAsync(db => db.Holds.AsNoTracking().SingleAsync(h => h.PersonId == wave.People[0].Id));
        var call = await app.CallAsync(held.CallId!.Value, _ => true);
        Assert.Equal((CallState.Answered, wave.People[0].Id, "+33424000001", $"case:{held.CaseId}"), (call.State, call.PersonId, call.Caller, call.Subject));
        Assert.Equal((0, 0), await app.InFieldworkAsync(async db => (await db.DialledCalls.CountAsync(d => d.WaveId == wave.Wave), await db.DialSeats.CountAsync(s => s.WaveId == wave.Wave))));
        await page.KeysAsync("Enter");
        await page.AskedAsync("Vous êtes…");
        await page.KeysAsync("1", "Enter");
        await page.AskedAsync("Quel âge avez-vous ?");
        await page.KeysAsync("F4", "F4");
        await page.WaitForSelectorAsync(".line-bar[data-line='ended']");
        await page.KeysAsync("F2", "R", "1");
        await page.WaitForSelectorAsync("h1:has-text('Interrompu')");

        var attempts = await app.AttemptsAsync(wave, all => all.Count == 2);
        Assert.Equal([(14, Attempt.Nobody), (6, wave.People[0].Id)], attempts.Select(a => ((int)a.Outcome, a.PersonId)));
        Assert.All(attempts, a => Assert.NotNull(a.CallId));
        Assert.Equal((1, 0), await app.InFieldworkAsync(async db => (await db.DialMinutes.Where(m => m.WaveId == wave.Wave).SumAsync(m => m.Answered), await db.DialMinutes.Where(m => m.WaveId == wave.Wave).SumAsync(m => m.Abandoned))));

        // Nothing is left to call, which the console says.
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".console-notice:has-text('Aucun numéro à appeler')");
    }

    [Fact]
    public async Task More_who_answer_than_interviewers_are_free_hear_why_are_counted_and_left_alone_for_three_days()
    {
        var wave = await app.AddDialledAsync(DialMode.Predictive, "00", "00", "00");
        // Of so many, a good number may find nobody: so calls are placed ahead.
        await app.CountAsync(wave, 5000, 0);
        await using var chromium = await DiallerApp.StartBrowserAsync();
        var page = await app.OpenConsoleAsync(chromium, wave.People[0], 360, "en");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("[data-waits='unplugged'] button[data-first]:focus");
        await page.IsInOrderAsync("dialler-console-unplugged-en", 360);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("[data-line='answered']", new() { Timeout = 20_000 });
        var left = (await app.AttemptsAsync(wave, all => all.Exists(a => a.Outcome == Outcome.AbandonedId))).Find(a => a.Outcome == Outcome.AbandonedId)!;
        var said = Said(left.CallId!.Value);
        Assert.Equal(CallEnd.HungUpHere, (await app.CallAsync(left.CallId!.Value, c => c.State is CallState.Ended)).End);
        Assert.True(said() > 30, $"{said()} frames of 20 ms were as loud as speech");
        var abandoned = (await app.StateAsync(wave, s => s is { Ringing: 0, Waiting: 0 })).Counted.Abandoned;
        Assert.InRange(abandoned, 1, 2);
        Assert.Equal((5001 + abandoned, abandoned), await app.InFieldworkAsync(async db => (await db.DialMinutes.Where(m => m.WaveId == wave.Wave).SumAsync(m => m.Answered), await db.DialMinutes.Where(m => m.WaveId == wave.Wave).SumAsync(m => m.Abandoned))));

        // Not by hand either, and not in another study.
        var number = await app.InFieldworkAsync(db => db.Numbers.AsNoTracking().Where(n => n.CaseId == left.CaseId).Select(n => n.Number).SingleAsync());
        var other = await app.AddWaveAsync(sample: $"id,phone\nc,+{number}\n");
        Assert.True(await app.InFieldworkAsync(db => db.Cases.Where(c => c.Id == left.CaseId).Select(c => c.DueAt).SingleAsync()) >= left.Until.AddHours(72));
        app.Clock.Advance(TimeSpan.FromHours(71));
        Assert.Null((await other.TakeAsync()).Case);
        app.Clock.Advance(TimeSpan.FromHours(2));
        Assert.NotNull((await other.TakeAsync()).Case);
    }

    [Fact]
    public async Task Where_one_more_could_break_the_limit_one_is_called_for_each_who_is_ready_and_a_restart_forgets_neither_limit_nor_cases()
    {
        var wave = await app.AddDialledAsync(DialMode.Predictive, WaveDialler.LongestRingSeconds, "08", "08", "08", "08");
        await app.CountAsync(wave, 1000, 30);
        await using var chromium = await DiallerApp.StartBrowserAsync();
        var page = await app.OpenConsoleAsync(chromium, wave.People[0]);
        await DiallerApp.ReadyAsync(page);
        await page.WaitForSelectorAsync("[data-waits='ready']");
        await page.IsInOrderAsync("dialler-console-ready", 1280);
        var state = await app.StateAsync(wave, s => s.Ringing == 1);
        Assert.Equal((1, "limit", 0), (state.Ready, state.Holding, state.Counted.Allowance));
        await ShowAsync(chromium, wave);

        // Who goes now would leave a callee alone: they go when that call is decided.
        await page.KeysAsync("Escape");
        await page.WaitForSelectorAsync("[data-waits='leaving']");
        await app.StateAsync(wave, s => s is { Ready: 1, Ringing: 1 });
        var call = await TelephonyApp.UntilAsync(() => app.InFieldworkAsync(db => db.DialledCalls.Where(d => d.WaveId == wave.Wave).Select(d => d.CallId).SingleAsync()), id => id is not null);
        await app.CallAsync(call!.Value, c => c.RingingAt is not null);
        app.Clock.Advance(TimeSpan.FromSeconds(WaveDialler.LongestRingSeconds));
        await page.WaitForSelectorAsync("h1:has-text('Bonjour')", new() { Timeout = 20_000 });
        Assert.True(await app.CallAsync(call!.Value, c => c.State is CallState.Ended) is { End: CallEnd.Cancelled } ended && ended.EndedAt - ended.RingingAt >= TimeSpan.FromSeconds(WaveDialler.LeastRingSeconds));
        var made = await app.AttemptsAsync(wave, all => all.Exists(a => a.CallId == call));
        Assert.All(made, a => Assert.Equal((15, Attempt.Nobody), ((int)a.Outcome, a.PersonId)));

        await page.KeysAsync("Enter");
        await app.StateAsync(wave, s => s.Ringing == 1);
        // Without a word to anybody, as when it is killed; nor does the interviewer come back.
        await page.Context.CloseAsync();
        await app.RestartAsync();
        state = await app.StateAsync(wave, s => s is { Ready: 0, Ringing: 0 });
        Assert.Equal((1000, 30), (state.Counted.Answered, state.Counted.Abandoned));
        await TelephonyApp.UntilAsync(() => app.InTelephonyAsync(db => db.Calls.CountAsync(c => c.State != CallState.Ended)), live => live == 0);
        Assert.Equal(0, await app.InFieldworkAsync(db => db.Holds.CountAsync(h => h.WaveId == wave.Wave)));
        await app.AttemptsAsync(wave, all => all.Count == made.Count + 1);
    }

    [Fact]
    public async Task An_appointment_with_an_interviewer_is_theirs_alone_and_they_see_it_before_it_is_called()
    {
        var wave = await app.AddDialledAsync(DialMode.Progressive, "00", "00");
        var other = await app.AddPersonAsync(Relais.Access.Contracts.Roles.Interviewer);
        await app.DoAsync<Relais.Fieldwork.Teams.EditTeams, EditResult>(e => e.SetInterviewerAsync(new(other.Id), wave.Team, ["fr"], [], true, FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        var held = await wave.MustTakeAsync();
        var at = TimeZoneInfo.ConvertTime(app.Clock.GetUtcNow().AddHours(1), TimeZoneInfo.FindSystemTimeZoneById("Europe/Paris")).DateTime;
        Assert.Equal("closed", (await wave.CloseAsync(held, "appointment", appointment: new CloseCase.Wish(at, Hard: true, ForMe: true))).State);
        app.Clock.Advance(TimeSpan.FromMinutes(62 + FieldworkApp.Anytime.AppointmentGraceMinutes));
        var stranger = await app.SignInAsync(other);
        Assert.Equal("wait", await NextAsync(stranger));
        var own = await app.SignInAsync(wave.People[0]);
        using var given = await own.PostJsonAsync("/api/fieldwork/cases/next", new { Command = Guid.NewGuid() });
        var mine = (await given.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("case");
        Assert.Equal((held.Case, true), (mine.GetProperty("case").GetInt64(), mine.GetProperty("byAppointment").GetBoolean()));
        using var waits = await stranger.PostJsonAsync("/api/fieldwork/dialler/wait", null);
        Assert.Equal("unplugged", (await waits.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("voice").GetString());
        Assert.Equal(0, (await app.StateAsync(wave, _ => true)).Ringing);
    }

    [Fact]
    public async Task A_supervisor_chooses_the_way_of_calling_which_shows_a_verified_number_and_holds_it_back()
    {
        var wave = await app.AddCasesAsync("00");
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var setup = await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/setup");
        var refused = await supervisor.SubmitAsync(setup, "dialling", ("Dialling.Mode", "Predictive"));
        Assert.Contains("ARCEP", refused.ErrorOf("Dialling.Caller"), StringComparison.Ordinal);
        refused = await supervisor.SubmitAsync(setup, "dialling", ("Dialling.Mode", "Predictive"), ("Dialling.Caller", "Verified"), ("Dialling.Limit", "7"));
        Assert.Contains("0,1", refused.ErrorOf("Dialling.Limit"), StringComparison.Ordinal);
        refused = await supervisor.SubmitAsync(setup, "dialling", ("Dialling.Mode", "Predictive"), ("Dialling.Caller", "Verified"), ("Dialling.Ring", "10"));
        Assert.Contains("15", refused.ErrorOf("Dialling.Ring"), StringComparison.Ordinal);
        await supervisor.SubmitAsync(setup, "dialling", ("Dialling.Mode", "Predictive"), ("Dialling.Caller", "Verified"), ("Dialling.Limit", "2,5"), ("Dialling.Ring", "30"));
        var state = await app.StateAsync(wave, _ => true);
        Assert.Equal((DialMode.Predictive, 0.025, "nobody"), (state.Mode, state.Limit, state.Holding));

        var page = await supervisor.SubmitAsync(await supervisor.GetAsync($"/fieldwork/waves/{wave.Wave}/dialler"), "dialler", ("Wish", "pause"));
        Assert.Contains(app.Supervisor.UserName, page.Text, StringComparison.OrdinalIgnoreCase);
        using (var resumed = await supervisor.PostJsonAsync($"/api/fieldwork/waves/{wave.Wave}/dialler/resume", null))
            Assert.Equal(HttpStatusCode.NoContent, resumed.StatusCode);
        Assert.Equal(["dialler.paused", "dialler.resumed"], await app.InDatabaseAsync(db =>
            db.Kernel.AuditLines.Where(l => l.Subject == $"fieldwork-wave:{wave.Wave}" && l.Action.StartsWith("dialler.")).OrderBy(l => l.Seq).Select(l => l.Action).ToListAsync()));
        using var interviewer = await app.SignInAsync(wave.People[0]);
        using var forbidden = await interviewer.PostJsonAsync($"/api/fieldwork/waves/{wave.Wave}/dialler/pause", null);
        Assert.Equal(HttpStatusCode.Forbidden, forbidden.StatusCode);
    }

    private static async Task<string?> NextAsync(Browser browser)
    {
        using var response = await browser.PostJsonAsync("/api/fieldwork/cases/next", new { Command = Guid.NewGuid() });
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("why").GetString();
    }

    private async Task ShowAsync(Chromium chromium, TestWave wave)
    {
        foreach (var (language, width) in ((string, int)[])[("fr", 1280), ("en", 360)])
        {
            await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == app.Supervisor.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
            var page = await app.OpenPageAsync(chromium, app.Supervisor, "/");
            await page.SetViewportSizeAsync(width, 900);
            await page.GotoAsync($"/fieldwork/waves/{wave.Wave}/dialler");
            await page.WaitForSelectorAsync("[data-part='ringing']:has-text('1')");
            await page.IsInOrderAsync($"dialler-{language}", width);
            await page.GotoAsync($"/fieldwork/waves/{wave.Wave}/setup#dialling");
            await page.IsInOrderAsync($"dialler-setup-{language}", width);
        }

        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == app.Supervisor.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, "fr")));
    }

    // How many frames that go out are as loud as speech.
    private Func<int> Said(Guid call)
    {
        var loud = 0;
        app.Lines.VoiceOf(call)?.Ear.Listen((_, spoken) =>
        {
            Span<short> samples = stackalloc short[spoken.Length];
            G711.DecodeALaw(spoken, samples);
            var energy = 0.0;
            foreach (var sample in samples)
                energy += (double)sample * sample;
            if (energy / samples.Length > 400 * 400)
                Interlocked.Increment(ref loud);
        });
        return () => Volatile.Read(ref loud);
    }
}
