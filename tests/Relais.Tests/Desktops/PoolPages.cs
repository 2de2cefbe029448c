using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Desktops.Pools;
using Relais.Kernel.Verbs;

namespace Relais.Tests.Desktops;

[InChromium]
public sealed class PoolPages(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task Pages_pass_axe_fit_the_screen_and_make_and_remove_a_pool()
    {
        var boss = await app.AddPersonAsync(Roles.Administrator);
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, boss, "/desktops/pools");
        foreach (var width in new[] { 360, 1280 })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.IsInOrderAsync("pools-none", width);
        }

        var (pool, people) = await app.AddPoolAsync(1, PoolFields.New with { Most = "6", Ready = "2", Hours = [new TypedHours(["monday"], "08:00", "12:00", "5")] });
        await app.TendPoolsAsync();
        var held = await app.GivenAsync(pool, people[0]);
        await app.ReachAsync(held, DesktopState.Running);
        await app.TendPoolsAsync();
        await app.ReachAsync((await app.MembersAsync(pool)).First(m => m.IsSpare).Id, DesktopState.Running);

        // What is wrong is said at its field, and what was typed stays.
        await page.GotoAsync("/desktops/pools/new");
        await page.FillAsync("#name", "Accueil");
        await page.CheckAsync("[name=Groups] >> nth=0");
        await page.FillAsync("#from0", "08:00");
        await page.ClickAsync("main form button.primary");
        await Assertions.Expect(page.Locator("main .error[role=alert]").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#name")).ToHaveValueAsync("Accueil");
        await Assertions.Expect(page.Locator("#from0")).ToHaveValueAsync("08:00");
        await page.IsInOrderAsync("pool-faults", 1280);
        await page.CheckAsync("[name=Days0] >> nth=0");
        await page.FillAsync("#to0", "12:00");
        await page.FillAsync("#started0", "4");
        await page.ClickAsync("main form button.primary");
        await page.ArriveAsync(url => Guid.TryParse(new Uri(url).Segments[^1], out _));
        var made = await app.InAsync(services => services.GetRequiredService<DesktopsDb>().Pools.AsNoTracking().SingleAsync(p => p.Name == "Accueil"));
        Assert.Equal([new PoolHours(1, 480, 720, 4)], made.Schedule.Hours);

        foreach (var (language, width) in new[] { ("fr", 1280), ("fr", 360), ("en", 1280), ("en", 360) })
        {
            await page.SpeakAsync(language);
            await page.SetViewportSizeAsync(width, 900);
            foreach (var (address, name) in new[]
                     {
                         ("/desktops/pools", "pools"), ($"/desktops/pools/{pool}", "pool"), ("/desktops/pools/new", "pool-new"), ($"/desktops?pool={pool}", "pool-desktops"),
                         ($"/desktops/{held}", "pool-desktop"),
                     })
            {
                await page.GotoAsync(address);
                await page.IsInOrderAsync($"{name} {language}", width);
            }
        }

        await page.GotoAsync($"/desktops?pool={pool}");
        await Assertions.Expect(page.Locator("main table tbody tr")).ToHaveCountAsync(3);
        var other = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        Assert.Equal("/desktops/pools", (await other.SubmitAsync(await other.GetAsync($"/desktops/pools/{pool}"), "remove")).Path);
        await page.GotoAsync($"/desktops/pools/{pool}");
        await page.IsInOrderAsync("pool-gone", 360);
    }

    [Fact]
    public async Task Programs_and_commands_do_what_the_pages_do()
    {
        var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var (_, people) = await app.AddPoolAsync(1);
        var group = (await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops/pools"))[0].GetProperty("groups")[0].GetString();
        using (var wrong = await administrator.PostJsonAsync("/api/desktops/pools", new { name = "x", bundle = "nul", groups = new[] { group }, home = "none", most = 3, ready = 1 }))
            Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        using (var added = await administrator.PostJsonAsync(
            "/api/desktops/pools", new { name = "Par programme", bundle = PoolApp.Bundle, groups = new[] { group }, home = "kept", most = 3, ready = 0 }))
        {
            Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        }

        Assert.Equal(0, await RunAsync("set", "Par commande", "--bundle", PoolApp.Bundle, "--groups", group ?? "", "--most", "5", "--ready", "1", "--hours", "mon-fri 08:00-18:00 3"));
        Assert.Equal(0, await RunAsync("set", "par commande", "--bundle", PoolApp.Bundle, "--groups", group ?? "", "--most", "6"));
        Assert.Equal(1, await RunAsync("set", "Autre", "--bundle", PoolApp.Bundle, "--groups", group ?? "", "--most", "none"));
        Assert.Equal(2, await RunAsync("set", "Autre", "--hours", "always"));
        var pools = await administrator.Client.GetFromJsonAsync<JsonElement>("/api/desktops/pools");
        Assert.Equal(6, pools.EnumerateArray().Single(p => p.GetProperty("name").GetString() == "par commande").GetProperty("most").GetInt32());
        Assert.Equal("kept", pools.EnumerateArray().Single(p => p.GetProperty("name").GetString() == "Par programme").GetProperty("home").GetString());
        Assert.Equal(0, await RunAsync("remove", "PAR COMMANDE"));
        Assert.Equal(1, await RunAsync("remove", "Par commande"));

        var person = await app.SignInAsync(people[0]);
        using (var refused = await person.Client.GetAsync("/api/desktops/pools"))
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        using (var stranger = await person.PostJsonAsync($"/api/desktops/pools/{Guid.NewGuid()}/open", new { takeOver = true }))
            Assert.True(stranger.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.ServiceUnavailable);
    }

    private Task<int> RunAsync(string verb, params string[] arguments) => PoolVerbs.All.Single(v => v.Name == $"desktops pools {verb}".TrimEnd())
        .Run(new VerbCall(app.Services, arguments, TextWriter.Null, TextWriter.Null), CancellationToken.None);
}
