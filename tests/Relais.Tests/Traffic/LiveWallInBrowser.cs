using System.Globalization;
using System.Net;
using Microsoft.Playwright;
using Relais.Access.Contracts;

namespace Relais.Tests.Traffic;

/// <summary>The live wall and the pages of sites in a real browser, in both languages.</summary>
[InChromium]
public sealed class LiveWallInBrowser(TrafficApp app) : IClassFixture<TrafficApp>
{
    [Fact]
    public async Task The_wall_shows_each_second_who_listens_and_says_when_it_is_not_fresh()
    {
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Reader), "/traffic");
        var big = page.Locator("[data-figure=listeners]");
        await Assertions.Expect(big).ToHaveTextAsync("0");
        foreach (var (channel, listeners) in new[] { ("France Ondes", 9), ("Radio Relais", 5), ("Le Direct", 2) })
        {
            for (var i = 0; i < listeners; i++)
            {
                var id = app.Id();
                Assert.Equal(HttpStatusCode.NoContent, await app.StatusAsync($"e=start&n={id[^8..]}&c={Uri.EscapeDataString(channel)}&l=web&r=FR-IDF&i={id}"));
            }
        }

        await Assertions.Expect(big).ToHaveTextAsync("16");
        await Assertions.Expect(page.Locator("[data-shares=channels] li").First).ToContainTextAsync("France Ondes");
        await Assertions.Expect(page.Locator("[data-shares=devices] li").First).ToContainTextAsync("Ordinateur");
        foreach (var width in new[] { 1280, 360 })
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.IsInOrderAsync("live wall", width);
        }

        await page.SetViewportSizeAsync(1280, 900);
        await page.ClickAsync("header button[name=culture][value=en]");
        await Assertions.Expect(page.GetByText("Listeners now")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("#live-wall")).Not.ToHaveClassAsync("stale");
        await page.Locator("[data-part=curve]").PressAsync("ArrowLeft");
        await Assertions.Expect(page.Locator("[data-part=point]")).ToContainTextAsync(":");
        await page.IsInOrderAsync("live wall English", 1280);

        // Nothing comes any more: grey, and said in words.
        await page.RouteAsync("**/traffic/live", route => route.AbortAsync());
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByText("Frozen: the server does not answer")).ToBeVisibleAsync(new() { Timeout = 15_000 });
    }

    [Fact]
    public async Task Sites_and_their_keys_are_readable_on_any_screen()
    {
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, await app.AddPersonAsync(Roles.Administrator), "/traffic/sites");
        foreach (var (address, name) in new[] { ("/traffic/sites", "sites"), (string.Create(CultureInfo.InvariantCulture, $"/traffic/sites/{app.Site.Id}"), "site") })
        {
            await page.GotoAsync(address);
            foreach (var width in new[] { 1280, 360 })
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.IsInOrderAsync($"traffic {name}", width);
            }
        }
    }
}
