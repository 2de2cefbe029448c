using System.Text.RegularExpressions;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace Relais.Tests;

/// <summary>What every page is held to: nothing that axe finds, and no wider than the screen.</summary>
internal static partial class PageCheck
{
    /// <param name="name">Says which page, and what state it is in.</param>
    /// <param name="width">Of the screen, in pixels.</param>
    public static async Task IsInOrderAsync(this IPage page, string name, int width)
    {
        var found = await page.RunAxe();
        Assert.True(found.Violations.Length == 0, $"{name}: {string.Join("; ", found.Violations.Select(v => $"{v.Id} {string.Join(' ', v.Nodes.Select(n => n.Html))}"))}");
        var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(wide <= width, $"{name} is {wide} wide on a screen of {width}");

        // For whoever wants to look.
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_SHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(folder, $"{Unspoken().Replace(name, "-").Trim('-')}-{width}.png") });
    }

    [GeneratedRegex("[^A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Unspoken();
}
