using System.Diagnostics;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops;
using Relais.Desktops.Desktops;

namespace Relais.Tests.Onboarding;

[InChromium]
public sealed class BoardApp : RelaisApp
{
    public BoardApp() => Settings["Desktops:Bundles"] = Path.Combine(Repository(), "bundles");

    /// <summary>Six hundred people who were imported and not invited yet.</summary>
    internal PeopleList List { get; private set; } = null!;

    internal Browser Administrator { get; private set; } = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        List = new PeopleList("b", 600, contractors: 30, DateOnly.FromDateTime(Clock.GetUtcNow().UtcDateTime));
        Administrator = await this.PrepareAsync(List);
        Assert.Equal(HttpStatusCode.OK, (await Administrator.ImportAsync(List.ToString())).Status);
    }
}

[InChromium]
public sealed class BoardTests(BoardApp app) : IClassFixture<BoardApp>
{
    private const int Wide = 1280;
    private const int Narrow = 360;

    [Fact]
    public async Task The_board_counts_people_by_call_centre_and_group_and_its_filters_are_addresses()
    {
        var board = await app.Administrator.BoardAsync("");
        Assert.Equal(3, board.GetProperty("sites").GetArrayLength());
        Assert.All(board.GetProperty("sites").EnumerateArray(), site => Assert.Equal(200, site.Number("people")));
        Assert.Equal(PeopleList.Groups, board.GetProperty("groups").GetArrayLength());

        var centre = await app.Administrator.BoardAsync("site=b%20centre%201&q=num%C3%A9ro003");
        Assert.Equal("b003", Assert.Single(centre.GetProperty("people").EnumerateArray()).GetProperty("userName").GetString());
        var group = board.GetProperty("groups")[0];
        var inGroup = await app.Administrator.BoardAsync($"group={group.GetProperty("key").GetString()}&state=not-signed-in");
        Assert.Equal(group.Number("people"), inGroup.GetProperty("people").GetArrayLength());

        var page = await app.Administrator.GetAsync("/people/board?site=b%20centre%201&page=2");
        Assert.Contains("Inviter par e-mail (200)", page.Text, StringComparison.Ordinal);
        Assert.Contains("51", page.Document.QuerySelector(".pager")!.TextContent, StringComparison.Ordinal);
        Assert.Equal(50, page.Document.QuerySelectorAll("main tbody tr th a[href^='/people/0']").Length);
    }

    [Fact]
    public async Task Whoever_comes_further_is_counted_there()
    {
        var person = await app.AddPersonAsync(Roles.Interviewer);
        using var browser = await app.SignInAsync(person);
        Assert.Equal("signed-in", await StepAsync(person));
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<DesktopsDb>();
            db.Desktops.Add(new Desktop
            {
                Id = Guid.NewGuid(), PersonId = person.Id, Bundle = "bureau-standard", Slot = 5000, Secret = "", Wanted = Wanted.Stopped,
                State = DesktopState.Stopped, CertificateSha256 = new byte[32], CreatedAt = app.Clock.GetUtcNow(), StateSince = app.Clock.GetUtcNow(),
            });
            await db.SaveChangesAsync();
        }

        Assert.Equal("desktop", await StepAsync(person));
        await app.Administrator.SubmitAsync(await app.Administrator.GetAsync($"/people/{person.Id}"), $"/people/{person.Id}/disable");
        var found = (await app.Administrator.BoardAsync($"q={person.UserName}")).GetProperty("people")[0];
        Assert.Equal("disabled", found.GetProperty("blocked").GetString());
    }

    [Theory]
    [InlineData("machine", "working")]
    [InlineData("app", "working")]
    [InlineData("console", "working")]
    [InlineData("machine of a node that was killed", "signed-in")]
    public async Task Whoever_works_anywhere_is_at_work_and_not_only_at_a_desktop(string where, string step)
    {
        var person = await app.AddPersonAsync(Roles.Interviewer);
        using var browser = await app.SignInAsync(person);
        var now = app.Clock.GetUtcNow();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var gateway = scope.ServiceProvider.GetRequiredService<Relais.Gateway.GatewayDb>();
            var fieldwork = scope.ServiceProvider.GetRequiredService<Relais.Fieldwork.FieldworkDb>();
            switch (where)
            {
                case "machine" or "machine of a node that was killed":
                    gateway.Sessions.Add(new Relais.Gateway.Sessions.Session
                    {
                        Id = Guid.CreateVersion7(), PersonId = person.Id, SignInId = Guid.NewGuid(), TargetKind = "test", TargetId = Guid.NewGuid(), TargetName = "Poste",
                        Address = "10.1.0.5:3389", UserName = "a", Secret = "", CertificateSha256 = [], OpenedAt = now, SeenAt = step == "working" ? now : now.AddHours(-1),
                    });
                    break;
                case "app":
                    var published = new Relais.Gateway.Apps.WebApp { Id = Guid.NewGuid(), Name = "Agenda", Label = "agenda", Upstream = "http://10.1.0.6", CreatedAt = now };
                    gateway.WebApps.Add(published);
                    gateway.AppVisits.Add(new Relais.Gateway.Apps.AppVisit
                    {
                        Id = Guid.NewGuid(), AppId = published.Id, PersonId = person.Id, SignInId = Guid.NewGuid(), TokenHash = Guid.NewGuid().ToByteArray(), EnteredAt = now, ExpiresAt = now.AddHours(1),
                    });
                    break;
                default:
                    fieldwork.Presences.Add(new Relais.Fieldwork.Teams.Presence { PersonId = person.Id, Doing = default, From = now.AddMinutes(-5), Until = now });
                    break;
            }

            await gateway.SaveChangesAsync();
            await fieldwork.SaveChangesAsync();
        }

        Assert.Equal(step, await StepAsync(person));
    }

    [Fact]
    public async Task With_six_hundred_people_the_board_is_there_at_once()
    {
        List<double> times = [];
        for (var i = 0; i < 6; i++)
        {
            var time = Stopwatch.StartNew();
            var page = await app.Administrator.GetAsync("/people/board");
            times.Add(time.Elapsed.TotalMilliseconds);
            Assert.Contains("Qui en est où", page.Text, StringComparison.Ordinal);
        }

        times.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine($"board of 600 people: {string.Join(", ", times.Select(t => $"{t:F0}"))} ms");
        Assert.InRange(times[0], 0, 300);
    }

    [Fact]
    public async Task The_pages_are_in_order_and_the_board_renews_itself()
    {
        await using var chromium = await Chromium.StartAsync();
        var administrator = await app.AddPersonAsync(Roles.Administrator);
        var page = await app.OpenPageAsync(chromium, administrator, "/people/board?site=b%20centre%202&q=num%C3%A9ro00");
        await page.IsInOrderAsync("arrivals-fr", Wide);

        // A colleague invites somebody: the number changes under the reader's eyes.
        var first = (await app.Administrator.BoardAsync("q=b001")).GetProperty("people")[0].GetProperty("id").GetGuid();
        var row = page.Locator("#board table").First.Locator("tr", new() { HasText = "b centre 2" });
        await Assertions.Expect(row.Locator("td").Nth(1)).ToHaveTextAsync("0");
        await app.Administrator.SubmitAsync(await app.Administrator.GetAsync($"/people/{first}"), $"/people/{first}/invite");
        await Assertions.Expect(row.Locator("td").Nth(1)).ToHaveTextAsync("1");

        await page.GetByRole(AriaRole.Button, new() { Name = "Imprimer des invitations" }).First.ClickAsync();
        await page.Locator("#sheet form button").ClickAsync();
        await page.ArriveAsync("**/people/sheet/*");
        await page.IsInOrderAsync("arrivals-sheet-fr", Wide);
        await page.EmulateMediaAsync(new() { Media = Media.Print });
        await Assertions.Expect(page.Locator("header.top")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator("#navigation")).ToBeHiddenAsync();
        await Assertions.Expect(page.Locator(".slip").First).ToBeVisibleAsync();
        if (Environment.GetEnvironmentVariable("RELAIS_TEST_SHOTS") is { Length: > 0 } folder)
            await page.ScreenshotAsync(new() { FullPage = true, Path = Path.Combine(folder, "arrivals-paper.png") });
        await page.EmulateMediaAsync(new() { Media = Media.Screen });
        await page.GotoAsync("/people/mails");
        await page.Locator("details.mail summary").First.ClickAsync();
        await page.IsInOrderAsync("arrivals-mails-fr", Wide);
        await page.GotoAsync("/people/import");
        await UploadAsync(page, app.List.ToString().Replace("b002@", "b002", StringComparison.Ordinal).Replace(";fr;b centre 2;", ";de;b centre 2;", StringComparison.Ordinal));
        await page.IsInOrderAsync("arrivals-faults-fr", Wide);
        await UploadAsync(page, "identifiant;nom;courriel;site\nb001;Nom Nouveau;;Lille\nc001;Nouvelle Personne;;Lille\n");
        await page.IsInOrderAsync("arrivals-preview-fr", Wide);

        await page.SetViewportSizeAsync(Narrow, 800);
        await page.IsInOrderAsync("arrivals-preview-fr", Narrow);
        await page.GotoAsync("/people/board");
        await page.IsInOrderAsync("arrivals-fr", Narrow);
        var second = (await app.Administrator.BoardAsync("q=b003")).GetProperty("people")[0].GetProperty("id").GetGuid();
        await app.Administrator.SubmitAsync(await app.Administrator.GetAsync($"/people/{second}"), $"/people/{second}/invite");
        do
        {
            await page.GotoAsync("/people/mails");
        }
        while (await page.Locator("details.mail").CountAsync() < 2);
        await page.IsInOrderAsync("arrivals-mails-fr", Narrow);
        var link = await page.Locator("details.mail a").First.GetAttributeAsync("href");
        var stranger = await chromium.OpenAsync(app.Address, Narrow);
        await stranger.GotoAsync(new Uri(link!).AbsolutePath);
        await stranger.IsInOrderAsync("arrivals-invitation-fr", Narrow);

        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == administrator.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Language, "en")));
        await page.GotoAsync("/people/board?state=no-desktop");
        await page.IsInOrderAsync("arrivals-en", Narrow);
        await page.SetViewportSizeAsync(Wide, 900);
        await page.IsInOrderAsync("arrivals-en", Wide);
        await page.GotoAsync($"/people/{second}");
        await page.IsInOrderAsync("arrivals-person-en", Wide);
    }

    private async Task<string?> StepAsync(TestPerson person) =>
        (await app.Administrator.BoardAsync($"q={person.UserName}")).GetProperty("people")[0].GetProperty("step").GetString();

    private static async Task UploadAsync(IPage page, string text)
    {
        await page.Locator("input[type=file]").SetInputFilesAsync(new FilePayload { Name = "liste.csv", MimeType = "text/csv", Buffer = System.Text.Encoding.UTF8.GetBytes(text) });
        await page.GetByRole(AriaRole.Button, new() { Name = "Vérifier" }).ClickAsync();
        await page.Locator("main h2, main [role=alert]").First.WaitForAsync();
    }
}
