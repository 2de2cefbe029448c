using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Npgsql;
using Relais.Tests.Onboarding;

namespace Relais.Access.Bench;

/// <summary>
/// Imports a list of six hundred people, lets their desktops be allocated, and opens every page that a person of each role comes to by the links of pages, three times:
/// the first byte and the first content.
/// </summary>
internal static partial class PagesBench
{
    private const double Aim = 300;
    private const int Tries = 3;
    private const int Pages = 80;
    private const int UsedDesktops = 300;
    private const int UsedDays = 60;
    private static readonly string[] OneOfEachRole = ["informatique1", "superviseur1", "enqueteur1", "chercheur1", "lecteur1", "employe1", "prestataire1"];

    private sealed record Seen(string Role, string Path, double FirstByte, double FirstContent);

    public static async Task<int> RunAsync(string program, string connection, string folder, int people)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        using var node = new Node(program, connection, folder);
        var (passwords, filled) = await FillAsync(node, database, people);
        using var playwright = await Playwright.CreateAsync();
        await using var browser = await playwright.Chromium.LaunchAsync(new()
        {
            ExecutablePath = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium",
            Args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
        });
        List<Seen> all = [];
        foreach (var name in OneOfEachRole)
            all.AddRange(await WalkAsync(browser, node.Address, name, passwords[name]));

        Machine.Say($"{people} people and their desktops; {filled}");
        Console.WriteLine();
        Console.WriteLine("| as | page | first byte ms | first content ms | |");
        Console.WriteLine("|---|---|---|---|---|");
        foreach (var page in all.OrderByDescending(p => p.FirstContent))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {page.Role} | {page.Path} | {page.FirstByte:0} | {page.FirstContent:0} | {(page.FirstContent > Aim ? "over" : "")} |"));
        }

        var over = all.Count(p => p.FirstContent > Aim);
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all.Count} pages, {over} over {Aim:0} ms; best of {Tries} tries each"));
        return over == 0 ? 0 : 1;
    }

    /// <summary>The same people and desktops for whoever wants to look at the pages: serves them until it is ended.</summary>
    public static async Task<int> ShowAsync(string program, string connection, string folder, int people)
    {
        await using var database = NpgsqlDataSource.Create(connection);
        using var node = new Node(program, connection, folder);
        var (passwords, filled) = await FillAsync(node, database, people);
        Console.WriteLine($"{filled}\n\n{node.Address}   until Ctrl+C");
        foreach (var name in OneOfEachRole)
            Console.WriteLine($"{name,-14} {passwords[name]}");
        var ended = new TaskCompletionSource();
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Ended);
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ended);
        await ended.Task;
        return 0;

        void Ended(PosixSignalContext signal)
        {
            signal.Cancel = true;
            ended.TrySetResult();
        }
    }

    private static async Task<(Dictionary<string, string> Passwords, string Filled)> FillAsync(Node node, NpgsqlDataSource database, int people)
    {
        node.Settings["RELAIS__Desktops__Bundles"] = Path.GetFullPath("bundles");
        var passwords = await node.SeedAsync(0);
        // Browsers come by password alone: what is measured lies behind.
        await RunAsync(database, "DELETE FROM access.second_factor_rule");
        var import = await ImportAsync(node, database, node.Folder, people);
        return (passwords, $"{import}; {await UseAsync(node, database)}");
    }

    private static async Task<string> ImportAsync(Node node, NpgsqlDataSource database, string folder, int people)
    {
        var list = new PeopleList("b", people, Math.Min(30, people), DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
        foreach (var group in list.GroupNames)
            await RunAsync(database, $"""INSERT INTO access."group" (id, name, normalized_name) VALUES (gen_random_uuid(), '{group}', '{group.ToUpperInvariant()}')""");
        var file = Path.Combine(folder, "people.csv");
        await File.WriteAllTextAsync(file, list.ToString());
        await node.StartAsync();
        var start = Stopwatch.GetTimestamp();
        if (await node.SayAsync("import", file) is (not 0, var fault))
            throw new InvalidOperationException(fault);
        var imported = Stopwatch.GetElapsedTime(start);
        while ((long)(await RunAsync(database, "SELECT count(*) FROM desktops.desktop"))! < people)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        var allocated = Stopwatch.GetElapsedTime(start);
        var again = (await node.SayAsync("import", file)).Said.Trim();
        return string.Create(CultureInfo.InvariantCulture, $"import {imported.TotalSeconds:0.0} s, every desktop allocated after {allocated.TotalSeconds:0.0} s; imported again: {again}");
    }

    // What half of the desktops took in sixty days, an hour a row; the server adds the days up when it starts.
    private static async Task<string> UseAsync(Node node, NpgsqlDataSource database)
    {
        var hours = Convert.ToInt64(await RunAsync(database, $"""
            INSERT INTO desktops.usage_hour ("Hour", "DesktopId", "PersonId", "Bundle", "RunningSeconds", "FrozenSeconds", "SessionSeconds", "CpuSeconds", "MemoryMiB", "WithCache",
                "LimitMiB", "Processors", "CpuCounter", "Kills", "KillCounter", "LastSlot")
            SELECT h, d."Id", d."PersonId", d."Bundle", 3600, 0, CASE WHEN extract(hour FROM h) BETWEEN 8 AND 17 THEN 3000 ELSE 0 END, random() * 900, 200 + random() * 1200, false,
                1500, 2, 0, 0, 0, h + interval '55 minutes'
            FROM generate_series(date_trunc('hour', now()) - interval '{UsedDays} days', date_trunc('hour', now()) - interval '1 hour', interval '1 hour') h,
                (SELECT * FROM desktops.desktop ORDER BY "Id" LIMIT {UsedDesktops}) d;
            INSERT INTO desktops.usage_fleet ("Slot", "Desktops", "PromisedMiB", "UsedMiB", "BudgetMiB")
            SELECT s, 60 + 200 * (extract(hour FROM s) BETWEEN 8 AND 17)::int, (60 + 200 * (extract(hour FROM s) BETWEEN 8 AND 17)::int) * 1500, 100000, 360000
            FROM generate_series(now() - interval '{UsedDays} days', now(), interval '5 minutes') s;
            ANALYZE desktops.usage_hour;
            SELECT count(*) FROM desktops.usage_hour
            """), CultureInfo.InvariantCulture);
        node.Kill();
        var start = Stopwatch.GetTimestamp();
        await node.StartAsync();
        while ((long)(await RunAsync(database, "SELECT count(DISTINCT \"Day\") FROM desktops.usage_day"))! < UsedDays - 1)
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        return string.Create(CultureInfo.InvariantCulture, $"{hours} hours of use, added up by day {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s after a start");
    }

    // Every link of every page, each shape of address once.
    private static async Task<List<Seen>> WalkAsync(IBrowser browser, Uri address, string name, string password)
    {
        await using var context = await browser.NewContextAsync(new() { BaseURL = address.AbsoluteUri, IgnoreHTTPSErrors = true, Locale = "fr-FR", ViewportSize = new() { Width = 1280, Height = 900 } });
        var page = await context.NewPageAsync();
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=UserName]", name);
        await page.FillAsync("[name=Password]", password);
        await page.PressAsync("[name=Password]", "Enter");
        await page.WaitForURLAsync(address.AbsoluteUri);
        var found = new Queue<string>(["/"]);
        var shapes = new HashSet<string>(StringComparer.Ordinal) { "/" };
        List<Seen> seen = [];
        while (found.Count > 0 && seen.Count < Pages)
        {
            var path = found.Dequeue();
            if (await OpenAsync(page, path) is not { } first)
                continue;
            var best = first;
            for (var i = 1; i < Tries; i++)
            {
                if (await OpenAsync(page, path) is { } again && again.Content < best.Content)
                    best = again;
            }

            seen.Add(new Seen(name, path, best.Byte, best.Content));
            foreach (var link in await page.EvaluateAsync<string[]>("() => [...document.querySelectorAll('a[href]:not([download])')].filter(a => a.origin === location.origin).map(a => a.pathname)"))
            {
                if (!Left().IsMatch(link) && shapes.Add(Ids().Replace(link, "/*")))
                    found.Enqueue(link);
            }
        }

        return seen;
    }

    // Null for what is no page: a file, or a page that leads elsewhere.
    private static async Task<(double Byte, double Content)?> OpenAsync(IPage page, string path)
    {
        try
        {
            var answer = await page.GotoAsync(path, new() { WaitUntil = WaitUntilState.DOMContentLoaded });
            if (answer is not { Ok: true } || new Uri(page.Url).AbsolutePath != path || !answer.Headers.GetValueOrDefault("content-type", "").StartsWith("text/html", StringComparison.Ordinal))
                return null;
            var times = await page.EvaluateAsync<double[]>("""
                () => new Promise(resolve => new PerformanceObserver(list => {
                    const paint = list.getEntries().find(e => e.name === 'first-contentful-paint');
                    if (paint) resolve([performance.getEntriesByType('navigation')[0].responseStart, paint.startTime]);
                }).observe({ type: 'paint', buffered: true }))
                """).WaitAsync(TimeSpan.FromSeconds(10));
            return (times[0], times[1]);
        }
        catch (Exception e) when (e is PlaywrightException or TimeoutException)
        {
            return null;
        }
    }

    private static async Task<object?> RunAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return await command.ExecuteScalarAsync();
    }

    [GeneratedRegex("/[0-9a-fA-F-]{36}(?=/|$)|/[0-9]+(?=/|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Ids();

    // Leaving, and what opens a machine.
    [GeneratedRegex("sign-out|^/desktop$|/open$|\\.(csv|json|rdp|yaml)$|^/openapi", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Left();
}
