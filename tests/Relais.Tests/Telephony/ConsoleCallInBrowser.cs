using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Telephony.Calls;
using Relais.Tests.Fieldwork;

namespace Relais.Tests.Telephony;

/// <summary>The console in a real browser with a headset, through a real Janus, to made-up respondents who speak.</summary>
[InChromium]
public sealed partial class ConsoleCallInBrowser(VoiceApp app) : IClassFixture<VoiceApp>
{
    // Whether the respondent's voice was heard in the browser since this was first asked: speech has pauses.
    private const string Hears = """
        () => {
          const sound = document.querySelector('audio');
          if (!sound?.srcObject) return false;
          if (window.heard === undefined) {
            const context = new AudioContext();
            const ear = context.createAnalyser();
            context.createMediaStreamSource(sound.srcObject).connect(ear);
            const samples = new Float32Array(ear.fftSize);
            window.heard = 0;
            setInterval(() => {
              ear.getFloatTimeDomainData(samples);
              window.heard = Math.max(window.heard, Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length));
            }, 20);
          }
          return window.heard > 0.02;
        }
        """;

    [Fact]
    public async Task An_interviewer_plugs_in_calls_hears_asks_hangs_up_and_records_by_the_keyboard_alone()
    {
        var wave = await app.AddCasesAsync("00", "86");
        await using var chromium = await StartAsync();
        var page = await OpenAsync(chromium, wave.People[0], 1280, "fr");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("button[data-first]:has-text('Brancher le casque')");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".voice-bar[data-where='here']");
        await page.WaitForSelectorAsync("button[data-first]:has-text('Appeler')");
        Assert.False(await page.EvaluateAsync<bool>(Hears));
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("[data-line='answered']");
        await page.WaitForFunctionAsync(Hears, null, new() { PollingInterval = 50, Timeout = 20_000 });
        await page.IsInOrderAsync("console-line-answered", 1280);
        await page.KeysAsync("Enter");
        await page.AskedAsync("Vous êtes…");
        await page.WaitForSelectorAsync(".line-bar[data-line='answered']");
        await page.IsInOrderAsync("console-line-asking", 1280);
        await page.KeysAsync("1", "Enter");
        await page.AskedAsync("Quel âge avez-vous ?");
        // One press asks for another: nobody hangs up on a respondent by accident.
        await page.KeysAsync("F4");
        await page.WaitForSelectorAsync(".line-bar:has-text('encore une fois')");
        await page.KeysAsync("F4");
        await page.WaitForSelectorAsync(".line-bar[data-line='ended']");
        await page.KeysAsync("F2", "R", "1");
        await page.WaitForSelectorAsync("h1:has-text('Interrompu')");

        // The next one is busy: what that means is there already, and one key records it.
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("[data-line='none'] ~ .actions button[data-first]:has-text('Appeler')");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("button[data-first]:has-text('Enregistrer : Occupé')");
        await page.IsInOrderAsync("console-line-busy", 1280);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("h1:has-text('Occupé')");
        var attempts = await app.InFieldworkAsync(db => db.Attempts.Where(a => a.WaveId == wave.Wave).OrderBy(a => a.Id).Select(a => new { a.Outcome, a.CallId }).ToListAsync(TestContext.Current.CancellationToken));
        Assert.Equal([6, 14], attempts.Select(a => (int)a.Outcome));
        Assert.All(attempts, a => Assert.NotNull(a.CallId));
    }

    [Fact]
    public async Task A_reload_in_mid_call_finds_the_call_again()
    {
        var wave = await app.AddCasesAsync("00");
        await using var chromium = await StartAsync();
        var page = await OpenAsync(chromium, wave.People[0], 360, "en");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("button[data-first]:has-text('Connect the headset')");
        await page.IsInOrderAsync("console-line-unplugged-en", 360);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".voice-bar[data-where='here']");
        await page.IsInOrderAsync("console-line-ready-en", 360);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("[data-line='answered']");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".question");
        await page.IsInOrderAsync("console-line-asking-en", 360);
        await page.ReloadAsync();
        await page.WaitForSelectorAsync(".line-bar[data-line='answered']");
        await page.WaitForSelectorAsync(".voice-bar[data-where='here']");
        var call = await app.InTelephonyAsync(db => db.Calls.AsNoTracking().OrderByDescending(c => c.AskedAt).FirstAsync(c => c.PersonId == wave.People[0].Id, TestContext.Current.CancellationToken));
        Assert.Equal(CallState.Answered, call.State);
        await page.KeysAsync("F4", "F4");
        await page.WaitForSelectorAsync(".line-bar[data-line='ended']");
        await app.CallAsync(call.Id, c => c.State is CallState.Ended);
    }

    [Fact]
    public async Task A_headset_that_is_connected_in_another_tab_is_the_consoles_voice()
    {
        var wave = await app.AddCasesAsync("00");
        await using var chromium = await StartAsync();
        var page = await OpenAsync(chromium, wave.People[0], 1280, "fr");
        var phone = await page.Context.NewPageAsync();
        await phone.GotoAsync(app.Address + "phone");
        await phone.GetByRole(AriaRole.Button, new() { Name = "Brancher le casque", Exact = true }).ClickAsync();
        await Assertions.Expect(phone.GetByText("Casque branché")).ToBeVisibleAsync(new() { Timeout = 20_000 });
        Assert.False(await phone.EvaluateAsync<bool>(Hears));
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".voice-bar:has-text('Voix : sur un autre onglet')");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("[data-line='answered']");
        await Assertions.Expect(phone.GetByText("En communication")).ToBeVisibleAsync();
        await phone.WaitForFunctionAsync(Hears, null, new() { PollingInterval = 50, Timeout = 20_000 });
        await page.KeysAsync("F4");
        await page.WaitForSelectorAsync("[data-line='ended']");
    }

    private static Task<Chromium> StartAsync() => Chromium.StartAsync(
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required");

    private async Task<IPage> OpenAsync(Chromium chromium, TestPerson person, int width, string language)
    {
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        var page = await app.OpenPageAsync(chromium, person, "/");
        await page.SetViewportSizeAsync(width, 900);
        await page.GotoAsync("/interview/");
        await page.WaitForSelectorAsync("button[data-first]:focus");
        return page;
    }
}
