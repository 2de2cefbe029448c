using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops.Pools;
using static Relais.Tests.Desktops.PlanSamples;

namespace Relais.Tests.Desktops;

[InChromium]
public sealed class ContinuityPlanPages(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task A_plan_is_written_rehearsed_started_and_stopped_on_pages_that_pass_axe_and_fit_the_screen()
    {
        await app.BuiltAsync(Bundle, "00000000000000aa");
        var (first, early) = await app.AddGroupAsync(3);
        var (pool, _) = await app.AddPoolAsync(1, PoolFields.New with { Most = "4" });
        var (second, _) = await app.AddGroupAsync(2, person => person.PasswordHash = null);

        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Administrator), "/plans");
        await page.IsInOrderAsync("plans-none fr", 1280);
        await page.ClickAsync("a[href='/plans/new']");
        await page.FillAsync("#name", "Crue de la Seine");
        await page.CheckAsync($"[name='Groups.0'][value='{first}']");
        await page.SelectOptionAsync("#bundle-0", Bundle);
        await page.FillAsync("#at-once-0", "2");
        await page.ClickAsync("button[value=add]");
        // What was typed is still there.
        await Assertions.Expect(page.Locator("#at-once-0")).ToHaveValueAsync("2");
        await page.CheckAsync($"[name='Groups.1'][value='{second}']");
        await page.SelectOptionAsync("#bundle-1", "enqueteur");
        await page.ClickAsync("button[value=add-pool]");
        await page.SelectOptionAsync("#pool-2", $"{pool}");
        await page.FillAsync("#ready-2", "2");
        await page.UncheckAsync("[name='Waits.2']");
        await page.IsInOrderAsync("plan-new fr", 1280);
        await page.ClickAsync("button.primary[value=save]");
        await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync("Crue de la Seine");
        var plan = new Uri(page.Url).AbsolutePath;

        await page.ClickAsync("form:has(input[value=rehearse]) button");
        await Assertions.Expect(page.Locator(".findings li")).ToHaveCountAsync(4);
        await page.ClickAsync("button[popovertarget=start]");
        await page.ClickAsync("#start button.primary");
        await Assertions.Expect(page.Locator(".plan-run")).ToBeVisibleAsync();
        await app.LookAsync();
        Assert.Equal(2, (await app.WantedAsync(early)).Count);
        await page.GotoAsync(plan);
        await Assertions.Expect(page.Locator(".plan-run tbody tr")).ToHaveCountAsync(3);
        await page.ClickAsync("form:has(input[value=stop]) button");
        await Assertions.Expect(page.Locator("form:has(input[value=stop]) button")).ToBeDisabledAsync();
        await app.AllRunAsync(early);
        await app.LookAsync();
        await app.LookAsync();
        // It shows that the run is over, and so loads itself no more while others are asked for.
        await Assertions.Expect(page.Locator("[data-refresh]")).ToHaveCountAsync(0);

        foreach (var (language, width) in new[] { ("fr", 1280), ("fr", 360), ("en", 1280), ("en", 360) })
        {
            await page.SpeakAsync(language);
            await page.SetViewportSizeAsync(width, 900);
            foreach (var (address, name) in new[] { ("/plans", "plans"), (plan, "plan"), ($"{plan}/edit", "plan-edit"), ("/plans/00000000-0000-0000-0000-000000000000", "plan-missing") })
            {
                await page.GotoAsync(address);
                await page.IsInOrderAsync($"{name} {language}", width);
            }
        }
    }
}
