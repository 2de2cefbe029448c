using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace Relais.Tests.Fieldwork;

/// <summary>The console in a real Chromium, by its keyboard alone.</summary>
[InChromium]
public sealed class ConsoleInBrowser(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    [Fact]
    public async Task What_is_wrong_is_said_at_once_and_what_is_surprising_is_confirmed()
    {
        var wave = await app.AddInterviewsAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await AskingAsync(chromium, wave.People[0]);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".asked .error");
        await page.KeysAsync("2", "Enter");
        await page.AskedAsync("Quel âge avez-vous ?");
        await page.TypeAsync("12");
        await page.WaitForSelectorAsync(".error:has-text('De 13 à 110 ans.')");
        await page.FillAsync(".answer", "");
        await page.TypeAsync("104");
        await page.WaitForSelectorAsync(".doubt:has-text('Plus de 100 ans ?')");
        await page.KeysAsync("Enter");
        await page.AskedAsync("Hier, avez-vous écouté la radio…");
        // A letter for what is not read aloud; back with the arrow; the other language with two keys and its number.
        await page.KeysAsync("N");
        Assert.True(await page.Locator(".choice-row:has-text('Ne sait pas') input").IsCheckedAsync());
        await page.KeysAsync("F2", "L", "2");
        await page.AskedAsync("Yesterday, did you listen to the radio…");
        await page.KeysAsync("ArrowLeft");
        await page.AskedAsync("How old are you?");
    }

    [Fact]
    public async Task A_listening_day_is_typed_into_one_field_and_each_stretch_is_stored_at_once()
    {
        var wave = await app.AddInterviewsAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await AskingAsync(chromium, wave.People[0]);
        await page.KeysAsync("1", "Enter");
        await page.TypeAsync("34");
        await page.AskedAsync("Hier, avez-vous écouté la radio…");
        await page.KeysAsync("3", "Enter");
        await page.TypeAsync("oceane");
        await page.AskedAsync("Racontez-moi votre journée d'hier.");
        await page.WaitForSelectorAsync(".moment:has-text('Au lever')");
        await page.TypeAsync("7-830");
        await page.WaitForSelectorAsync(".day-field:has-text('Station')");
        await page.TypeAsync("oceane");
        await page.WaitForSelectorAsync(".selected:has-text('Radio Océane')");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".day-field:has-text('Lieu')");
        await page.KeysAsync("2");
        await page.WaitForSelectorAsync(".day-field:has-text('Appareil')");
        await page.KeysAsync("1");
        await page.WaitForSelectorAsync(".journal li:has-text('Radio Océane')");
        await page.WaitForSelectorAsync(".moment:has-text('Et le soir')");
        await page.WaitForSelectorAsync(".delivery.good[data-unsent='0']");
        await page.IsInOrderAsync("console-day-fr", 1280);
        await page.KeysAsync("Enter");
        await page.AskedAsync("En quelques mots, qu'en avez-vous pensé ?");
        var interview = await app.InFieldworkAsync(db => db.Interviews.AsNoTracking().SingleAsync(i => i.WaveId == wave.Wave));
        Assert.Equal("5 /radio/jour=0700-0830:fip:route:poste", (await app.StoredAsync(interview.Id))[4]);
    }

    [Fact]
    public async Task An_appointment_is_made_in_two_keys_and_the_interview_goes_on_at_the_next_call_on_another_computer()
    {
        var wave = await app.AddInterviewsAsync(cases: 1);
        await using var chromium = await Chromium.StartAsync();
        var page = await AskingAsync(chromium, wave.People[0]);
        await page.KeysAsync("1", "Enter");
        await page.AskedAsync("Quel âge avez-vous ?");
        await page.KeysAsync("F2", "V");
        await page.WaitForSelectorAsync(".appointment");
        await page.KeysAsync("ArrowRight");
        // What is typed on the day is the hour.
        await page.Keyboard.TypeAsync("2359");
        await page.WaitForFunctionAsync("document.querySelector('#time').value === '2359'");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("h1:has-text('Rendez-vous')");
        var appointment = await app.InFieldworkAsync(db => db.Appointments.AsNoTracking().SingleAsync(a => a.WaveId == wave.Wave));
        app.Clock.Advance(appointment.At - app.Clock.GetUtcNow());

        var other = await AskingAsync(chromium, wave.People[0], "Quel âge avez-vous ?");
        await other.WaitForSelectorAsync(".delivery.good[data-unsent='0']");
    }

    [Fact]
    public async Task A_second_tab_leaves_the_first_alone_until_it_is_asked_and_then_the_first_stops()
    {
        var wave = await app.AddInterviewsAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await AskingAsync(chromium, wave.People[0]);
        await page.KeysAsync("1", "Enter");
        await page.AskedAsync("Quel âge avez-vous ?");
        var second = await page.Context.NewPageAsync();
        await second.GotoAsync(app.Address + "interview/");
        await second.WaitForSelectorAsync("h1:has-text('autre onglet')");
        await second.KeysAsync("Enter");
        await second.AskedAsync("Quel âge avez-vous ?");
        await page.WaitForSelectorAsync("h1:has-text('autre onglet')");
        await second.TypeAsync("40");
        await second.AskedAsync("Hier, avez-vous écouté la radio…");
        await second.WaitForSelectorAsync(".delivery.good[data-unsent='0']");
    }

    [Theory]
    [InlineData(360, "en")]
    [InlineData(360, "fr")]
    [InlineData(1920, "fr")]
    public async Task Its_screens_pass_axe_and_fit(int width, string language)
    {
        var wave = await app.AddInterviewsAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, wave.People[0], width, language);
        await page.IsInOrderAsync($"console-ready-{language}", width);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".number-to-dial");
        await page.IsInOrderAsync($"console-call-{language}", width);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".question");
        await page.KeysAsync("1");
        await page.WaitForSelectorAsync(".delivery.good[data-unsent='0']");
        await page.IsInOrderAsync($"console-choice-{language}", width);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("input.answer");
        await page.TypeAsync("7");
        await page.WaitForSelectorAsync(".asked .error");
        await page.IsInOrderAsync($"console-number-{language}", width);
        await page.FillAsync(".answer", "");
        await page.TypeAsync("34");
        await page.WaitForSelectorAsync(".choices-list input[type=checkbox]");
        await page.KeysAsync("1", "3", "F2");
        await page.WaitForSelectorAsync(".panel-over");
        await page.IsInOrderAsync($"console-actions-{language}", width);
        await page.KeysAsync(language == "fr" ? "V" : "A");
        await page.WaitForSelectorAsync(".appointment");
        await page.IsInOrderAsync($"console-appointment-{language}", width);
        await page.KeysAsync("Escape", "F2", "R");
        await page.WaitForSelectorAsync(".panel-over .key-list");
        await page.IsInOrderAsync($"console-outcomes-{language}", width);
        await page.KeysAsync("Escape", "Enter");
        await page.WaitForSelectorAsync(".found");
        await page.Keyboard.TypeAsync("exemple 1");
        await page.Context.SetOfflineAsync(true);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("input.answer:not([data-list])");
        await page.WaitForSelectorAsync(".delivery.warning");
        await page.IsInOrderAsync($"console-offline-{language}", width);
        await page.KeysAsync("PageUp");
        await page.WaitForSelectorAsync(".found");
        await page.IsInOrderAsync($"console-search-{language}", width);
        await page.KeysAsync("PageDown");
        await page.WaitForSelectorAsync("input.answer:not([data-list])");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".question .primary.large");
        await page.IsInOrderAsync($"console-end-{language}", width);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".console-card");
        await page.IsInOrderAsync($"console-ending-{language}", width);
        await page.Context.SetOfflineAsync(false);
        await page.WaitForSelectorAsync(".console-card button[data-first]:focus");
        await page.IsInOrderAsync($"console-ended-{language}", width);
    }

    private async Task<IPage> OpenAsync(Chromium chromium, TestPerson person, int width = 1280, string language = "fr")
    {
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        var page = await app.OpenPageAsync(chromium, person, "/");
        await page.SetViewportSizeAsync(width, 900);
        await page.GotoAsync("/interview/");
        await page.WaitForSelectorAsync("button[data-first]:focus");
        return page;
    }

    private async Task<IPage> AskingAsync(Chromium chromium, TestPerson person, string question = "Vous êtes…")
    {
        var page = await OpenAsync(chromium, person);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".number-to-dial");
        await page.KeysAsync("Enter");
        await page.AskedAsync(question);
        return page;
    }
}

/// <summary>What an interviewer does with the keyboard.</summary>
internal static class ConsoleKeys
{
    public static async Task KeysAsync(this IPage page, params string[] keys)
    {
        foreach (var key in keys)
            await page.Keyboard.PressAsync(key);
    }

    /// <summary>Into the field that has the focus, as it has it without a click.</summary>
    public static async Task TypeAsync(this IPage page, string answer)
    {
        await page.WaitForSelectorAsync("input.answer:focus");
        await page.Keyboard.TypeAsync(answer);
        await page.Keyboard.PressAsync("Enter");
    }

    public static Task AskedAsync(this IPage page, string question) => page.WaitForSelectorAsync($"[data-active] h1:text-is(\"{question}\")");
}
