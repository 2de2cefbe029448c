using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Tests.Telephony.Pacing;

/// <summary>A supervisor tries a pace of calling, in a real Chromium.</summary>
[InChromium]
public sealed class PacingPages(TelephonyApp app) : IClassFixture<TelephonyApp>
{
    [Fact]
    public async Task A_supervisor_tries_a_pace_and_sees_the_modes_side_by_side_and_what_cannot_be_tried()
    {
        var supervisor = await app.AddPersonAsync(Roles.Supervisor);
        await using var chromium = await Chromium.StartAsync();
        foreach (var (language, predictive, width) in ((string, string, int)[])[("fr", "Prédictif", 1280), ("en", "Predictive", 360)])
        {
            await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == supervisor.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, language)));
            var page = await app.OpenPageAsync(chromium, supervisor, "/");
            await page.SetViewportSizeAsync(width, 900);
            await page.GotoAsync("/fieldwork/pacing");
            await page.IsInOrderAsync($"pacing-{language}", width);
            await page.FillAsync("#interviewers", "12");
            await page.FillAsync("#hours", "2");
            await page.ClickAsync("button[name=try]");
            await page.WaitForSelectorAsync($"tbody th:has-text('{predictive}')");
            await page.IsInOrderAsync($"pacing-results-{language}", width);
            Assert.Contains("interviewers=12", page.Url, StringComparison.Ordinal);
            Assert.Equal(3 + 4, await page.Locator("tbody tr").CountAsync());

            await page.FillAsync("#limit", "beaucoup");
            await page.ClickAsync("button[name=try]");
            await page.WaitForSelectorAsync("#limit[aria-invalid=true]");
            Assert.Equal(0, await page.Locator("tbody tr").CountAsync());
            await page.IsInOrderAsync($"pacing-refused-{language}", width);
        }
    }

    [Fact]
    public async Task Interviewers_try_no_pace()
    {
        var interviewer = await app.InterviewerAsync();
        using var refused = await interviewer.Client.GetAsync("/fieldwork/pacing", TestContext.Current.CancellationToken);
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, refused.StatusCode);
    }
}
