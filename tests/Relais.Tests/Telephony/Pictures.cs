using Microsoft.Playwright;

namespace Relais.Tests.Telephony;

/// <summary>Pictures of pages for people to look at, where RELAIS_TEST_PICTURES names a folder for them.</summary>
internal static class Pictures
{
    /// <summary>The same in English, in which the page stays.</summary>
    public static async Task TakeInEnglishAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_PICTURES") is null)
            return;
        await page.GetByRole(AriaRole.Button, new() { Name = "EN, English" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "FR, français" })).ToBeVisibleAsync();
        await TakeAsync(page, $"{name}-en");
    }

    public static async Task TakeAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_PICTURES") is not { } folder)
            return;
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-wide.png"), FullPage = true });
        await page.SetViewportSizeAsync(360, 800);
        await page.ScreenshotAsync(new() { Path = Path.Combine(folder, $"{name}-360.png"), FullPage = true });
        await page.SetViewportSizeAsync(1280, 900);
    }
}
