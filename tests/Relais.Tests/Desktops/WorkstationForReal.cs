using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops.Workstations;
using Relais.Tests.Gateway;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Desktops;

/// <summary>With an RDP server that nobody here wrote.</summary>
[InChromium]
public sealed class WorkstationForReal(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    [Fact]
    public async Task One_that_asks_for_network_level_authentication_is_pinned_and_known_as_such()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var id = await administrator.EnrolAsync(new { name = $"Poste {Guid.NewGuid():N}", host = "127.0.0.1", port = shadow.Address.Port });
        await app.ProbeAsync();
        var row = await app.InDesktopsAsync(db => db.Desktops.Workstations.AsNoTracking().SingleAsync(w => w.Id == id));
        Assert.Equal((Reach.Answers, true, Convert.ToHexStringLower(shadow.Pin)), (row.Reach, row.WantsSignIn, Convert.ToHexStringLower(row.Pin ?? [])));
    }

    [Fact]
    public async Task A_native_client_opens_it_with_the_file_of_the_home_page_and_the_account_that_its_person_types()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await administrator.EnrolAsync(new { name = "Poste de la régie", host = "127.0.0.1", port = shadow.Address.Port, owner = owner.UserName });
        await app.ProbeAsync();

        using var browser = await app.SignInAsync(owner);
        var (action, values) = (await browser.GetAsync("/")).Fill($"/api/workstations/{id}/rdp", []);
        using var form = new FormUrlEncodedContent(values);
        using var saved = await browser.Client.PostAsync(action, form);
        Assert.Equal((HttpStatusCode.OK, "poste.rdp"), (saved.StatusCode, saved.Content.Headers.ContentDisposition?.FileName));
        var file = Path.Combine(app.DataFolder, "poste.rdp");
        await File.WriteAllBytesAsync(file, await saved.Content.ReadAsByteArrayAsync());

        await using var client = await FreeRdp.StartAsync(file, $"/u:{ShadowWorkstation.Anne.UserName}", $"/p:{ShadowWorkstation.Anne.Password}");
        await client.ShowsAsync();
    }

    [Fact]
    public async Task A_native_client_needs_no_account_where_the_gateway_keeps_it()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await administrator.EnrolAsync(new { name = "Poste du montage", host = "127.0.0.1", port = shadow.Address.Port, owner = owner.UserName });

        using var browser = await app.SignInAsync(owner);
        await browser.SubmitAsync(
            await browser.GetAsync($"/workstations/{id}/account"), "account",
            ("UserName", ShadowWorkstation.Anne.UserName), ("Password", ShadowWorkstation.Anne.Password), ("Keep", "true"));
        using var saved = await browser.PostJsonAsync($"/api/workstations/{id}/rdp", new { });
        Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
        var file = Path.Combine(app.DataFolder, "montage.rdp");
        await File.WriteAllBytesAsync(file, await saved.Content.ReadAsByteArrayAsync());

        await using var client = await FreeRdp.StartAsync(file);
        await client.ShowsAsync();
    }

    [Fact]
    public async Task A_person_enters_a_server_by_SSH_with_the_private_key_that_they_paste()
    {
        await using var sshd = await Sshd.StartAsync();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        await administrator.EnrolAsync(new { name = "Serveur de calcul", host = "127.0.0.1", port = sshd.Address.Port, protocol = "ssh", owner = owner.UserName });

        await using var chromium = await Chromium.StartAsync();
        var page = await SignedInAsync(chromium, owner);
        await page.ClickAsync("section[aria-labelledby=my-workstation] a.primary");
        await page.FillAsync("#user-name", Sshd.UserName);
        await page.FillAsync("#key", "ssh-ed25519 AAAA");
        await page.ClickAsync("main form button.primary");
        await page.WaitForSelectorAsync("text=Ce n’est pas une clé privée");
        await page.FillAsync("#key", sshd.UserKey);
        await page.ClickAsync("main form button.primary");
        await page.WaitForFunctionAsync("mark => document.querySelector('.xterm-rows')?.innerText.includes(mark)", Environment.IsPrivilegedProcess ? "#" : "$");
    }

    [Fact]
    public async Task A_VNC_server_that_shuts_out_strangers_still_lets_its_person_in_after_an_hour_of_rounds()
    {
        await using var xvnc = await Xvnc.StartAsync();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await administrator.EnrolAsync(new { name = "Écran du labo", host = "127.0.0.1", port = xvnc.Address.Port, protocol = "vnc", owner = owner.UserName });
        for (var round = 0; round < 60; round++)
            await app.ProbeAsync();
        Assert.Equal(Reach.Answers, await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == id).Select(w => w.Reach).SingleAsync()));

        await using var chromium = await Chromium.StartAsync();
        var page = await SignedInAsync(chromium, owner);
        await page.ClickAsync("section[aria-labelledby=my-workstation] a.primary");
        Assert.False(await page.IsVisibleAsync("#user-name"));
        await page.FillAsync("#password", Xvnc.Password);
        await page.ClickAsync("main form button.primary");
        await page.WaitForSelectorAsync("[data-part=toolbar]:not([hidden])", new PageWaitForSelectorOptions { Timeout = 60_000 });
    }

    [Fact]
    public async Task A_person_goes_from_the_home_page_to_the_picture_of_the_workstation()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: false);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        await administrator.EnrolAsync(new { name = "Poste de la comptabilité", host = "127.0.0.1", port = shadow.Address.Port, owner = owner.UserName });

        await using var chromium = await Chromium.StartAsync();
        var page = await SignedInAsync(chromium, owner);
        await page.ClickAsync("section[aria-labelledby=my-workstation] a.primary");
        await page.FillAsync("#user-name", ShadowWorkstation.Anne.UserName);
        await page.FillAsync("#password", ShadowWorkstation.Anne.Password);
        await page.ClickAsync("main form button.primary");
        await page.WaitForSelectorAsync("[data-part=toolbar]:not([hidden])", new PageWaitForSelectorOptions { Timeout = 60_000 });
        Assert.Contains("Poste de la comptabilité", await page.TextContentAsync("[data-part=name]"), StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_SHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "ws-screen.png") });
    }

    private async Task<IPage> SignedInAsync(Chromium chromium, TestPerson person)
    {
        var page = await chromium.OpenAsync(app.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", person.UserName);
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("form[method=post] button.primary");
        return page;
    }
}
