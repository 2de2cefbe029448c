using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Dialling;
using Relais.Fieldwork.Studies;
using Relais.Telephony.Contracts;
using Relais.Tests.Fieldwork;

namespace Relais.Tests.Telephony;

/// <summary>A server that calls waves by itself: a Janus, a line with a verified number to made-up respondents, and interviewers with headsets in a real browser.</summary>
public sealed class DiallerApp : VoiceApp
{
    public const string Message = "Aucun enquêteur n’est libre.";

    // Below those of the softphone's tests.
    protected override int FirstRtp => 10_000;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await SetLineAsync(fields => fields with { VerifiedCaller = "04 24 00 00 01" });
    }

    /// <summary>A wave that is called by itself, whose cases have numbers with these ends.</summary>
    internal Task<TestWave> AddDialledAsync(DialMode mode, params string[] ends) => AddDialledAsync(mode, WaveDialler.LeastRingSeconds, ends);

    /// <param name="ring">For how many seconds their telephones ring at most.</param>
    internal async Task<TestWave> AddDialledAsync(DialMode mode, int ring, params string[] ends)
    {
        // The limit is of a day.
        Clock.LeaveMidnight();
        var wave = await AddCasesAsync(ends);
        Assert.IsType<EditResult.SavedWave>(await DoAsync<EditWave, EditResult>(edit => edit.SetDiallingAsync(
            wave.Wave, mode, CallerClass.Verified, new DiallerFields(3, ring, Message), Of(Supervisor), CancellationToken.None)));
        return wave;
    }

    /// <summary>As if so many calls had been answered lately.</summary>
    internal async Task CountAsync(TestWave wave, int answered, int abandoned)
    {
        var minute = WaveDialler.MinuteOf(Clock.GetUtcNow()) - 5;
        await InFieldworkAsync(db => db.DialMinutes.Where(m => m.WaveId == wave.Wave).ExecuteDeleteAsync());
        await InFieldworkAsync(async db =>
        {
            db.DialMinutes.Add(new DialMinute { WaveId = wave.Wave, Minute = minute, Answered = answered, Abandoned = abandoned });
            return await db.SaveChangesAsync();
        });
    }

    internal Task<List<Attempt>> AttemptsAsync(TestWave wave, Func<List<Attempt>, bool> like) => TelephonyApp.UntilAsync(
        () => InFieldworkAsync(db => db.Attempts.AsNoTracking().Where(a => a.WaveId == wave.Wave).OrderBy(a => a.Id).ToListAsync()), like);

    internal Task<DiallerState> StateAsync(TestWave wave, Func<DiallerState, bool> like) =>
        TelephonyApp.UntilAsync(() => InFieldworkAsync(async db => (await DiallerState.ReadAsync(db, wave.Wave, Clock.GetUtcNow(), CancellationToken.None))!), like);

    internal static Task<Chromium> StartBrowserAsync() => Chromium.StartAsync(
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", "--allow-loopback-in-peer-connection", "--autoplay-policy=no-user-gesture-required");

    /// <summary>An interviewer's console.</summary>
    internal async Task<IPage> OpenConsoleAsync(Chromium chromium, TestPerson person, int width = 1280, string language = "fr")
    {
        await this.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        var page = await this.OpenPageAsync(chromium, person, "/");
        await page.SetViewportSizeAsync(width, 900);
        await page.GotoAsync("/interview/");
        await page.WaitForSelectorAsync("button[data-first]:focus");
        return page;
    }

    /// <summary>The interviewer says that they are ready, and connects the headset, by the keyboard.</summary>
    internal static async Task ReadyAsync(IPage page)
    {
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("[data-waits='unplugged'] button[data-first]:focus");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".voice-bar[data-where='here']", new() { Timeout = 20_000 });
    }
}
