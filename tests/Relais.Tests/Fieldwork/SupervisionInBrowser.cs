using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Fieldwork.Board;
using Relais.Fieldwork.Interviews;
using Relais.Fieldwork.Studies;
using Relais.Fieldwork.Teams;

namespace Relais.Tests.Fieldwork;

/// <summary>Messages, take-over and training in a real Chromium, and the supervisors' pages.</summary>
[InChromium]
public sealed class SupervisionInBrowser(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    // Each table of what an interview could leave something in, with what it holds.
    private const string Tables = """
        SELECT table_schema || '.' || table_name || ' ' || query_to_xml(
          format('SELECT count(*), md5(string_agg(t::text, '','' ORDER BY t::text)) FROM %I.%I t', table_schema, table_name), true, false, '')::text AS "Value"
        FROM information_schema.tables WHERE table_schema IN ('fieldwork', 'audience', 'kernel') AND table_type = 'BASE TABLE' ORDER BY 1
        """;

    [Fact]
    public async Task A_message_shows_while_the_interviewer_types_leaves_the_keyboard_where_it_is_and_a_key_says_it_was_read()
    {
        var wave = await app.AddInterviewsAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await CallingAsync(chromium, wave.People[0]);
        await page.KeysAsync("Enter");
        await page.AskedAsync("Vous êtes…");
        await page.KeysAsync("1", "Enter");
        await page.WaitForSelectorAsync("input.answer:focus");
        await page.Keyboard.TypeAsync("3");
        Assert.True(await app.DoAsync<SteerCases, bool>(s => s.TellAsync(wave.People[0].Id, "Parlez plus lentement", FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
        await page.WaitForSelectorAsync("[role=log][aria-live=polite] .console-message:has-text('Parlez plus lentement')");
        Assert.Contains(app.Supervisor.UserName, await page.InnerTextAsync(".console-message"), StringComparison.Ordinal);
        await page.WaitForSelectorAsync("input.answer:focus");
        await page.IsInOrderAsync("console-message-fr", 1280);
        await page.Keyboard.TypeAsync("4");
        await page.KeysAsync("F8");
        await page.WaitForSelectorAsync(".console-message", new() { State = WaitForSelectorState.Detached });
        await page.KeysAsync("Enter");
        await page.AskedAsync("Hier, avez-vous écouté la radio…");
        await Desktops.DesktopsApp.UntilAsync(() => app.InFieldworkAsync(db => db.NoticeReads.AnyAsync(r => r.PersonId == wave.People[0].Id)), TimeSpan.FromSeconds(30));
        var interview = await app.InFieldworkAsync(db => db.Interviews.Where(i => i.WaveId == wave.Wave).Select(i => i.Id).SingleAsync());
        await Desktops.DesktopsApp.UntilAsync(async () => (await app.StoredAsync(interview)).Contains("2 /radio/age=34"), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_supervisor_takes_a_case_over_by_keyboard_alone_and_the_interviewers_console_stops_and_says_so()
    {
        var wave = await app.AddInterviewsAsync(2, 1);
        await using var chromium = await Chromium.StartAsync();
        var console = await CallingAsync(chromium, wave.People[0]);
        var board = await app.OpenPageAsync(chromium, app.Supervisor, $"/fieldwork/waves/{wave.Wave}");
        await TabToAsync(board, "a[href*='take-over']");
        await board.Keyboard.PressAsync("Enter");
        await board.WaitForSelectorAsync("h1:has-text('Reprendre le dossier c0')");
        await TabToAsync(board, "select#to");
        await board.Keyboard.PressAsync("ArrowDown");
        await TabToAsync(board, "main form button");
        await board.Keyboard.PressAsync("Enter");
        await board.ArriveAsync($"**/fieldwork/waves/{wave.Wave}");
        await console.WaitForSelectorAsync("[data-message=case-taken]:has-text('c0')");
        await console.WaitForSelectorAsync("h1:has-text('Cet entretien continue ailleurs')");
        var other = await CallingAsync(chromium, wave.People[1]);
        await other.WaitForSelectorAsync("text=dossier c0");
    }

    [Fact]
    public async Task A_case_may_be_taken_over_for_nobody_in_particular()
    {
        var wave = await app.AddInterviewsAsync(2, 1);
        await using var chromium = await Chromium.StartAsync();
        var console = await CallingAsync(chromium, wave.People[0]);
        var held = await app.InFieldworkAsync(db => db.Holds.Where(h => h.WaveId == wave.Wave).Select(h => h.CaseId).SingleAsync());
        var page = await app.OpenPageAsync(chromium, app.Supervisor, $"/fieldwork/cases/{held}/take-over");
        await page.ClickAsync("main form button.primary");
        await page.ArriveAsync($"**/fieldwork/waves/{wave.Wave}");
        await console.WaitForSelectorAsync("[data-message=case-taken]:has-text('c0')");
    }

    [Fact]
    public async Task A_message_goes_to_all_and_a_days_target_to_the_whole_wave_as_the_pages_offer_it()
    {
        var wave = await app.AddInterviewsAsync();
        await wave.AddQuotaAsync(true, ("sexe=F", 5), ("sexe=H", 5));
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, app.Supervisor, $"/fieldwork/waves/{wave.Wave}");
        await page.FillAsync("#text", "Pause à 17 h");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("td:has-text('Pause à 17 h'), th:has-text('Pause à 17 h')");
        // Consoles of other tests would show it as well.
        Assert.Equal(1, await app.InFieldworkAsync(db => db.Notices.Where(n => n.PersonId == null && n.Text == "Pause à 17 h").ExecuteDeleteAsync()));
        await page.GotoAsync($"/fieldwork/waves/{wave.Wave}/forecast");
        await page.FillAsync("#target", "7");
        await page.Keyboard.PressAsync("Enter");
        await Desktops.DesktopsApp.UntilAsync(() => app.InFieldworkAsync(db => db.WaveDays.AnyAsync(d => d.WaveId == wave.Wave && d.Target == 7)), TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_training_goes_through_the_whole_questionnaire_and_leaves_nothing_anywhere()
    {
        var wave = await app.AddInterviewsAsync();
        await wave.AddQuotaAsync(true, ("sexe=F", 5), ("sexe=H", 5));
        await using var chromium = await Chromium.StartAsync();
        using var supervisor = await app.SignInAsync(app.Supervisor);
        var page = await app.OpenPageAsync(chromium, wave.People[0], "/");
        var told = new List<string>();
        page.Request += (_, request) =>
        {
            if (request.Method != "GET")
                told.Add($"{new Uri(request.Url).AbsolutePath} {request.PostData}");
        };
        await page.GotoAsync("/interview/");
        await page.WaitForSelectorAsync("button[data-first]:focus");
        // The open console itself is noted as time at work; a training is not.
        await Desktops.DesktopsApp.UntilAsync(() => app.InFieldworkAsync(db => db.Presences.AnyAsync(p => p.PersonId == wave.People[0].Id)), TimeSpan.FromSeconds(30));
        await page.KeysAsync("Tab", "Enter");
        await page.WaitForSelectorAsync(".console-training:has-text('ENTRAÎNEMENT')");
        await Desktops.DesktopsApp.UntilAsync(() => Task.FromResult(told.Exists(t => t.Contains("\"training\"", StringComparison.Ordinal))), TimeSpan.FromSeconds(30));
        told.Clear();
        var (before, boardBefore) = (await EverythingAsync(), await BoardAsync(supervisor, wave));
        await page.WaitForSelectorAsync(".number-to-dial:has-text('01 99 00')");
        await page.IsInOrderAsync("console-training-call-fr", 1280);
        await page.KeysAsync("Enter");
        await page.AskedAsync("Vous êtes…");
        await page.KeysAsync("1", "Enter");
        await page.TypeAsync("34");
        await page.AskedAsync("Hier, avez-vous écouté la radio…");
        await page.KeysAsync("1", "Enter");
        await page.TypeAsync("oceane");
        await page.AskedAsync("En quelques mots, qu'en avez-vous pensé ?");
        await page.IsInOrderAsync("console-training-fr", 1280);
        await page.TypeAsync("Bien");
        await page.WaitForSelectorAsync("text=Toutes les questions sont posées");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("h1:has-text('Entretien complet')");
        // The next made-up person refuses; another asks to be called back.
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".number-to-dial");
        await page.KeysAsync("5");
        await page.WaitForSelectorAsync("h1:has-text('Refus')");
        await page.WaitForSelectorAsync(".console-training");
        Assert.Equal(before, await EverythingAsync());
        Assert.Equal(boardBefore, await BoardAsync(supervisor, wave));
        Assert.All(told, t => Assert.StartsWith("/api/fieldwork/console/sign {\"doing\":\"training\"", t, StringComparison.Ordinal));
        Assert.Equal("null", await page.EvaluateAsync<string>("person => window.relaisConsole.find(person)", wave.People[0].Id.ToString()));

        await page.ClickAsync(".console-training button");
        await page.WaitForSelectorAsync(".console-training", new() { State = WaitForSelectorState.Detached });
        await page.WaitForSelectorAsync("button[data-first]:focus");
        // From here on it is time at work again, and nothing else.
        Assert.Equal(before.Where(t => !t.Contains("presence", StringComparison.Ordinal)), (await EverythingAsync()).Where(t => !t.Contains("presence", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(360, "en")]
    [InlineData(1280, "fr")]
    [InlineData(1920, "fr")]
    public async Task Supervisors_pages_pass_axe_and_fit(int width, string language)
    {
        var wave = await app.AddInterviewsAsync(2, 30);
        await wave.AddQuotaAsync(true, ("sexe=F", 400), ("sexe=H", 2));
        var console = await TestConsole.OpenAsync(app, wave.People[0]);
        for (var i = 0; i < 3; i++)
        {
            await console.BeginAsync();
            await console.SendAsync(TestConsole.Steps);
            await InterviewsApp.ReadAsync<EndInterview.Response>(await console.EndAsync(7));
        }

        await wave.CloseAsync(await wave.MustTakeAsync(1), "refused", 1);
        await app.InFieldworkAsync(db => SignOfConsole.HandleAsync(wave.People[1].Id, Doing.Pause, [], app.Clock.GetUtcNow(), db, CancellationToken.None));
        await app.DoAsync<SteerCases, bool>(s => s.TellAsync(wave.People[1].Id, "Réunion à 17 h", FieldworkApp.Of(app.Supervisor), CancellationToken.None));
        app.Clock.Advance(TimeSpan.FromHours(3));
        await wave.MustTakeAsync();
        var interviews = await app.InFieldworkAsync(db => db.Interviews.Where(i => i.WaveId == wave.Wave).OrderBy(i => i.Id).Select(i => i.Id).ToListAsync());
        Assert.IsType<EditResult.Saved>(await app.DoAsync<Relais.Fieldwork.Reviews.ReviewInterviews, EditResult>(r => r.RejectAsync(interviews[1], "Questions sautées", "other", tell: true, FieldworkApp.Of(app.Supervisor), CancellationToken.None)));
        var held = await app.InFieldworkAsync(db => db.Holds.Where(h => h.WaveId == wave.Wave).Select(h => h.CaseId).SingleAsync());

        await using var chromium = await Chromium.StartAsync();
        // Somebody of their own: other tests read the supervisor's pages in French.
        var supervisor = await app.AddPersonAsync(Roles.Supervisor);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == supervisor.Id || p.Id == wave.People[0].Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        var page = await app.OpenPageAsync(chromium, supervisor, "/");
        await page.SetViewportSizeAsync(width, 900);
        foreach (var (name, address) in ((string, string)[])
            [
                ("board", $"/fieldwork/waves/{wave.Wave}"), ("reviews", $"/fieldwork/waves/{wave.Wave}/reviews"), ("review", $"/fieldwork/interviews/{interviews[0]}"), ("rejected", $"/fieldwork/interviews/{interviews[1]}"),
                ("productivity", $"/fieldwork/waves/{wave.Wave}/productivity"), ("productivity-hour", $"/fieldwork/waves/{wave.Wave}/productivity?by=Hour"), ("forecast", $"/fieldwork/waves/{wave.Wave}/forecast"), ("take-over", $"/fieldwork/cases/{held}/take-over"),
            ])
        {
            await page.GotoAsync(address);
            await page.IsInOrderAsync($"superv-{name}-{language}", width);
        }

        var mine = await app.OpenPageAsync(chromium, wave.People[0], "/my-interviews");
        await mine.SetViewportSizeAsync(width, 900);
        await mine.IsInOrderAsync($"superv-mine-{language}", width);
    }

    private async Task<IPage> CallingAsync(Chromium chromium, TestPerson person)
    {
        var page = await app.OpenPageAsync(chromium, person, "/interview/");
        await page.WaitForSelectorAsync("button[data-first]:focus");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".number-to-dial");
        return page;
    }

    private static async Task TabToAsync(IPage page, string selector)
    {
        for (var presses = 0; presses < 80; presses++)
        {
            if (await page.EvaluateAsync<bool>("selector => document.activeElement?.matches(selector) ?? false", selector))
                return;
            await page.Keyboard.PressAsync("Tab");
        }

        Assert.Fail($"The keyboard does not come to {selector}.");
    }

    private Task<List<string>> EverythingAsync() => app.InFieldworkAsync(db => db.Database.SqlQueryRaw<string>(Tables).ToListAsync());

    // Without the line that says when it was read; who has an open console is not of the training.
    private async Task<string> BoardAsync(Browser supervisor, TestWave wave)
    {
        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var html = await supervisor.Client.GetStringAsync($"/api/fieldwork/waves/{wave.Wave}/board");
        return html[html.IndexOf("</p>", StringComparison.Ordinal)..];
    }
}
