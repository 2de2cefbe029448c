using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;
using Relais.Kernel.Audit;

namespace Relais.Tests.Desktops;

/// <summary>What passes in and out of a real desktop: files by their rules, and the name that stands over the picture.</summary>
[Collection(NetworkTests.Name)]
public sealed class TransferOnEngine(TransferOnEngine.App app) : IClassFixture<TransferOnEngine.App>
{
    private const string Files = "/api/desktops/mine/files";
    private const string Prints = "/api/desktops/mine/prints";

    [Fact]
    public async Task Files_pass_by_the_rules_of_the_bundle_and_lead_nowhere_else()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        var browser = await app.SignInAsync(person);
        await DesktopsApp.OpenDesktopAsync(browser);
        var instance = await app.InstanceOfAsync(person);

        await RefusedAsync(await PutAsync(browser, "../../etc/passwd.txt", "x"), HttpStatusCode.BadRequest, "file-name");
        await RefusedAsync(await PutAsync(browser, "outil.exe", "MZ"), HttpStatusCode.UnsupportedMediaType, "file-type");
        await RefusedAsync(await PutAsync(browser, "outil.txt", "MZ et la suite"), HttpStatusCode.UnsupportedMediaType, "file-content");
        await RefusedAsync(await PutAsync(browser, "grand.txt", new string('a', (1 << 20) + 1)), HttpStatusCode.RequestEntityTooLarge, "file-too-large");

        // Left behind by a server that died: it goes with the next file.
        await InsideAsync(instance, "touch -d '2 hours ago' /var/lib/relais-0123456789abcdef0123456789abcdef");
        using (var put = await PutAsync(browser, "Été 2026.txt", "bonjour"))
            Assert.True(put.StatusCode == HttpStatusCode.OK, await put.Content.ReadAsStringAsync());
        await InsideAsync(instance, "test \"$(cat '/home/bureau/Transfert/Été 2026.txt')\" = bonjour && test $(stat -c %u:%a '/home/bureau/Transfert/Été 2026.txt') = 1000:600");
        await RefusedAsync(await PutAsync(browser, "Été 2026.txt", "autre"), HttpStatusCode.Conflict, "file-exists");
        await InsideAsync(instance, "test $(ls -A /home/bureau/Transfert | wc -l) = 1 && ! ls /var/lib/relais-*");

        await InsideAsync(instance, "cd /home/bureau/Transfert && printf 'nom;age\\nClaire;41\\n' > notes.csv && ln -s /etc/passwd lien.txt && chown -h 1000:1000 *");
        var listed = await browser.Client.GetFromJsonAsync<JsonElement>(Files);
        Assert.Equal(["notes.csv", "Été 2026.txt"], listed.GetProperty("files").EnumerateArray().Select(f => f.GetProperty("name").GetString()));
        using (var taken = await TakeAsync(browser, "notes.csv"))
        {
            Assert.Equal("nom;age\nClaire;41\n", await taken.Content.ReadAsStringAsync());
            Assert.Equal("attachment", taken.Content.Headers.ContentDisposition?.DispositionType);
        }

        await RefusedAsync(await TakeAsync(browser, "lien.txt"), HttpStatusCode.Conflict, "file-leads-out");
        await RefusedAsync(await TakeAsync(browser, "absent.txt"), HttpStatusCode.NotFound, "file-missing");
        await InsideAsync(instance, "cd /home/bureau && rm -r Transfert && ln -s /tmp Transfert && chown -h 1000:1000 Transfert");
        await RefusedAsync(await PutAsync(browser, "dehors.txt", "x"), HttpStatusCode.Conflict, "file-leads-out");
        await RefusedAsync(await browser.Client.GetAsync(Files), HttpStatusCode.Conflict, "file-leads-out");
        await InsideAsync(instance, "! test -e /tmp/dehors.txt && rm /home/bureau/Transfert");

        await PrintsAsync(browser, instance);

        await app.WantAsync(person, Wanted.Frozen, DesktopState.Frozen);
        await RefusedAsync(await PutAsync(browser, "froid.txt", "x"), HttpStatusCode.Conflict, "desktop-frozen");

        var lines = await AuditAsync(person);
        var came = Assert.Single(lines, l => l.Action == "transfer.in" && l.SubjectName == "Été 2026.txt" && l.Detail.Contains(Hash("bonjour"), StringComparison.Ordinal));
        Assert.Contains("\"bytes\":7", came.Detail, StringComparison.Ordinal);
        Assert.Single(lines, l => l.Action == "transfer.out" && l.SubjectName == "notes.csv" && l.Detail.Contains(Hash("nom;age\nClaire;41\n"), StringComparison.Ordinal));
        Assert.Single(lines, l => l.Action == "print.out" && l.SubjectName == "Compte rendu.pdf");
        Assert.Contains(lines, l => l.Action == "transfer.refused" && l.Detail.Contains("file-content", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_page_carries_files_under_the_person_s_name_and_a_native_client_is_refused()
    {
        var person = await app.AddPersonAsync(Roles.Staff);
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("[name=UserName]", person.UserName);
        await page.FillAsync("[name=Password]", person.Password);
        await page.PressAsync("[name=Password]", "Enter");
        await page.ArriveAsync(new Uri(app.Address, "/").AbsoluteUri);
        await page.GotoAsync("/desktop");
        await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });

        var mark = page.Locator("canvas.remote-watermark");
        Assert.Contains(person.UserName, await mark.GetAttributeAsync("data-text") ?? "", StringComparison.Ordinal);
        // Whoever takes it away finds it there again.
        await mark.EvaluateAsync("canvas => canvas.remove()");
        await mark.WaitForAsync(new() { State = WaitForSelectorState.Attached });

        await page.EvaluateAsync("() => document.querySelector('[data-part=files]').click()");
        await page.WaitForSelectorAsync("[data-part=files-none]:not([hidden])");
        await page.SetInputFilesAsync("[data-part=files-input]", new FilePayload { Name = "notes.csv", MimeType = "text/csv", Buffer = "a;b\n"u8.ToArray() });
        var take = page.Locator("[data-part=files-list] li", new() { HasText = "notes.csv" }).Locator("button");
        await take.WaitForAsync();
        await page.IsInOrderAsync("transfer panel", 1280);
        var download = await page.RunAndWaitForDownloadAsync(() => take.ClickAsync());
        Assert.Equal("notes.csv", download.SuggestedFilename);
        Assert.Equal("a;b\n", await File.ReadAllTextAsync(await download.PathAsync(), TestContext.Current.CancellationToken));
        await page.ClickAsync("[data-part=files-close]");
        await TellsWhatPassesAsync(page);
        await AnnouncesPrintsAsync(page, await app.InstanceOfAsync(person.Id));

        using var native = await (await app.SignInAsync(person)).PostJsonAsync("/api/desktops/mine/rdp", new { });
        await RefusedAsync(native, HttpStatusCode.Forbidden, "watermark-native");
    }

    private static async Task TellsWhatPassesAsync(IPage page)
    {
        await page.EvaluateAsync("() => document.querySelector('[data-part=rules]').click()");
        var rules = page.Locator("[data-part=rules-list]");
        await Assertions.Expect(rules).ToContainTextAsync("n’en laisse rien copier");
        await Assertions.Expect(rules).ToContainTextAsync("arrive sur cette page en PDF");
        await Assertions.Expect(rules).ToContainTextAsync("une photo ou un navigateur modifié y échappent");
        await page.IsInOrderAsync("session rules", 1280);
        await page.ClickAsync("[data-part=rules-panel] button");
        await Assertions.Expect(rules).ToBeHiddenAsync();
    }

    private static async Task AnnouncesPrintsAsync(IPage page, string instance)
    {
        await InsideAsync(instance, "echo bonjour > /tmp/notes && runuser -u bureau -- lp -t 'Compte rendu du trimestre.txt' /tmp/notes");
        var line = page.Locator("[data-part=printed][data-shown]");
        await Assertions.Expect(line).ToContainTextAsync("Compte rendu du trimestre.pdf");
        await page.IsInOrderAsync("session printed", 1280);
        await page.ClickAsync("[data-part=printed-hide]");
        await Assertions.Expect(line).ToBeHiddenAsync();
    }

    // From a program of the person's own to the PDF in their browser.
    private static async Task PrintsAsync(Browser browser, string instance)
    {
        await InsideAsync(instance, "lpstat -d | grep -q Relais && echo bonjour > /tmp/notes && runuser -u bureau -- lp -t 'Compte rendu.txt' /tmp/notes");
        JsonElement document = default;
        await DesktopsApp.UntilAsync(async () =>
        {
            document = (await browser.Client.GetFromJsonAsync<JsonElement>(Prints)).EnumerateArray().FirstOrDefault();
            return document.ValueKind == JsonValueKind.Object;
        });
        Assert.Equal("Compte rendu.pdf", document.GetProperty("name").GetString());
        using var taken = await browser.Client.GetAsync($"{Prints}/content?id={document.GetProperty("id").GetString()}");
        Assert.True((await taken.Content.ReadAsByteArrayAsync()).AsSpan().StartsWith("%PDF-"u8));
        await RefusedAsync(await browser.Client.GetAsync($"{Prints}/content?id=../../etc/passwd"), HttpStatusCode.NotFound, "file-missing");
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static Task<HttpResponseMessage> TakeAsync(Browser browser, string name) =>
        browser.Client.GetAsync($"{Files}/content?name={Uri.EscapeDataString(name)}");

    private static async Task<HttpResponseMessage> PutAsync(Browser browser, string name, string content)
    {
        var token = await browser.Client.GetFromJsonAsync<JsonElement>("/api/access/form-token");
        using var request = new HttpRequestMessage(HttpMethod.Put, $"{Files}?name={Uri.EscapeDataString(name)}")
        {
            Content = new StringContent(content, Encoding.UTF8, new MediaTypeHeaderValue("application/octet-stream")),
        };
        request.Headers.Add(token.GetProperty("headerName").GetString()!, token.GetProperty("requestToken").GetString());
        return await browser.Client.SendAsync(request);
    }

    private static async Task RefusedAsync(HttpResponseMessage response, HttpStatusCode status, string type)
    {
        using (response)
        {
            var answer = await response.Content.ReadAsStringAsync();
            Assert.True(response.StatusCode == status, $"{response.StatusCode} {answer}");
            Assert.Contains($"urn:relais:{type}", answer, StringComparison.Ordinal);
        }
    }

    private static async Task InsideAsync(string instance, string command)
    {
        var (code, output) = await DesktopsApp.InsideAsync(instance, command);
        Assert.True(code == 0, $"{command}: {output}");
    }

    private async Task<List<AuditLine>> AuditAsync(TestPerson person)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
        var subject = $"desktop:{await db.Desktops.Where(d => d.PersonId == person.Id).Select(d => d.Id).SingleAsync()}";
        return await db.Set<AuditLine>().AsNoTracking().Where(l => l.Subject == subject).ToListAsync();
    }

    /// <summary>The shipped bundles, with a small largest file and the name on screen in the standard one.</summary>
    public sealed class App : DesktopsApp
    {
        public App()
        {
            var (shipped, own) = (Settings["Desktops:Bundles"]!, Path.Combine(Path.GetTempPath(), $"relais-bundles-{Guid.NewGuid():N}"));
            Directory.CreateDirectory(Path.Combine(own, "bureau-standard"));
            var bundle = JsonNode.Parse(File.ReadAllText(Path.Combine(shipped, "bureau-standard", "bundle.json")))!;
            bundle["transfer"] = new JsonObject { ["direction"] = "both", ["largestMiB"] = 1 };
            bundle["watermark"] = "on";
            bundle["clipboard"] = "in";
            File.WriteAllText(Path.Combine(own, "bureau-standard", "bundle.json"), bundle.ToJsonString());
            Settings["Desktops:Bundles"] = own;
            Settings.Remove("Desktops:Images:enqueteur");
        }

        public override async ValueTask DisposeAsync()
        {
            await base.DisposeAsync();
            Directory.Delete(Settings["Desktops:Bundles"]!, recursive: true);
        }
    }
}
