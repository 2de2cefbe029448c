using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Bundles;
using Relais.Desktops.Desktops;
using Relais.Desktops.Fleet;

namespace Relais.Tests.Desktops;

[InChromium]
public sealed class FleetPages(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task Pages_pass_axe_fit_the_screen_and_bring_an_action_to_its_job()
    {
        var now = app.Clock.GetUtcNow();
        const string Bundle = "bureau-standard";
        var older = await app.BuiltAsync(Bundle, "314081ec545caceb");
        await app.BuiltAsync(Bundle, "00000000000000bb");
        await app.AddDesktopAsync(d => (d.State, d.Wanted, d.OpenedAt, d.Image) = (DesktopState.Running, Wanted.Running, now.AddMinutes(-20), "00000000000000bb"));
        await app.AddDesktopAsync(d => (d.State, d.OpenedAt, d.Image) = (DesktopState.Frozen, now.AddHours(-2), older));
        await app.AddDesktopAsync(d => d.DeleteAt = now.AddDays(6));
        await app.AddDesktopAsync(d => d.Fail("no-answer", "nothing answered at 10.91.16.14:3389 within 90 s of the start", now));
        var desktop = await app.AddDesktopAsync(d => (d.OpenedAt, d.Image) = (now.AddDays(-1), older));
        await app.InAsync(async services =>
        {
            var db = services.GetRequiredService<DesktopsDb>();
            var kept = HomeSnapshot.Of(desktop, SnapshotReason.Scheduled, now.AddDays(-1));
            kept.TakenAt = kept.AskedAt;
            db.Snapshots.AddRange(kept, HomeSnapshot.Of(desktop, SnapshotReason.Asked, now));
            return await db.SaveChangesAsync();
        });

        await using var chromium = await Chromium.StartAsync();
        var boss = await app.AddPersonAsync(Roles.Administrator);
        var page = await app.OpenPageAsync(chromium, boss, "/desktops");
        // An address from when there were more leads to the last page, sorted as it says.
        await page.GotoAsync("/desktops?page=99&sort=-opened");
        await Assertions.Expect(page.Locator("main tbody tr").First).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("th[aria-sort=descending]")).ToHaveCountAsync(1);
        await page.GotoAsync("/desktops");
        await page.CheckAsync($"input[value='{desktop}']");
        await Assertions.Expect(page.Locator("[data-chosen]")).ToHaveTextAsync("1 sur cette page");
        await page.SelectOptionAsync("#action", nameof(FleetAction.Rebuild));
        await page.ClickAsync("#act button.primary");
        await page.ArriveAsync("**/desktops/jobs/*");
        var job = new Uri(page.Url).AbsolutePath;
        await Assertions.Expect(page.Locator("main table tbody tr")).ToHaveCountAsync(1);
        await app.WorkAsync();
        Assert.Equal(1, (await app.DesktopAsync(desktop)).Root);
        await app.ReachAsync(desktop, DesktopState.Stopped);
        await app.WorkAsync();
        // It shows that the job is over, and so loads itself no more while others are asked for.
        await Assertions.Expect(page.Locator("[data-refresh]")).ToHaveCountAsync(0);

        foreach (var (language, width) in new[] { ("fr", 1280), ("fr", 360), ("en", 1280), ("en", 360) })
        {
            await page.SpeakAsync(language);
            await page.SetViewportSizeAsync(width, 900);
            foreach (var (address, name) in new[]
                     {
                         ("/desktops", "fleet"), ("/desktops?state=Creating", "fleet-none"), ($"/desktops/{desktop}", "fleet-desktop"), (job, "fleet-job"),
                         ("/desktops/jobs", "fleet-jobs"), ("/desktops/bundles", "fleet-bundles"),
                     })
            {
                await page.GotoAsync(address);
                await page.IsInOrderAsync($"{name} {language}", width);
            }
        }

        // Without the script that fills the page anew: what is asked for is written down, and the page says so.
        await page.ClickAsync("#bundle-enqueteur ~ form button");
        await Assertions.Expect(page.Locator("[data-refresh]")).ToHaveCountAsync(1);
        await app.InAsync(async services =>
        {
            var row = await services.GetRequiredService<DesktopsDb>().Bundles.SingleAsync(b => b.Name == "enqueteur");
            Assert.Equal(BuildState.Asked, row.Build);
            return row;
        });
    }
}
