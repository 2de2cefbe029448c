using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops;

namespace Relais.Tests.Desktops;

[InChromium]
public sealed class UsagePages(FleetApp app) : IClassFixture<FleetApp>
{
    [Fact]
    public async Task The_report_passes_axe_is_filtered_by_its_address_and_brings_its_sizes_to_a_job()
    {
        app.Clock.LeaveMidnight();
        await using var chromium = await Chromium.StartAsync();
        var boss = await app.AddPersonAsync(Roles.Administrator);
        var page = await app.OpenPageAsync(chromium, boss, "/desktops/usage");
        await Assertions.Expect(page.Locator(".empty-title")).ToContainTextAsync("Aucune heure mesurée");
        await page.IsInOrderAsync("usage-none", 1280);

        var large = await app.AddDesktopAsync(d => d.Tags = ["Présidentielle"]);
        var small = await app.AddDesktopAsync();
        var unused = await app.AddDesktopAsync();
        await SeedAsync(large, memory: 300, kills: 0);
        await SeedAsync(small, memory: 900, kills: 1);
        await RunAsync($"""UPDATE desktops.desktop SET "CreatedAt" = "CreatedAt" - interval '60 days' WHERE "Id" = '{unused}'""");

        foreach (var (language, width, dark) in new[] { ("fr", 1280, false), ("fr", 360, false), ("en", 1280, true), ("en", 360, true) })
        {
            await page.SpeakAsync(language);
            await page.EmulateMediaAsync(new() { ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light });
            await page.SetViewportSizeAsync(width, 900);
            await page.GotoAsync("/desktops/usage");
            await page.IsInOrderAsync($"usage {language}{(dark ? " dark" : "")}", width);
        }

        foreach (var (address, name) in new[] { ($"/desktops/{large}", "usage-desktop"), ("/desktops?tag=pr%C3%A9sidentielle", "usage-tagged") })
        {
            await page.GotoAsync(address);
            await Assertions.Expect(page.Locator("a.tag")).ToHaveTextAsync("Présidentielle");
            await page.IsInOrderAsync(name, 360);
        }

        await page.GotoAsync("/desktops/usage?verdict=unused&from=2026-01-02&to=2026-01-01");
        await Assertions.Expect(page.Locator(".message.bad:not(.forecast .message)")).ToBeVisibleAsync();
        await page.GotoAsync("/desktops/usage?verdict=unused");
        await Assertions.Expect(page.Locator($"input[name=Chosen][value='{unused}']")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator("input[name=Chosen]")).ToHaveCountAsync(1);
        await page.GotoAsync("/desktops/usage?tag=pr%C3%A9sidentielle");
        await Assertions.Expect(page.Locator("input[name=Chosen]")).ToHaveCountAsync(1);
        await page.CheckAsync("input[name=Everything]");
        await page.ClickAsync("#act button[value=Resize]");
        await page.ArriveAsync("**/desktops/jobs/*");
        await app.WorkAsync();
        Assert.Equal(512, (await app.DesktopAsync(large)).MemoryMiB);
        Assert.Null((await app.DesktopAsync(small)).MemoryMiB);
    }

    // Eight hours a day on sixty days that are over, and what the fleet took in them.
    private async Task SeedAsync(Guid desktop, int memory, int kills)
    {
        var now = app.Clock.GetUtcNow();
        var person = (await app.DesktopAsync(desktop)).PersonId;
        await RunAsync($"""
            INSERT INTO desktops.usage_hour ("Hour", "DesktopId", "PersonId", "Bundle", "RunningSeconds", "FrozenSeconds", "SessionSeconds", "CpuSeconds", "MemoryMiB", "WithCache",
                "LimitMiB", "Processors", "CpuCounter", "Kills", "KillCounter", "LastSlot")
            SELECT h, '{desktop}', '{person}', 'bureau-standard', 3600, 0, 1800, 300, {memory}, false, 1500, 2, 0, {kills}, 0, h + interval '55 minutes'
            FROM generate_series(date_trunc('hour', timestamptz '{now:O}') - interval '60 days', timestamptz '{now:O}' - interval '1 hour', interval '3 hours') h;
            INSERT INTO desktops.usage_fleet ("Slot", "Desktops", "PromisedMiB", "UsedMiB", "BudgetMiB")
            SELECT h, 10 + extract(hour FROM h), 20480 + 2048 * extract(hour FROM h), 9000, 60000
            FROM generate_series(date_trunc('hour', timestamptz '{now:O}') - interval '60 days', timestamptz '{now:O}' - interval '1 hour', interval '1 hour') h
            ON CONFLICT DO NOTHING
            """);
    }

    private Task<int> RunAsync(string sql) =>
        app.InAsync(services => services.GetRequiredService<DesktopsDb>().Database.ExecuteSqlRawAsync(sql));
}
