using Microsoft.EntityFrameworkCore;
using Relais.Fieldwork.Interviews;

namespace Relais.Tests.Fieldwork;

/// <summary>
/// The console in a real Chromium, on a server that is a process of its own. That one has the real time: with a fixture of its own, because a case that a
/// fixture imports after its clock was moved forward is not due there.
/// </summary>
[InChromium]
public sealed class ConsoleOfKilledServer(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    [Fact]
    public async Task An_interview_goes_through_a_dead_network_a_killed_server_and_a_reload_and_nothing_is_typed_twice()
    {
        var wave = await app.AddInterviewsAsync();
        // The server that the browser speaks to is another process, on the same database: it dies by kill -9.
        await using var server = await ServerProcess.CreateAsync();
        server.Settings["RELAIS__ConnectionStrings__Relais"] = app.ConnectionString;
        server.Settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        await server.StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(server.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", wave.People[0].UserName);
        await page.FillAsync("#password", wave.People[0].Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/");
        await page.GotoAsync("/interview/");

        await page.WaitForSelectorAsync("button[data-first]:focus");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".number-to-dial");
        await page.KeysAsync("Enter");
        await page.AskedAsync("Vous êtes…");
        await page.KeysAsync("1", "Enter");
        await page.AskedAsync("Quel âge avez-vous ?");
        await page.TypeAsync("34");
        await page.AskedAsync("Hier, avez-vous écouté la radio…");
        await page.WaitForSelectorAsync(".delivery.good[data-unsent='0']");

        await page.Context.SetOfflineAsync(true);
        await page.KeysAsync("1", "2", "Enter");
        await page.AskedAsync("Quelle station avez-vous écoutée en dernier ?");
        await page.TypeAsync("oceane");
        await page.AskedAsync("En quelques mots, qu'en avez-vous pensé ?");
        await page.WaitForSelectorAsync(".delivery.warning[data-unsent='2']");
        server.Kill();
        await page.Context.SetOfflineAsync(false);
        await page.TypeAsync("Très bien");
        await page.WaitForSelectorAsync("text=Toutes les questions sont posées");
        await page.KeysAsync("PageUp");
        await page.AskedAsync("En quelques mots, qu'en avez-vous pensé ?");
        await page.TypeAsync("Très bien, merci");
        await page.WaitForSelectorAsync(".delivery.warning[data-unsent='4']");

        await server.StartAsync();
        await page.ReloadAsync();
        await page.WaitForSelectorAsync("text=Toutes les questions sont posées");
        await page.WaitForSelectorAsync(".delivery.good[data-unsent='0']");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync("h1:has-text('Entretien complet')");

        var interview = await app.InFieldworkAsync(db => db.Interviews.AsNoTracking().SingleAsync(i => i.WaveId == wave.Wave));
        Assert.Equal((InterviewState.Completed, "complete"), (interview.State, interview.Outcome));
        Assert.Equal(
            ["1 /radio/sexe=F", "2 /radio/age=34", "3 /radio/medias=maison voiture", "4 /radio/station=fip", "5 /radio/mots=Très bien", "6 /radio/mots=Très bien, merci"],
            await app.StoredAsync(interview.Id));
        Assert.Equal("null", await page.EvaluateAsync<string>("person => window.relaisConsole.find(person)", wave.People[0].Id.ToString()));
    }
}
