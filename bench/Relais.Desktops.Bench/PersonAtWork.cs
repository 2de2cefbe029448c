using System.Diagnostics;
using Microsoft.Playwright;

namespace Relais.Desktops.Bench;

/// <summary>Milliseconds from the click on "open my desktop" to its first picture, and of these from the gateway's socket on.</summary>
internal sealed record Opening(double FirstPixel, double Connect);

/// <summary>Somebody in a headless Chromium, with eyes on the canvas.</summary>
internal sealed class PersonAtWork : IAsyncDisposable
{
    // A picture is there when the canvas shows more than a few colours; a window that is still being painted has one or two.
    private const string Eyes = """
        window.__look = (x, y, width, height) => {
            const canvas = document.querySelector('iron-remote-desktop')?.shadowRoot?.querySelector('canvas');
            if (!canvas || !canvas.width) return [];
            const copy = window.__copy ??= document.createElement('canvas');
            copy.width = 64; copy.height = 32;
            const context = copy.getContext('2d', { willReadFrequently: true });
            context.drawImage(canvas, x, y, width || canvas.width, height || canvas.height, 0, 0, 64, 32);
            return context.getImageData(0, 0, 64, 32).data;
        };
        window.__painted = () => {
            const overlay = document.querySelector('[data-part=overlay]');
            const data = window.__look(0, 0, 0, 0);
            if (!data.length || !overlay || !overlay.hidden) return false;
            const colours = new Set();
            for (let i = 0; i < data.length; i += 4) colours.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
            return colours.size > 4;
        };
        // First of all listeners, so that nobody stops the event before.
        window.addEventListener('keydown', () => window.__down?.(performance.now()), true);
        window.__pixels = () => window.__look(0, 500, 220, 260).join();
        window.__key = start => new Promise((resolve, reject) => {
            const before = window.__pixels();
            const look = () => {
                if (window.__pixels() !== before) resolve(performance.now() - start);
                else if (performance.now() - start > 5000) reject(new Error('no pixel changed'));
                else setTimeout(look, 1);
            };
            look();
        });
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;
    private readonly IPage _page;
    private long _socket;

    private PersonAtWork(IPlaywright playwright, IBrowser browser, IPage page)
    {
        (_playwright, _browser, _page) = (playwright, browser, page);
        page.WebSocket += (_, socket) =>
        {
            if (new Uri(socket.Url).AbsolutePath.StartsWith("/gateway/", StringComparison.Ordinal))
                _socket = Stopwatch.GetTimestamp();
        };
    }

    public static async Task<PersonAtWork> SignInAsync(Uri address, string user, string password)
    {
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var context = await browser.NewContextAsync(new() { BaseURL = address.AbsoluteUri, IgnoreHTTPSErrors = true, Locale = "fr-FR", ViewportSize = new() { Width = 1280, Height = 800 } });
        await context.AddInitScriptAsync(Eyes);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=UserName]", user);
        await page.FillAsync("[name=Password]", password);
        await page.PressAsync("[name=Password]", "Enter");
        await page.WaitForURLAsync(address.AbsoluteUri);
        return new PersonAtWork(playwright, browser, page);
    }

    public async Task<Opening> OpenAsync()
    {
        var start = Stopwatch.GetTimestamp();
        await _page.ClickAsync("a[href='/desktop']");
        await _page.WaitForFunctionAsync("() => window.__painted?.()", null, new() { Timeout = 120_000, PollingInterval = 10 });
        return new Opening(Stopwatch.GetElapsedTime(start).TotalMilliseconds, Stopwatch.GetElapsedTime(_socket).TotalMilliseconds);
    }

    public Task LeaveAsync() => _page.GotoAsync("/");

    /// <summary>Milliseconds from a key to the pixels it changes: the arrow keys in the open applications menu.</summary>
    public async Task<IReadOnlyList<double>> TypeAsync(int times)
    {
        await _page.Mouse.ClickAsync(640, 500);
        await SettleAsync();
        await _page.Keyboard.PressAsync("Alt+F1");
        await _page.EvaluateAsync("() => new Promise(shown => setTimeout(shown, 1500))");
        List<double> all = [];
        for (var i = 0; i < times; i++)
        {
            await SettleAsync();
            await _page.EvaluateAsync("() => { window.__seen = new Promise((yes, no) => window.__down = at => { window.__down = null; window.__key(at).then(yes, no); }); }");
            await _page.Keyboard.PressAsync(i % 8 < 4 ? "ArrowDown" : "ArrowUp");
            all.Add(await _page.EvaluateAsync<double>("() => window.__seen").WaitAsync(Patience));
        }

        await _page.Keyboard.PressAsync("Escape");
        return all;
    }

    // Until nothing has changed for a fifth of a second.
    private Task SettleAsync() => _page.EvaluateAsync("""
        () => new Promise(resolve => {
            let last = '', since = performance.now();
            const look = () => {
                const now = window.__pixels();
                if (now !== last) { last = now; since = performance.now(); }
                if (performance.now() - since > 200) resolve(); else setTimeout(look, 20);
            };
            look();
        })
        """).WaitAsync(Patience);

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}
