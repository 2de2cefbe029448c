using Microsoft.Playwright;

namespace Relais.Tests.Traffic;

/// <content>The same in a real browser: what moves, and what one sees of it.</content>
[InChromium]
public sealed partial class WallTests
{
    [Fact]
    public async Task Channels_race_events_are_lines_on_the_curve_and_every_page_is_in_order_on_any_screen()
    {
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, app.Researcher, "/traffic");
        for (var i = 0; i < 9; i++)
        {
            foreach (var channel in (string[])["Radio une", "Radio deux"])
                await app.StatusAsync($"e=start&n={app.Id()[^8..]}&c={Uri.EscapeDataString(channel)}&l=web&r=FR-IDF&i={app.Id()}");
        }

        await page.FillAsync("form[action='/traffic/markers'] input[name=Name]", "Le débat commence");
        await page.ClickAsync("form[action='/traffic/markers'] button.primary");
        await Assertions.Expect(page.Locator(".live-flags span", new() { HasText = "Le débat commence" })).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("[data-part=markers]")).ToContainTextAsync("Le débat commence");
        await Assertions.Expect(page.Locator("[data-shares=channels] li", new() { HasText = "Radio deux" })).ToContainTextAsync("9");
        for (var i = 0; i < 400 && await page.Locator("[data-shares=channels] li").First.InnerTextAsync() is var first && !first.Contains("Radio deux", StringComparison.Ordinal); i++)
            await app.StatusAsync($"e=start&n={app.Id()[^8..]}&c=Radio%20deux&l=app&r=FR-BRE&i={app.Id()}");
        await Assertions.Expect(page.Locator("[data-shares=channels] li").First).ToContainTextAsync("Radio deux");
        await LookAsync(page, "wall", 1280, 360);

        await page.SetViewportSizeAsync(1920, 1080);
        await page.GotoAsync("/traffic/wall");
        await Assertions.Expect(page.Locator("html")).ToHaveAttributeAsync("data-theme", "dark");
        await Assertions.Expect(page.Locator("[data-shares=channels] li").First).ToContainTextAsync("Radio deux");
        await page.IsInOrderAsync("wall screen", 1920);
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollHeight <= innerHeight"), "The wall is higher than its screen.");

        await page.SetViewportSizeAsync(1280, 900);
        // The button is there in the demo, and says how far the speech is.
        await page.GotoAsync("/traffic");
        await page.ClickAsync("#speech button[data-part=begin]");
        await Assertions.Expect(page.Locator("#speech [data-speech=lost]")).ToHaveTextAsync("0");
        await page.IsInOrderAsync("wall after the speech", 1280);

        foreach (var (name, path) in (IEnumerable<(string, string)>)[("card", "/traffic/channels/Relais%20Info"), ("links", "/traffic/links"), ("markers", "/traffic/markers")])
        {
            await page.GotoAsync(path);
            await LookAsync(page, name, 1280, 360);
        }

        using var researcher = await app.SignInAsync(app.Researcher);
        var (link, _) = await WallApp.LinkAsync(researcher, ("Name", "Direct du partenaire"), ("Kind", "wall"), ("Days", "3"));
        var anybody = await chromium.OpenAsync(app.Address);
        await anybody.GotoAsync(link);
        await Assertions.Expect(anybody.Locator("[data-shares=channels] li b").First).ToBeVisibleAsync();
        await LookAsync(anybody, "public wall", 1280, 360);
        Assert.Empty(await anybody.Context.CookiesAsync());
    }

    private static async Task LookAsync(IPage page, string name, params int[] widths)
    {
        foreach (var width in widths)
        {
            await page.SetViewportSizeAsync(width, 900);
            await page.IsInOrderAsync($"traffic {name}", width);
        }
    }
}
