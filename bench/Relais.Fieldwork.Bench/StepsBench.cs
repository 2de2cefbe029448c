using System.Globalization;
using Microsoft.Playwright;

namespace Relais.Fieldwork.Bench;

/// <summary>
/// The radio questionnaire in the console, in a headless Chromium, by its keyboard: what the engine of forms takes for each step, and how long it is from the
/// key to the next question on the screen, writing to the disk included.
/// </summary>
internal static class StepsBench
{
    private const int MostScreens = 120;

    // From the last Enter until the question on the screen is another one and has been drawn.
    private const string Eyes = """
        window.__shown = () => document.querySelector('[data-active]')?.dataset.path ?? document.querySelector('.question h1')?.textContent ?? document.querySelector('h1')?.textContent ?? '';
        window.__keys = [];
        addEventListener('keydown', event => {
          if (event.key !== 'Enter') return;
          const [start, before] = [performance.now(), window.__shown()];
          const look = () => {
            if (window.__shown() !== before) requestAnimationFrame(() => window.__keys.push(performance.now() - start));
            else if (performance.now() - start < 3000) setTimeout(look, 0);
          };
          setTimeout(look, 0);
        }, true);
        """;

    public static async Task RunAsync(string program, string connection, string folder, int interviews)
    {
        using var server = new ServerUnderTest(program, connection, folder);
        await server.SayAsync("demo", "people");
        await server.SayAsync("demo", "fieldwork");
        await server.StartAsync();
        Machine.Say(string.Create(CultureInfo.InvariantCulture, $"{interviews} interviews with the radio questionnaire in headless Chromium"));
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--ignore-certificate-errors", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        var context = await browser.NewContextAsync(new() { BaseURL = server.Address.AbsoluteUri, IgnoreHTTPSErrors = true, Locale = "fr-FR" });
        await context.AddInitScriptAsync(Eyes);
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", "enqueteur1");
        await page.FillAsync("#password", (await server.PasswordsAsync())["enqueteur1"]);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/");
        await page.GotoAsync("/interview/");
        await page.WaitForSelectorAsync("button[data-first]:focus");
        Console.WriteLine("| what | steps | p50 ms | p99 ms | max ms |");
        Console.WriteLine("|---|---|---|---|---|");
        var (engine, keys) = (new List<double>(), new List<double>());
        for (var interview = 0; interview < interviews; interview++)
        {
            await page.WaitForSelectorAsync("button[data-first]:focus");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync(".number-to-dial");
            await page.EvaluateAsync("() => { performance.clearMeasures('relais-step'); window.__keys = []; }");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync(".question [data-active]");
            await InterviewAsync(page);
            var steps = await page.EvaluateAsync<double[]>("() => performance.getEntriesByName('relais-step').map(e => e.duration)");
            var shown = await page.EvaluateAsync<double[]>("() => window.__keys");
            var slow = steps.Index().OrderByDescending(s => s.Item).Take(3).Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Index + 1}: {s.Item:0.0}"));
            Console.WriteLine($"slowest steps of interview {interview + 1}, ms: {string.Join(", ", slow)}");
            Console.WriteLine(Line(interview == 0 ? "engine, first interview (the program is cold)" : $"engine, interview {interview + 1}", [.. steps]));
            if (interview == 0)
                continue;
            engine.AddRange(steps);
            keys.AddRange(shown);
        }

        Console.WriteLine(Line("engine, all but the first", engine));
        Console.WriteLine(Line("from the key to the next question drawn", keys));
    }

    private static async Task InterviewAsync(IPage page)
    {
        for (var screens = 0; screens < MostScreens; screens++)
        {
            if (await page.Locator(".console-card button[data-first]").CountAsync() > 0)
                return;
            var before = await page.EvaluateAsync<string>("() => window.__shown()");
            var day = await page.Locator("[data-active] .day-field").CountAsync() > 0;
            if (day)
                await DayAsync(page);
            else
                await page.Keyboard.TypeAsync(await AnswerAsync(page));
            await page.Keyboard.PressAsync("Enter");
            if (await page.Locator("[data-active] .doubt, [data-active] [role=listbox]").CountAsync() > 0 && await page.EvaluateAsync<string>("() => window.__shown()") == before)
                await page.Keyboard.PressAsync("Enter");
            await page.WaitForFunctionAsync("before => window.__shown() !== before", before, new() { Timeout = 10_000 });
        }
    }

    // What a respondent would say, as the interviewer types it.
    private static async Task<string> AnswerAsync(IPage page)
    {
        var path = await page.EvaluateAsync<string>("() => document.querySelector('[data-active]')?.dataset.path ?? ''");
        if (await page.Locator("[data-active] [role=combobox]").CountAsync() > 0)
            return path.EndsWith("/region", StringComparison.Ordinal) ? "" : "hexagone";
        if (await page.Locator("[data-active] input.answer").CountAsync() > 0)
            return path[(path.LastIndexOf('/') + 1)..] switch { "age" => "34", "moins_13" => "0", "podcast_duree" => "30", _ => "2" };
        return await page.Locator("[data-active] .choice-row").CountAsync() > 0 ? "1" : "";
    }

    private static async Task DayAsync(IPage page)
    {
        foreach (var (from, station) in new[] { ("7-830", "hexagone"), ("12-13", "opaline"), ("1815-19", "vertigo") })
        {
            await page.Keyboard.TypeAsync(from);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync(".day-field:has-text('Station')");
            await page.Keyboard.TypeAsync(station);
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync(".selected");
            await page.Keyboard.PressAsync("Enter");
            await page.WaitForSelectorAsync(".day-field:has-text('Lieu')");
            await page.Keyboard.PressAsync("1");
            await page.WaitForSelectorAsync(".day-field:has-text('Appareil')");
            await page.Keyboard.PressAsync("1");
            await page.WaitForFunctionAsync("() => document.querySelector('.day-field input')?.value === '' && !document.querySelector('.selected')");
        }
    }

    private static string Line(string what, List<double> took)
    {
        took.Sort();
        double At(double share) => took.Count == 0 ? double.NaN : took[Math.Min(took.Count - 1, (int)(took.Count * share))];
        return string.Create(CultureInfo.InvariantCulture, $"| {what} | {took.Count} | {At(0.5):0.00} | {At(0.99):0.00} | {At(1):0.0} |");
    }
}
