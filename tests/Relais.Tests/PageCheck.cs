using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Relais.Tests;

/// <summary>What every page is held to: nothing that axe finds, and no wider than the screen.</summary>
internal static partial class PageCheck
{
    private const int Narrow = 600;
    private const string Run = """
        async () => {
          // Colours that are still changing are nobody's.
          await Promise.allSettled(document.getAnimations().filter(a => a.effect?.getTiming().iterations !== Infinity).map(a => a.finished));
          const found = await axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false });
          return found.violations.map(v => `${v.id} ${v.nodes.map(n => n.html).join(' ')}`);
        }
        """;

    private static readonly string Axe = new BundledAxeScriptProvider().GetScript();

    // A page is the same to axe in another language or on a screen a little wider: it is asked once for the narrow and once for the wide one.
    private static readonly ConcurrentDictionary<(string Path, string Name, bool Narrow), bool> Asked = [];

    /// <param name="name">Says which page, and what state it is in.</param>
    /// <param name="width">Of the screen, in pixels.</param>
    public static async Task IsInOrderAsync(this IPage page, string name, int width)
    {
        await page.IsLoadedAsync();
        if (Asked.TryAdd((new Uri(page.Url).AbsolutePath, Languages().Replace(name, ""), width < Narrow), true))
        {
            if (!await page.EvaluateAsync<bool>("() => 'axe' in window"))
                await page.EvaluateAsync(Axe);
            var found = await page.EvaluateAsync<string[]>(Run);
            Assert.True(found.Length == 0, $"{name}: {string.Join("; ", found)}");
        }

        var wide = await page.EvaluateAsync<int>("document.documentElement.scrollWidth");
        Assert.True(wide <= width, $"{name} is {wide} wide on a screen of {width}");

        // For whoever wants to look.
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_SHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(folder, $"{Unspoken().Replace(name, "-").Trim('-')}-{width}.png") });
    }

    [GeneratedRegex(@"\b(fr|en)\b", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Languages();

    [GeneratedRegex("[^A-Za-z0-9]+", RegexOptions.None, 1000)]
    private static partial Regex Unspoken();
}
