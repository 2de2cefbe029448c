using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops.Workstations;
using Microsoft.EntityFrameworkCore;

namespace Relais.Tests.Desktops;

[InChromium]
public sealed class WorkstationPages(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    private const string FileWithErrors = "nom;adresse\nPoste 1;127.1\n";
    private const string GoodFile = "nom;adresse;mac\nPoste 2;127.0.0.3;00:1A:2B:3C:4D:5E\n";

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task Pages_pass_axe_and_fit_the_screen(int width)
    {
        var boss = await app.AddPersonAsync(Roles.Administrator);
        using var administrator = await app.SignInAsync(boss);
        var changed = await administrator.EnrolAsync(new { name = $"Poste de la comptabilité {width}", host = "127.0.0.1", owner = boss.UserName, site = "lille" });
        await administrator.EnrolAsync(new { name = $"Serveur {width}", host = "srv.bureau.lan", protocol = "ssh", owner = boss.UserName });
        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == changed).ExecuteUpdateAsync(set => set
            .SetProperty(w => w.Pin, new byte[32]).SetProperty(w => w.SeenPin, Enumerable.Repeat((byte)7, 32).ToArray()).SetProperty(w => w.Reach, Reach.Answers)));

        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address, width);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", boss.UserName);
        await page.FillAsync("#password", boss.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync("**/sign-in/second-factor");
        await page.FillAsync("#code", app.NextCode(boss));
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync(url => new Uri(url).AbsolutePath == "/");

        foreach (var address in new[] { "/", "/workstations", "/workstations?state=Ready", "/workstations/new", "/workstations/import", "/workstations/ask", "/workstations/asks", "/workstations/mine", "/workstations/mine?q=aucun", $"/workstations/{changed}/settings", $"/workstations/{changed}/account" })
        {
            await page.GotoAsync(address);
            await page.IsInOrderAsync(address, width);
        }

        await page.FillAsync("#user-name", "anne");
        await page.FillAsync("#password", "secret");
        await page.CheckAsync("[name=Keep]");
        await page.ClickAsync("main form button.primary");
        await page.ArriveAsync($"**/workstations/{changed}");
        await page.GotoAsync($"/workstations/{changed}/account");
        await page.IsInOrderAsync("account-kept", width);

        await UploadAsync(page, FileWithErrors);
        await page.IsInOrderAsync("import-faults", width);
        await UploadAsync(page, GoodFile);
        await page.IsInOrderAsync("import-preview", width);
        await page.ClickAsync("main form button.primary");
        await page.ArriveAsync("**/workstations");
        Assert.Equal(1, await app.InDesktopsAsync(db => db.Desktops.Workstations.CountAsync(w => w.Host == "127.0.0.3")));
        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Host == "127.0.0.3").ExecuteDeleteAsync());
    }

    private static async Task UploadAsync(IPage page, string text)
    {
        await page.GotoAsync("/workstations/import");
        await page.SetInputFilesAsync("#file", new FilePayload { Name = "postes.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
        await page.ClickAsync("main form button");
        await page.WaitForSelectorAsync("main table");
    }
}
