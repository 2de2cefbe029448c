using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace Relais.Tests;

/// <summary>A person's headless Chromium, the machine's own; CHROMIUM names another program.</summary>
public sealed class Chromium : IAsyncDisposable
{
    // A page's own certificates are accepted by its context; those of a service worker's requests by the browser alone.
    private static readonly string[] Arguments =
        ["--ignore-certificate-errors", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

    private const float PatienceMs = 30_000;

    // One program serves all tests that need nothing special, each in contexts of its own: to start it costs more than many a test.
    private static readonly Lazy<Task<IBrowser>> Shared = new(() => LaunchAsync([]));
    private static readonly Lazy<Task<IPlaywright>> Driver = new(Playwright.CreateAsync);

    private readonly IBrowser _browser;
    private readonly bool _shared;
    private readonly ConcurrentBag<IBrowserContext> _contexts = [];

    private Chromium(IBrowser browser, bool shared) => (_browser, _shared) = (browser, shared);

    /// <param name="more">Further switches, such as a false microphone: then it is a program of its own.</param>
    public static async Task<Chromium> StartAsync(params string[] more)
    {
        // What a page is to show has the patience that every other wait has: a busy machine is no fault of the page.
        Assertions.SetDefaultExpectTimeout(PatienceMs);
        InChromiumAttribute.Check();
        return more.Length == 0 ? new Chromium(await Shared.Value, shared: true) : new Chromium(await LaunchAsync(more), shared: false);
    }

    private static async Task<IBrowser> LaunchAsync(string[] more) => await (await Driver.Value).Chromium.LaunchAsync(new BrowserTypeLaunchOptions
    {
        ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
        Args = [.. Arguments, .. more],
    });

    /// <summary>A page of a browser without any cookie. The server's authority is not the system's, so its certificate is not checked here.</summary>
    public async Task<IPage> OpenAsync(Uri address, int width = 1280, int height = 900)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            BaseURL = address.AbsoluteUri,
            IgnoreHTTPSErrors = true,
            Locale = "fr-FR",
            ViewportSize = new ViewportSize { Width = width, Height = height },
        });
        _contexts.Add(context);
        return await context.NewPageAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_shared)
            await _browser.DisposeAsync();
        else
            await Task.WhenAll(_contexts.Select(c => c.CloseAsync()));
    }
}
