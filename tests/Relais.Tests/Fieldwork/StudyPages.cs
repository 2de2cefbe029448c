using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Fieldwork.Cases;
using Relais.Tests.Structure;
using SpreadCheetah;

namespace Relais.Tests.Fieldwork;

/// <summary>The pages that prepare a study, in a real Chromium.</summary>
[InChromium]
public sealed class StudyPages(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    private const int Wide = 1280;

    private static byte[] Radio => File.ReadAllBytes(Path.Combine(Sources.Root, "samples", "radio", "radio.xlsx"));

    [Fact]
    public async Task A_study_is_made_from_nothing_by_pages_alone_until_an_interviewer_has_a_case()
    {
        var interviewer = await app.AddPersonAsync(Roles.Interviewer);
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, Wide, "fr", "/fieldwork");
        var name = $"Étude de rien {Guid.NewGuid():N}"[..24];
        await page.FillAsync("#study-name", name);
        await page.ClickAsync("button:has-text('Créer l’étude')");
        await page.WaitForSelectorAsync($"h1:has-text('{name}')");
        await page.IsInOrderAsync("study-empty-fr", Wide);
        var study = new Uri(page.Url).AbsolutePath;

        await ChooseAsync(page, "faux.xlsx", await FaultyWorkbookAsync());
        await page.ClickAsync("button:has-text('Importer le questionnaire')");
        await page.WaitForSelectorAsync("p[role=alert]:has-text('Rien n’a été importé')");
        var fault = page.Locator("tbody tr", new() { HasText = "survey" }).First;
        Assert.Equal(["survey", "3"], [await fault.Locator("td").Nth(1).InnerTextAsync(), await fault.Locator("td").Nth(2).InnerTextAsync()]);
        await page.IsInOrderAsync("study-refused-fr", Wide);
        await ChooseAsync(page, "radio.xlsx", Radio);
        await page.ClickAsync("button:has-text('Importer le questionnaire')");
        await page.ClickAsync("tbody a[href^='/fieldwork/questionnaires/']");
        await page.WaitForSelectorAsync("td:has-text('Variable de quota')");
        await page.IsInOrderAsync("questionnaire-fr", Wide);

        await page.GotoAsync(study);
        await page.FillAsync("#wave-name", "Première vague");
        await page.ClickAsync("button:has-text('Créer la vague')");
        await page.WaitForSelectorAsync("h1:has-text('Première vague')");
        await page.IsInOrderAsync("setup-empty-fr", Wide);
        var wave = int.Parse(new Uri(page.Url).Segments[^2].TrimEnd('/'), System.Globalization.CultureInfo.InvariantCulture);

        await page.ClickAsync(".tabs a:has-text('Quotas')");
        await page.ClickAsync("a:has-text('Nouveau quota')");
        await page.FillAsync("input[name=v1]", "sex");
        await page.FillAsync("input[name=v2]", "age_group");
        await page.FillAsync("input[name=c1]", "F, M");
        await page.FillAsync("input[name=c2]", "13-49, 50+");
        await page.ClickAsync("button:has-text('Préparer le tableau')");
        await page.FillAsync("#grid-name", "Sexe × âge");
        for (var i = 0; i < 4; i++)
            await page.FillAsync($"input[name=cell-{i}]", $"{10 + i}");
        await page.IsInOrderAsync("quota-grid-fr", Wide);
        await page.ClickAsync("form:has(#grid-name) button.primary");
        await page.WaitForSelectorAsync("h2:has-text('Sexe × âge')");
        await page.ClickAsync("a:has-text('Nouveau quota')");
        await page.FillAsync("#table-name", "Région");
        await page.FillAsync("#pasted", "region\tobjectif\n11\t20\n24\tvingt\n");
        await page.ClickAsync("form:has(#table-name) button");
        await page.WaitForSelectorAsync("td:has-text('« vingt » n’est pas un nombre entier')");
        await page.IsInOrderAsync("quota-faults-fr", Wide);
        await page.FillAsync("#pasted", "region\tobjectif\n11\t20\n24\t20\n");
        await page.ClickAsync("form:has(#table-name) button");
        await page.WaitForSelectorAsync("h2:has-text('Région')");
        await page.ClickAsync("button[aria-label='Fermer Centre-Val de Loire']");
        await page.WaitForSelectorAsync("button[aria-label='Rouvrir Centre-Val de Loire']");
        await page.IsInOrderAsync("quotas-fr", Wide);

        await page.ClickAsync(".tabs a:has-text('Règles')");
        foreach (var day in Enum.GetValues<DayOfWeek>())
            await page.CheckAsync($"input[name=hours-0-day][value={day}]");
        await page.FillAsync("input[name=hours-0-from]", "00:00");
        await page.FillAsync("input[name=hours-0-until]", "");
        await page.UncheckAsync("input[name=Holidays]");
        await page.ClickAsync("button:has-text('Enregistrer les règles')");
        await page.WaitForSelectorAsync("#hours-0-error");
        await page.IsInOrderAsync("rules-fault-fr", Wide);
        await page.FillAsync("input[name=hours-0-until]", "23:59");
        await page.ClickAsync("button:has-text('Enregistrer les règles')");
        await page.WaitForSelectorAsync(".message.warning:has-text('au-delà des usages français')");

        await page.ClickAsync(".tabs a:has-text('Échantillon')");
        await page.ClickAsync("a:has-text('Importer un fichier')");
        await ChooseAsync(page, "échantillon.csv", Encoding.UTF8.GetBytes(app.Sample(6, i => i % 2 == 0 ? ",11" : ",24", ",region")));
        await page.ClickAsync("button:has-text('Importer')");
        await page.WaitForSelectorAsync("td:has-text('repris')");
        await page.IsInOrderAsync("sampling-fr", Wide);

        await page.ClickAsync(".tabs a:has-text('Préparation')");
        await page.ClickAsync(".setup-steps a:has-text('Équipes')");
        await page.FillAsync("#team-name", $"Équipe {name}");
        await page.ClickAsync("button:has-text('Créer l’équipe')");
        await page.WaitForSelectorAsync("#people");
        await page.SelectOptionAsync("#people", [interviewer.Id.ToString()]);
        await page.ClickAsync("button:has-text('Ajouter à l’équipe')");
        await page.WaitForSelectorAsync($"th a[href='/fieldwork/interviewers/{interviewer.Id}']");
        await page.IsInOrderAsync("team-fr", Wide);

        await page.GotoAsync($"/fieldwork/waves/{wave}/setup");
        Assert.Equal(0, await page.Locator(".setup-steps .badge:has-text('manque')").CountAsync());
        await page.ClickAsync("button:has-text('Lancer les appels')");
        await page.WaitForSelectorAsync(".page-header .badge:has-text('en cours')");
        await page.IsInOrderAsync("setup-running-fr", Wide);

        // The cases of region 24 are closed with their cell.
        var taken = await app.InFieldworkAsync(db => TakeCase.HandleAsync(Guid.NewGuid(), interviewer.Id, db, app.Options, app.Clock, CancellationToken.None));
        Assert.Equal((wave, "11"), (taken.Case!.Wave, taken.Case.Fields.GetProperty("region").GetString()));
        Assert.NotNull(taken.Case.Questionnaire);
    }

    [Theory]
    [InlineData(360, "en")]
    [InlineData(360, "fr")]
    [InlineData(1280, "en")]
    [InlineData(1920, "fr")]
    public async Task Pages_pass_axe_and_fit_the_screen(int width, string language)
    {
        var wave = await app.AddInterviewsAsync(interviewers: 2, cases: 8, questionnaire: RadioForm.Json);
        await wave.AddQuotaAsync(true, ("sexe=F", 4), ("sexe=H", 5));
        await wave.CloseAsync(await wave.MustTakeAsync(), "refused");
        var questionnaire = await app.InFieldworkAsync(db => db.Questionnaires.Where(q => q.StudyId == wave.Study).Select(q => q.Id).SingleAsync());
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, width, language, "/fieldwork");
        string[] addresses =
        [
            "/fieldwork", $"/fieldwork/studies/{wave.Study}", $"/fieldwork/questionnaires/{questionnaire}", $"/fieldwork/waves/{wave.Wave}/setup", $"/fieldwork/waves/{wave.Wave}/rules",
            $"/fieldwork/waves/{wave.Wave}/quotas", $"/fieldwork/waves/{wave.Wave}/quotas/new?v1=sexe&c1=F,H&v2=age&c2=13-34,35-64,65%2B", $"/fieldwork/waves/{wave.Wave}/sampling",
            $"/fieldwork/waves/{wave.Wave}/sample", $"/fieldwork/waves/{wave.Wave}/exports", $"/fieldwork/waves/{wave.Wave}", "/fieldwork/exports", "/fieldwork/suppressions", "/fieldwork/teams",
            $"/fieldwork/teams/{wave.Team}", $"/fieldwork/interviewers/{wave.People[0].Id}", $"/fieldwork/studies/{Guid.Empty}",
        ];
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            await page.IsInOrderAsync($"{language}-{address}", width);
        }
    }

    [Fact]
    public async Task What_cannot_be_undone_is_asked_first_and_escape_leaves_it()
    {
        var wave = await app.AddInterviewsAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, Wide, "fr", $"/fieldwork/waves/{wave.Wave}/setup");
        await page.FocusAsync("button:has-text('Clore la vague')");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#close:popover-open");
        await page.IsInOrderAsync("close-ask-fr", Wide);
        await page.Keyboard.PressAsync("Escape");
        Assert.Equal(0, await page.Locator("#close:popover-open").CountAsync());
        await page.Keyboard.PressAsync("Enter");
        await page.ClickAsync("#close form button");
        await page.WaitForSelectorAsync(".page-header .badge:has-text('close')");
    }

    private static Task ChooseAsync(IPage page, string name, byte[] file) => page.SetInputFilesAsync("#file", new FilePayload { Name = name, MimeType = "application/octet-stream", Buffer = file });

    /// <summary>Its third row asks for a kind of question that there is not.</summary>
    private static async Task<byte[]> FaultyWorkbookAsync()
    {
        using var file = new MemoryStream();
        await using (var book = await Spreadsheet.CreateNewAsync(file))
        {
            await book.StartWorksheetAsync("survey");
            foreach (var row in (string[][])[["type", "name", "label"], ["text", "nom", "Votre nom ?"], ["selct_one sexe", "sexe", "Vous êtes…"]])
                await book.AddRowAsync([.. row.Select(c => new DataCell(c))]);
            await book.FinishAsync();
        }

        return file.ToArray();
    }

    private async Task<IPage> OpenAsync(Chromium chromium, int width, string language, string path)
    {
        // Somebody of their own: other tests read the supervisor's pages in French.
        var supervisor = await app.AddPersonAsync(Roles.Supervisor);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == supervisor.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        var page = await app.OpenPageAsync(chromium, supervisor, "/");
        await page.SetViewportSizeAsync(width, 900);
        await page.GotoAsync(path);
        return page;
    }
}
