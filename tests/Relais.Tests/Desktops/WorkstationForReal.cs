using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops.Workstations;
using Relais.Tests.Gateway;

namespace Relais.Tests.Desktops;

/// <summary>With an RDP server that nobody here wrote.</summary>
public sealed class WorkstationForReal(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    [Fact]
    public async Task One_that_asks_for_network_level_authentication_is_pinned_and_known_as_such()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var id = await administrator.EnrolAsync(new { name = $"Poste {Guid.NewGuid():N}", host = "127.0.0.1", port = shadow.Address.Port });
        await app.Services.GetRequiredService<ProbeWorkstations>().LookAsync(CancellationToken.None);
        var row = await app.InDesktopsAsync(db => db.Desktops.Workstations.AsNoTracking().SingleAsync(w => w.Id == id));
        Assert.Equal((Reach.Answers, true, Convert.ToHexStringLower(shadow.Pin)), (row.Reach, row.WantsSignIn, Convert.ToHexStringLower(row.Pin ?? [])));
    }

    [Fact]
    public async Task A_person_goes_from_the_home_page_to_the_picture_of_the_workstation()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: false);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        await administrator.EnrolAsync(new { name = "Poste de la comptabilité", host = "127.0.0.1", port = shadow.Address.Port, owner = owner.UserName });

        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", owner.UserName);
        await page.FillAsync("#password", owner.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.ClickAsync("section[aria-labelledby=my-workstation] a.primary");
        await page.FillAsync("#user-name", ShadowWorkstation.Anne.UserName);
        await page.FillAsync("#password", ShadowWorkstation.Anne.Password);
        await page.ClickAsync("main form button.primary");
        await page.WaitForSelectorAsync("[data-part=toolbar]:not([hidden])", new PageWaitForSelectorOptions { Timeout = 60_000 });
        Assert.Contains("Poste de la comptabilité", await page.TextContentAsync("[data-part=name]"), StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_SHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "ws-screen.png") });
    }
}
