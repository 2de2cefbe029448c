using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Telephony.Contracts;
using Relais.Telephony.Recordings;

namespace Relais.Tests.Telephony.Recordings;

/// <summary>A supervisor in a real Chromium, who looks for a call, listens to it, and finds a question.</summary>
[InChromium]
public sealed class CallsInBrowser(RecordedCallsApp app) : IClassFixture<RecordedCallsApp>
{
    private const string Audio = "document.querySelector('[data-part=audio]')";

    [Fact]
    public async Task A_call_is_found_played_and_gone_through_by_its_marks_with_the_mouse_and_with_the_keyboard()
    {
        await using var callee = ToneCallee.Start();
        await using var sipOperator = await SipOperator.StartAsync(callee.Port);
        await app.SetPolicyAsync(RecordingMode.Wished);
        var (id, interviewer) = await app.CallAsync(sipOperator.Port);
        await app.RecordedAsync(id, 1500);
        using (var paused = await interviewer.PostJsonAsync($"/api/telephony/calls/{id}/recording/pause", null))
            Assert.True(paused.IsSuccessStatusCode);
        await app.RecordedAsync(id, 3000);
        using (var resumed = await interviewer.PostJsonAsync($"/api/telephony/calls/{id}/recording/resume", null))
            Assert.True(resumed.IsSuccessStatusCode);
        await app.RecordedAsync(id, 8000);
        using (var marked = await interviewer.PostJsonAsync($"/api/telephony/calls/{id}/marks", new { marks = new[] { new { ms = 1000, label = "Q1 Radio hier" }, new { ms = 5000, label = "Q2 Stations" } } }))
            Assert.True(marked.IsSuccessStatusCode, await marked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var recording = await app.EndAsync(id, interviewer);
        var late = (int)(recording.StartedAt - (await app.CallAsync(id, _ => true)).AnsweredAt!.Value).TotalMilliseconds;

        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Supervisor), "/calls?recorded=true");
        await CheckAsync(page, "calls");
        await page.ClickAsync($"a[href='/calls/{id}']");
        await page.WaitForSelectorAsync("#call-player");
        await CheckAsync(page, "call");

        // A mark is gone to and played from, as the browser's own decoder says.
        await page.ClickAsync("text=Q2 Stations");
        await page.WaitForFunctionAsync($"() => !{Audio}.paused && {Audio}.readyState >= 2 && {Audio}.currentTime > {(5000 - late - 100) / 1000.0:0.###}");
        Assert.InRange(await page.EvaluateAsync<double>($"{Audio}.duration"), (recording.DurationMs / 1000.0) - 0.01, (recording.DurationMs / 1000.0) + 0.01);
        Assert.Equal("true", await page.GetAttributeAsync("[data-ms] >> nth=1", "aria-current"));
        await page.FocusAsync("[data-part=wave]");
        await page.Keyboard.PressAsync("Space");
        await page.WaitForFunctionAsync($"() => {Audio}.paused");
        await page.Keyboard.PressAsync("Home");
        await page.WaitForFunctionAsync($"() => {Audio}.currentTime === 0");
        await page.Keyboard.PressAsync("n");
        await page.WaitForFunctionAsync($"() => Math.abs({Audio}.currentTime - {(1000 - late) / 1000.0:0.###}) < 0.05");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForFunctionAsync($"() => Math.abs({Audio}.currentTime - {(6000 - late) / 1000.0:0.###}) < 0.05");
        Assert.Equal("0:05", (await page.GetAttributeAsync("[data-part=wave]", "aria-valuetext"))?[..4]);
        // The middle of the wave is the middle of the call.
        var box = (await (await page.QuerySelectorAsync("[data-part=wave]"))!.BoundingBoxAsync())!;
        await page.Mouse.ClickAsync(box.X + (box.Width / 2), box.Y + 20);
        await page.WaitForFunctionAsync($"() => Math.abs({Audio}.currentTime - {recording.DurationMs / 2000.0:0.###}) < 0.1");

        await page.GotoAsync("/calls/quality");
        await CheckAsync(page, "calls quality");
        // The recording's marks are there for others of the institute too, through the contract.
        await app.DoAsync<ICallMarks, int>(async marks =>
        {
            await marks.AddAsync(id, [new CallMark(7000, "Q3"), new CallMark(7000, "Q3"), new CallMark(-1, "x"), new CallMark(5, "")], CancellationToken.None);
            return 0;
        });
        Assert.Equal(3, await app.InTelephonyAsync(db => db.Marks.CountAsync(m => m.CallId == id, TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task What_is_recorded_is_decided_on_a_page_with_a_file_to_announce_it()
    {
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, app.Administrator, "/calls/recording");
        await CheckAsync(page, "recording policies");
        await page.ClickAsync("text=Ajouter une règle");
        await page.FillAsync("[name=Study]", "barometre-2026");
        await page.SelectOptionAsync("[name=Mode]", "Mandatory");
        await page.FillAsync("[name=Share]", "25");
        await page.FillAsync("[name=KeepDays]", "zéro");
        await page.ClickAsync("main form[method=post] button.primary >> nth=0");
        await page.WaitForSelectorAsync("text=Un nombre entier, dans les limites permises.");
        await CheckAsync(page, "recording policy with a fault");
        await page.FillAsync("[name=KeepDays]", "45");
        await page.CheckAsync("[name=Announcement][value=file]");
        await page.SetInputFilesAsync("[name=File]", new FilePayload { Name = "annonce.wav", MimeType = "audio/wav", Buffer = Wave() });
        await page.ClickAsync("main form[method=post] button.primary >> nth=0");
        await page.WaitForSelectorAsync("text=La règle est enregistrée.");
        var policy = await app.InTelephonyAsync(db => db.RecordingPolicies.AsNoTracking().SingleAsync(p => p.Key == "barometre-2026", TestContext.Current.CancellationToken));
        Assert.Equal((RecordingMode.Mandatory, 25, 45, 8000), (policy.Mode, policy.Share, policy.KeepDays, policy.Announcement?.Length));

        await page.ClickAsync("a:text('barometre-2026')");
        await page.WaitForSelectorAsync("button.danger");
        await CheckAsync(page, "recording policy");
        await page.ClickAsync("button.danger");
        await page.WaitForSelectorAsync("text=La règle est supprimée.");
    }

    private static byte[] Wave()
    {
        var samples = Signals.Tone(500, 6000, 8000);
        var file = new byte[44 + (2 * samples.Length)];
        Relais.Telephony.Protocols.Audio.WaveFile.WriteHeader(file, 1, 8000, (uint)(2 * samples.Length));
        Buffer.BlockCopy(samples, 0, file, 44, 2 * samples.Length);
        return file;
    }

    private static async Task CheckAsync(IPage page, string name)
    {
        foreach (var width in (int[])[1280, 360])
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.IsInOrderAsync($"{name} fr", width);
        }

        await page.SetViewportSizeAsync(1280, 900);
        // A form that was just refused would be lost on the way.
        if (page.Url.EndsWith("/new", StringComparison.Ordinal))
            return;
        // In English, in the dark, on a large screen.
        await SpeakAsync(page, "en");
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
        await page.SetViewportSizeAsync(1920, 1080);
        await page.IsInOrderAsync($"{name} en dark", 1920);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await page.SetViewportSizeAsync(1280, 900);
        await SpeakAsync(page, "fr");
    }

    private static async Task SpeakAsync(IPage page, string language)
    {
        await page.ClickAsync($"header button[name=culture][value={language}]");
        await page.WaitForSelectorAsync($"html[lang={language}]");
    }
}
