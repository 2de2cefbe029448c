using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Audience.Samples;

namespace Relais.Tests.Audience;

/// <summary>The pages in a real Chromium, in both languages, wide and narrow.</summary>
[InChromium]
public sealed class AudiencePages(AudienceApp app) : IClassFixture<AudienceApp>
{
    [Theory]
    [InlineData(360, "en")]
    [InlineData(1280, "fr")]
    public async Task Pages_pass_axe_and_fit_the_screen(int width, string language)
    {
        var (first, _) = await app.PublishAsync($"Vague publiée {width}");
        var (wave, run) = await app.PublishAsync($"Vague sous embargo {width}", app.Clock.GetUtcNow().AddDays(9));
        var open = await app.AddWaveAsync($"Vague de terrain {width}");
        var (review, _) = await app.ProposeAsync($"Vague à valider {width}");
        await using var chromium = await Chromium.StartAsync();
        var page = await EnterAsync(chromium, app.Researcher, width, language);
        string[] addresses =
        [
            "/audience", $"/audience/waves/{wave}", $"/audience/waves/{wave}/results", $"/audience/waves/{wave}/results?target=Corse&sort=-AcPct", $"/audience/waves/{wave}/curves",
            $"/audience/waves/{wave}/changes", $"/audience/waves/{wave}/duplication", $"/audience/waves/{wave}/duplication?target=Corse",
            $"/audience/waves/{wave}/reach", $"/audience/waves/{wave}/reach?station=EX1&two=3", $"/audience/waves/{wave}/stations/EX1", $"/audience/waves/{wave}/weights", $"/audience/waves/{wave}/runs", $"/audience/runs/{run.Id}",
            $"/audience/waves/{open}", $"/audience/waves/{open}/import/respondents", $"/audience/waves/{review}", $"/audience/runs/compare?a={run.Id}&b={run.Id}",
            "/audience/studies", $"/audience/studies/{app.Study}", "/audience/universes", "/audience/waves/new",
        ];
        foreach (var address in addresses)
        {
            await page.GotoAsync(address);
            await page.IsInOrderAsync(address, width);
        }

        var reader = await EnterAsync(chromium, app.Reader, width, language);
        foreach (var address in new[] { "/audience", $"/audience/waves/{first}", $"/audience/waves/{first}/results" })
        {
            await reader.GotoAsync(address);
            await reader.IsInOrderAsync($"reader{address}", width);
        }
    }

    [Fact]
    public async Task A_researcher_goes_from_files_to_a_proposed_run_and_another_publishes_it()
    {
        var (respondents, listening) = SampleDiaries.Make(99, 0, 1500);
        await using var chromium = await Chromium.StartAsync();
        var page = await EnterAsync(chromium, app.Researcher, 1280, "fr");
        await page.GotoAsync("/audience/waves/new");
        await page.SelectOptionAsync("#study", [app.Study.ToString()]);
        await page.FillAsync("#name", "Vague du parcours");
        await page.FillAsync("#from", "2031-01-01");
        await page.FillAsync("#until", "2031-03-31");
        await page.ClickAsync("main form button.primary");
        await page.WaitForSelectorAsync("h1:has-text('Vague du parcours')");
        var wave = new Uri(page.Url).AbsolutePath;

        await ImportAsync(page, "respondents", "id,sex,age,region,day\n1,H,13-24,Atlantide,LV\n"u8.ToArray());
        await page.WaitForSelectorAsync("td:has-text('Atlantide')");
        await page.IsInOrderAsync("import-faults", 1280);
        await page.GotoAsync(wave);
        await ImportAsync(page, "respondents", respondents);
        await page.ArriveAsync($"**{wave}");
        await ImportAsync(page, "listening", listening);
        await page.ArriveAsync($"**{wave}");
        await page.ClickAsync("button:has-text('Clore le terrain')");
        await page.ClickAsync("button:has-text('Lancer un calcul')");
        await page.WaitForSelectorAsync("button:has-text('Proposer ce calcul')", new() { Timeout = 60_000 });
        await page.ClickAsync("button:has-text('Proposer ce calcul')");
        await page.ArriveAsync($"**{wave}");
        Assert.Equal(0, await page.Locator("button:has-text('Valider et publier')").CountAsync());

        var other = await EnterAsync(chromium, app.Validator, 1280, "fr");
        await other.GotoAsync(wave);
        await other.FillAsync("#embargo", "2099-01-01T06:00");
        await other.ClickAsync("button:has-text('Valider et publier')");
        await other.WaitForSelectorAsync(".badge:has-text('sous embargo')");
    }

    [Fact]
    public async Task A_curve_is_saved_as_a_picture()
    {
        var (wave, _) = await app.PublishAsync("Vague en image");
        await using var chromium = await Chromium.StartAsync();
        var page = await EnterAsync(chromium, app.Reader, 1280, "fr");
        await page.GotoAsync($"/audience/waves/{wave}/curves");
        var saved = await page.RunAndWaitForDownloadAsync(() => page.ClickAsync("button:has-text('PNG')"));
        Assert.Equal("Vague en image.png", saved.SuggestedFilename);
        var bytes = await File.ReadAllBytesAsync((await saved.PathAsync())!);
        Assert.Equal("89504E47", Convert.ToHexString(bytes[..4]));
        Assert.True(bytes.Length > 10_000, $"{bytes.Length} bytes");
    }

    private static async Task ImportAsync(IPage page, string kind, byte[] file)
    {
        await page.ClickAsync($"main a[href$='/import/{kind}']");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "fichier.csv", MimeType = "text/csv", Buffer = file });
        await page.ClickAsync("main form button.primary");
    }

    private async Task<IPage> EnterAsync(Chromium chromium, TestPerson person, int width, string language)
    {
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
        var page = await chromium.OpenAsync(app.Address, width);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", person.UserName);
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync(url => new Uri(url).AbsolutePath == "/");
        return page;
    }
}
