using System.Net;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Fieldwork.Interviews;
using Relais.Tests.Desktops;

namespace Relais.Tests.Fieldwork;

/// <summary>The console opens from this computer's copies while the server is away. A real Chromium and a server that dies by kill -9.</summary>
[InChromium]
public sealed partial class ConsoleWithoutServer(InterviewsApp app) : IClassFixture<InterviewsApp>
{
    private const string Copies = "async () => { const found = []; for (const name of await caches.keys()) for (const one of await (await caches.open(name)).keys()) found.push(name + ' ' + new URL(one.url).pathname); return found; }";

    [Fact]
    public async Task A_reload_and_a_fresh_page_without_the_server_go_on_with_the_interview_and_it_is_delivered_once_the_server_is_back()
    {
        var wave = await app.AddInterviewsAsync();
        await using var server = await StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, server, wave.People[0]);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".number-to-dial");
        await page.KeysAsync("Enter");
        await page.AskedAsync("Vous êtes…");
        await page.KeysAsync("1", "Enter");
        await page.AskedAsync("Quel âge avez-vous ?");
        await page.WaitForSelectorAsync(".delivery.good[data-unsent='0']");

        server.Kill();
        await page.ReloadAsync();
        await page.AskedAsync("Quel âge avez-vous ?");
        await page.TypeAsync("34");
        await page.AskedAsync("Hier, avez-vous écouté la radio…");
        var context = page.Context;
        await page.CloseAsync();
        page = await context.NewPageAsync();
        await page.GotoAsync(new Uri(server.Address, "/interview/").AbsoluteUri);
        await page.AskedAsync("Hier, avez-vous écouté la radio…");
        await page.KeysAsync("1", "2", "Enter");
        await page.AskedAsync("Quelle station avez-vous écoutée en dernier ?");
        await page.WaitForSelectorAsync(".delivery.warning[data-unsent='2']");
        await page.IsInOrderAsync("console-without-server-fr", 1280);

        await server.StartAsync();
        await page.WaitForSelectorAsync(".delivery.good[data-unsent='0']");
        await page.TypeAsync("oceane");
        await page.AskedAsync("En quelques mots, qu'en avez-vous pensé ?");
        await page.TypeAsync("Bien");
        await page.WaitForSelectorAsync("text=Toutes les questions sont posées");
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".console-card button[data-first]:focus");
        var interview = await app.InFieldworkAsync(db => db.Interviews.AsNoTracking().SingleAsync(i => i.WaveId == wave.Wave));
        Assert.Equal(InterviewState.Completed, interview.State);
        Assert.Equal(["1 /radio/sexe=F", "2 /radio/age=34", "3 /radio/medias=maison voiture", "4 /radio/station=fip", "5 /radio/mots=Bien"], await app.StoredAsync(interview.Id));
    }

    [Fact]
    public async Task One_key_brings_a_number_also_when_the_server_answers_only_later()
    {
        var wave = await app.AddInterviewsAsync();
        await using var server = await StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, server, wave.People[0]);
        server.Kill();
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".console-notice:has-text('Le serveur ne répond pas')");
        await server.StartAsync();
        await page.WaitForSelectorAsync(".number-to-dial");
        // A call that ends meanwhile is recorded as soon as the server is back, and another outcome may be chosen until then.
        server.Kill();
        await page.KeysAsync("1");
        await page.WaitForSelectorAsync("text=Le serveur ne répond pas");
        await server.StartAsync();
        await page.WaitForSelectorAsync(".console-card button[data-first]:focus");
        Assert.Equal(1, await app.InFieldworkAsync(db => db.Attempts.CountAsync(a => a.WaveId == wave.Wave)));
    }

    [Fact]
    public async Task What_is_kept_on_this_computer_is_the_program_and_nothing_that_the_server_says_of_anybody()
    {
        var wave = await app.AddInterviewsAsync();
        await using var server = await StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, server, wave.People[0]);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".number-to-dial");
        var copies = await page.EvaluateAsync<string[]>(Copies);
        Assert.Contains(copies, c => c.EndsWith(" /interview/offline", StringComparison.Ordinal));
        Assert.All(copies, c => Assert.Matches("^relais-offline-[0-9a-f]{16} /(interview/offline|interview/_framework/.+|assets/.+)$", c));
        var shell = await page.EvaluateAsync<string>("async () => await (await caches.match('/interview/offline')).text()");
        Assert.DoesNotContain(wave.People[0].Id.ToString(), shell, StringComparison.Ordinal);
        Assert.DoesNotContain(wave.People[0].UserName, shell, StringComparison.Ordinal);
        Assert.DoesNotContain(wave.People[0].UserName, await page.EvaluateAsync<string>("() => JSON.stringify(localStorage)"), StringComparison.Ordinal);

        // Who comes to the sign-in is perhaps somebody else: without the server nobody is let in as the last one.
        await page.GotoAsync("/");
        await page.Context.ClearCookiesAsync();
        await page.GotoAsync("/sign-in");
        await page.WaitForFunctionAsync("() => localStorage.getItem('relais-console') === null");
        server.Kill();
        await page.GotoAsync("/interview/");
        await page.WaitForSelectorAsync("[data-away]:visible >> text=Le serveur ne répond pas.");
        await page.SetViewportSizeAsync(360, 800);
        await page.IsInOrderAsync("console-away", 360);
        await server.StartAsync();
        await page.ArriveAsync("**/sign-in**");
    }

    [Fact]
    public async Task A_newer_server_brings_a_whole_set_of_copies_of_its_own_and_the_interview_goes_on()
    {
        var wave = await app.AddInterviewsAsync();
        await using var server = await StartAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await OpenAsync(chromium, server, wave.People[0]);
        await page.KeysAsync("Enter");
        await page.WaitForSelectorAsync(".number-to-dial");
        await page.KeysAsync("Enter");
        await page.AskedAsync("Vous êtes…");
        var before = await VersionAsync(page);

        server.Kill();
        server.Settings["RELAIS__Portal__WebRoot"] = await NewerAsync(server);
        await server.StartAsync();
        // The interview is not interrupted: this page has all that it needs.
        await page.KeysAsync("1", "Enter");
        await page.AskedAsync("Quel âge avez-vous ?");
        await page.WaitForSelectorAsync(".delivery.good[data-unsent='0']");
        await page.ReloadAsync();
        await page.AskedAsync("Quel âge avez-vous ?");
        await DesktopsApp.UntilAsync(async () => await page.EvaluateAsync<bool>("async old => (await caches.keys()).some(name => /[0-9a-f]{16}$/.test(name)) && (await caches.keys()).every(name => name !== old)", before), TimeSpan.FromSeconds(30));
        await page.EvaluateAsync("() => navigator.serviceWorker.ready");
        server.Kill();
        await page.ReloadAsync();
        await page.AskedAsync("Quel âge avez-vous ?");
        var scripts = await page.EvaluateAsync<string>("() => [...document.scripts].map(s => s.src).join(' ')");
        Assert.True(scripts.Contains("newer", StringComparison.Ordinal), scripts);
        await page.TypeAsync("34");
        await page.AskedAsync("Hier, avez-vous écouté la radio…");
    }

    [Fact]
    public async Task The_worker_holds_each_file_against_its_hash_and_its_page_allows_workers_of_this_server_alone()
    {
        using var worker = await app.OpenBrowser().Client.GetAsync("/interview/service-worker.js");
        Assert.Equal((HttpStatusCode.OK, "text/javascript", "no-cache"), (worker.StatusCode, worker.Content.Headers.ContentType?.MediaType, worker.Headers.CacheControl?.ToString()));
        var script = await worker.Content.ReadAsStringAsync();
        var files = Listed().Matches(script);
        Assert.Contains(files, f => f.Groups["address"].Value == "/interview/_framework/dotnet.js");
        Assert.Contains(files, f => f.Groups["address"].Value.StartsWith("/assets/console-", StringComparison.Ordinal));
        Assert.All(files, f => Assert.StartsWith("sha256-", Regex.Unescape(f.Groups["integrity"].Value), StringComparison.Ordinal));
        using var shell = await app.OpenBrowser().Client.GetAsync("/interview/offline");
        var policy = shell.Headers.GetValues("Content-Security-Policy").Single();
        Assert.EndsWith("worker-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-", policy, StringComparison.Ordinal);
        Assert.Contains(Version().Match(script).Groups["version"].Value, await shell.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var other = await app.OpenBrowser().Client.GetAsync("/sign-in");
        Assert.DoesNotContain("worker-src", other.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
    }

    private async Task<ServerProcess> StartAsync()
    {
        var server = await ServerProcess.CreateAsync();
        server.Settings["RELAIS__ConnectionStrings__Relais"] = app.ConnectionString;
        server.Settings["ASPNETCORE_ENVIRONMENT"] = "Development";
        await server.StartAsync();
        return server;
    }

    // The copies are there once the worker works.
    private static async Task<IPage> OpenAsync(Chromium chromium, ServerProcess server, TestPerson person)
    {
        var page = await chromium.OpenAsync(server.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", person.UserName);
        await page.FillAsync("#password", person.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.ArriveAsync("**/");
        await page.GotoAsync("/interview/");
        await page.WaitForSelectorAsync("button[data-first]:focus");
        // Whoever waits for a promise by WaitForFunction waits for nothing.
        await DesktopsApp.UntilAsync(() => page.EvaluateAsync<bool>("async () => (await navigator.serviceWorker.ready).active.state === 'activated'"), TimeSpan.FromSeconds(30));
        return page;
    }

    private static async Task<string> VersionAsync(IPage page) => (await page.EvaluateAsync<string[]>("() => caches.keys()")).Single(name => !name.EndsWith("pages", StringComparison.Ordinal));

    // The same scripts, of which the console's has another name and one line more, as another version has.
    private static async Task<string> NewerAsync(ServerProcess server)
    {
        var (from, to) = (Path.Combine(RelaisApp.Repository(), "var", "web", "dist"), Directory.CreateDirectory(Path.Combine(server.Folder, "newer")).FullName);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        var manifest = Path.Combine(to, "manifest.json");
        var name = Console().Match(await File.ReadAllTextAsync(manifest)).Value;
        await File.WriteAllTextAsync(Path.Combine(to, "console-newer.js"), await File.ReadAllTextAsync(Path.Combine(to, name)) + "\n// newer\n");
        await File.WriteAllTextAsync(manifest, (await File.ReadAllTextAsync(manifest)).Replace(name, "console-newer.js", StringComparison.Ordinal));
        return to;
    }

    [GeneratedRegex("console-[\\w-]+\\.js", RegexOptions.None, 1000)]
    private static partial Regex Console();

    [GeneratedRegex("\"address\":\"(?<address>[^\"]*)\",\"integrity\":\"(?<integrity>[^\"]*)\"", RegexOptions.None, 1000)]
    private static partial Regex Listed();

    [GeneratedRegex("\"version\":\"(?<version>[0-9a-f]{16})\"", RegexOptions.None, 1000)]
    private static partial Regex Version();
}
