using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Relais.Tests.Desktops;

namespace Relais.Tests;

/// <summary>
/// Waits until a page is somewhere and has loaded, by its address and its own word. Playwright's own wait asks whether the load was told already and only then listens for it:
/// what is told in between, by another thread, it waits for in vain.
/// </summary>
internal static class Arrival
{
    private const string Loaded = "async () => { if (document.readyState !== 'complete') await new Promise(there => addEventListener('load', there, { once: true })); }";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <param name="address">The whole address, in which <c>**</c> stands for anything and <c>*</c> for a part between slashes.</param>
    public static Task ArriveAsync(this IPage page, string address)
    {
        var pattern = $"^{Regex.Escape(address).Replace(@"\*\*", ".*", StringComparison.Ordinal).Replace(@"\*", "[^/]*", StringComparison.Ordinal)}$";
        return page.ArriveAsync(url => Regex.IsMatch(url, pattern, RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    public static async Task ArriveAsync(this IPage page, Func<string, bool> isThere)
    {
        try
        {
            await DesktopsApp.UntilAsync(() => Task.FromResult(isThere(page.Url)), Patience);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"The page stays at {page.Url}.", e);
        }

        await page.IsLoadedAsync();
    }

    /// <summary>A page that is still arriving is not the page. It knows itself whether it is there.</summary>
    public static async Task IsLoadedAsync(this IPage page)
    {
        while (true)
        {
            try
            {
                await page.EvaluateAsync(Loaded);
                return;
            }
            catch (PlaywrightException e) when (e.Message.Contains("context was destroyed", StringComparison.Ordinal))
            {
                // It went on to another page meanwhile.
            }
        }
    }
}
