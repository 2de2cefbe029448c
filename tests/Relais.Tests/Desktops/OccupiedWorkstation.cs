using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Access.Groups;
using Relais.Gateway.Sessions;
using Relais.Tests.Gateway;

namespace Relais.Tests.Desktops;

/// <summary>Two people and one workstation, which shows to one of them at a time.</summary>
[InChromium]
public sealed class OccupiedWorkstation(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    private const string Shown = "[data-part=toolbar]:not([hidden])";

    [Fact]
    public async Task Whoever_comes_second_is_told_who_is_there_and_whoever_is_displaced_that_somebody_came()
    {
        await using var shadow = await ShadowWorkstation.StartAsync(nla: true);
        var (first, second) = (await app.AddPersonAsync(), await app.AddPersonAsync());
        await ShareAsync(shadow, first, second);

        await using var chromium = await Chromium.StartAsync();
        var there = await ShowAsync(chromium, first);
        await there.WaitForSelectorAsync(Shown, new() { Timeout = 60_000 });
        var coming = await ShowAsync(chromium, second);
        await coming.WaitForSelectorAsync("text=Cette machine est déjà utilisée", new() { Timeout = 60_000 });
        Assert.Contains($"Personne {first.UserName} utilise ce poste en ce moment.", await coming.TextContentAsync("[data-part=text]"), StringComparison.Ordinal);
        Assert.True(await there.IsVisibleAsync(Shown));
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_SHOTS") is { Length: > 0 } folder)
            await coming.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, "occupied.png") });

        await coming.ClickAsync("[data-part=again]");
        await coming.WaitForSelectorAsync(Shown, new() { Timeout = 60_000 });
        await there.WaitForSelectorAsync("text=Quelqu’un d’autre vient d’ouvrir cette machine", new() { Timeout = 30_000 });
        var ends = await app.InDesktopsAsync(db => db.Gateway.Sessions.Where(s => s.PersonId == first.Id).Select(s => s.End).ToListAsync());
        Assert.Equal([SessionEnd.TakenOver], ends);
    }

    [Fact]
    public async Task Only_who_was_told_displaces_somebody_and_ones_own_other_device_is_nobody_else()
    {
        await using var peer = new OfficePeer();
        var (first, second) = (await app.AddPersonAsync(), await app.AddPersonAsync());
        var id = await ShareAsync("127.0.0.1", peer.Port, first, second);
        var (there, coming, elsewhere) = (await OpenerAsync(first, id), await OpenerAsync(second, id), await OpenerAsync(first, id));
        Assert.Equal(HttpStatusCode.OK, (await there.OpenAsync(id)).Status);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.OpenAsync(id)).Status);

        var (status, body) = await coming.OpenAsync(id);
        Assert.Equal((HttpStatusCode.Conflict, "urn:relais:workstation-occupied"), (status, Workstations.TypeOf(body)));
        using var displaced = await coming.PostJsonAsync($"/api/workstations/{id}/open", new { takeOver = true, displace = true });
        Assert.Equal(HttpStatusCode.OK, displaced.StatusCode);
    }

    private async Task<Browser> OpenerAsync(TestPerson person, Guid id)
    {
        var browser = await app.SignInAsync(person);
        await browser.SubmitAsync(await browser.GetAsync($"/workstations/{id}/account"), "account", ("UserName", "alice"), ("Password", "secret"));
        return browser;
    }

    private async Task<IPage> ShowAsync(Chromium chromium, TestPerson person)
    {
        var page = await app.OpenPageAsync(chromium, person, "/");
        await page.ClickAsync("section[aria-labelledby=my-workstation] a.primary");
        await page.FillAsync("#user-name", ShadowWorkstation.Anne.UserName);
        await page.FillAsync("#password", ShadowWorkstation.Anne.Password);
        await page.ClickAsync("main form button.primary");
        return page;
    }

    private Task<Guid> ShareAsync(ShadowWorkstation shadow, params TestPerson[] people) => ShareAsync($"{shadow.Address.Address}", shadow.Address.Port, people);

    private async Task<Guid> ShareAsync(string host, int port, params TestPerson[] people)
    {
        var name = $"Partage {Guid.NewGuid():N}";
        var ids = people.Select(p => p.Id).ToArray();
        await app.InDatabaseAsync(async db =>
        {
            var group = new Group { Name = name, NormalizedName = name.ToUpperInvariant() };
            group.People.AddRange(await db.Access.People.Where(p => ids.Contains(p.Id)).ToListAsync());
            db.Access.Groups.Add(group);
            return await db.Access.SaveChangesAsync();
        });
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var id = await administrator.EnrolAsync(new { name, host, port, groups = new[] { name } });
        await app.ProbeAsync();
        return id;
    }
}
