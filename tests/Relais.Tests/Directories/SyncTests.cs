using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using Relais.Access;
using Relais.Access.Accounts;
using Relais.Access.Contracts;
using Relais.Access.Directories;

namespace Relais.Tests.Directories;

[InChromium]
public sealed class SyncTests(DirectoryApp app) : IClassFixture<DirectoryApp>
{
    private const int Wide = 1280;
    private const int Narrow = 360;
    private static int _names;

    private readonly string _prefix = $"s{Interlocked.Increment(ref _names).ToString(CultureInfo.InvariantCulture)}x";

    [Fact]
    public async Task People_are_added_changed_grouped_disabled_and_let_in_again_and_a_second_turn_changes_nothing()
    {
        await GroupAsync("Terrain");
        await GroupAsync("À nous");
        await AddAsync("ana", "bob", "zoe");
        await app.GroupAsync("Terrain", "add", Name("ana"));
        await UseAsync();
        var (code, report) = await app.VerbAsync("directory sync");
        Assert.Equal((0, "done", 3), (code, report.GetProperty("state").GetString(), report.GetProperty("created").GetInt32()));
        Assert.Equal(["Terrain"], await GroupsAsync("ana"));
        Assert.Empty(await GroupsAsync("bob"));
        Assert.Null((await PersonAsync("ana")).PasswordHash);

        (_, report) = await app.VerbAsync("directory sync");
        Assert.Equal((0, 0), (report.GetProperty("created").GetInt32(), report.GetProperty("changed").GetInt32()));

        // A group that only we have is kept.
        await app.InDatabaseAsync(async db =>
        {
            var person = await db.Access.People.Include(p => p.Groups).SingleAsync(p => p.UserName == Name("ana"));
            person.Groups.Add(await db.Access.Groups.SingleAsync(g => g.Name == "À nous"));
            return await db.Access.SaveChangesAsync();
        });
        await app.SetAsync(Name("ana"), "cn", "Ana Nouvelle");
        await app.GroupAsync("Terrain", "delete", Name("ana"));
        await app.GroupAsync("Terrain", "add", Name("bob"));
        await app.SetAsync(Name("zoe"), "employeeType", "parti");
        (_, report) = await app.VerbAsync("directory sync");
        Assert.Equal(2, report.GetProperty("changed").GetInt32());
        Assert.Equal([Name("zoe")], Texts(report, "disabled"));
        Assert.Equal("Ana Nouvelle", (await PersonAsync("ana")).DisplayName);
        Assert.Equal(["À nous"], await GroupsAsync("ana"));
        Assert.Equal(["Terrain"], await GroupsAsync("bob"));
        Assert.NotNull((await PersonAsync("zoe")).DisabledAt);

        await app.SetAsync(Name("zoe"), "employeeType", "revenue");
        await app.RemoveAsync(Name("bob"));
        (_, report) = await app.VerbAsync("directory sync");
        Assert.Equal([Name("zoe")], Texts(report, "enabled"));
        Assert.Equal([Name("bob")], Texts(report, "disabled"));
        Assert.Null((await PersonAsync("zoe")).DisabledAt);
        Assert.NotNull((await PersonAsync("bob")).DisabledAt);
    }

    [Fact]
    public async Task Who_was_shut_out_by_hand_is_not_let_in_by_the_directory()
    {
        await AddAsync("ana", "bob");
        await UseAsync();
        await app.VerbAsync("directory sync");
        var id = (await PersonAsync("ana")).Id;
        var now = app.Clock.GetUtcNow();
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == id).ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, now)));
        await app.VerbAsync("directory sync");
        Assert.NotNull((await PersonAsync("ana")).DisabledAt);
    }

    [Fact]
    public async Task An_entry_that_cannot_be_taken_is_named_with_what_to_do_and_holds_nobody_up()
    {
        await AddAsync("ana", "bob");
        await app.AddAsync(Name("tordu"), "Adresse tordue", "pas une adresse");
        await app.AddAsync(Name("deux"), "Même adresse", $"{Name("bob")}@institut.example");
        await UseAsync();
        var (code, report) = await app.VerbAsync("directory sync");
        Assert.Equal((0, 2), (code, report.GetProperty("created").GetInt32()));
        var problems = report.GetProperty("problems").EnumerateArray().ToDictionary(p => p.GetProperty("code").GetString()!, p => p, StringComparer.Ordinal);
        Assert.Equal(["directory-twice-mail", "email"], problems.Keys.Order(StringComparer.Ordinal));
        Assert.StartsWith($"uid={Name("tordu")}", problems["email"].GetProperty("entry").GetString(), StringComparison.Ordinal);
        Assert.Contains("is also that of uid=", problems["directory-twice-mail"].GetProperty("message").GetString(), StringComparison.Ordinal);

        // Renamed there: the desktop is called after the name, so a person decides.
        await app.ChangeAsync($"dn: uid={Name("ana")},{DirectoryApp.People}\nchangetype: modrdn\nnewrdn: uid={Name("anna")}\ndeleteoldrdn: 1\n");
        (_, report) = await app.VerbAsync("directory check");
        Assert.Contains("directory-renamed", report.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("code").GetString()));
        Assert.Empty(Texts(report, "disabled"));
    }

    [Fact]
    public async Task When_too_many_would_be_shut_out_nothing_is_done_and_administrators_are_told()
    {
        var administrator = await app.AddPersonAsync(Roles.Administrator);
        await AddAsync("ana", "bob", "zoe");
        await app.SetUpAsync(Fields() with { EveryMinutes = 60 });
        await app.VerbAsync("directory sync");
        foreach (var name in new[] { "ana", "bob" })
            await app.RemoveAsync(Name(name));

        app.Clock.Advance(TimeSpan.FromMinutes(61));
        await UntilRunAsync(DirectoryRunState.Halted);
        Assert.Null((await PersonAsync("ana")).DisabledAt);
        var folder = Path.Combine(app.DataFolder, "mail");
        await UntilAsync(() => Task.FromResult(Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any(f => File.ReadAllText(f).Contains($"{administrator.UserName}@institut.example", StringComparison.Ordinal))));

        using var browser = await app.SignInAsync(administrator);
        var page = await browser.GetAsync("/people/directory?show=rehearsal");
        Assert.Contains("2 personnes sur 3 perdraient leur accès", page.Text, StringComparison.Ordinal);
        Assert.Contains("Arrêtée par sécurité", page.Text, StringComparison.Ordinal);
        var again = await browser.SubmitAsync(page, "apply");
        Assert.Contains("perdraient leur accès", again.Text, StringComparison.Ordinal);
        Assert.Null((await PersonAsync("ana")).DisabledAt);

        // Whoever has looked may.
        var done = await browser.SubmitAsync(await browser.GetAsync("/people/directory?show=rehearsal"), "apply", ("Force", "true"));
        Assert.Contains("2 désactivées", done.Text, StringComparison.Ordinal);
        Assert.NotNull((await PersonAsync("ana")).DisabledAt);
    }

    [Fact]
    public async Task Groups_of_the_directory_give_and_take_roles_and_never_the_last_administrator()
    {
        await AddAsync("ana");
        await app.GroupAsync("Terrain", "add", Name("ana"));
        var fields = Fields() with { RoleGroups = new Dictionary<string, string?> { [Roles.Administrator] = "terrain", [Roles.Supervisor] = "Parti", [Roles.Reader] = "Inconnu de Relais" } };
        await app.SetUpAsync(fields);
        var (_, report) = await app.VerbAsync("directory sync");
        Assert.Equal("directory-role-group", Assert.Single(report.GetProperty("problems").EnumerateArray()).GetProperty("code").GetString());
        var ana = await PersonAsync("ana");
        Assert.Equal([Roles.Administrator], ana.Roles);

        // What is not named stays as it was given here; who is not in the group any more loses the role, unless nobody else could administer.
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == ana.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.Roles, new[] { Roles.Administrator, Roles.Researcher })));
        await app.GroupAsync("Terrain", "delete", Name("ana"));
        var now = app.Clock.GetUtcNow();
        var others = await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id != ana.Id && p.DisabledAt == null && p.Roles.Contains(Roles.Administrator)).Select(p => p.Id).ToListAsync());
        await app.InDatabaseAsync(db => db.Access.People.Where(p => others.Contains(p.Id)).ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, now)));
        var (code, halted) = await app.VerbAsync("directory sync", "--force");
        Assert.Equal((1, "halted"), (code, halted.GetProperty("state").GetString()));
        Assert.Contains(Roles.Administrator, (await PersonAsync("ana")).Roles);

        await app.InDatabaseAsync(db => db.Access.People.Where(p => others.Contains(p.Id)).ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, (DateTimeOffset?)null)));
        await app.VerbAsync("directory sync");
        Assert.Equal([Roles.Researcher], (await PersonAsync("ana")).Roles);
        Assert.True(await app.InDatabaseAsync(db => db.Access.Set<Relais.Kernel.Audit.AuditLine>().AnyAsync(l => l.Action == "person.changed" && l.Subject == Subject.Of(ana) && l.Detail.Contains("roles"))));
    }

    [Fact]
    public async Task A_directory_that_is_away_shuts_nobody_out()
    {
        await AddAsync("ana");
        await UseAsync();
        await app.VerbAsync("directory sync");
        await app.StopDirectoryAsync();
        try
        {
            var (code, report) = await app.VerbAsync("directory sync");
            Assert.Equal((1, "NoAnswer"), (code, report.GetProperty("trouble").GetString()));
        }
        finally
        {
            await app.StartDirectoryAsync();
        }

        Assert.Null((await PersonAsync("ana")).DisabledAt);
    }

    [Fact]
    public async Task Active_Directorys_names_flags_and_memberships_are_understood()
    {
        var guid = Convert.ToBase64String(Guid.NewGuid().ToByteArray());
        await GroupAsync("Terrain");
        await app.AddAsync(Name("ad"), "Ad Actif", $"{Name("ad")}@institut.example", $"sAMAccountName: {Name("ad")}\nobjectGUID:: {guid}\nuserAccountControl: 512\nmemberOf: CN=Terrain, {DirectoryApp.Groups}");
        var usual = DirectoryFields.Of(DirectorySource.Usual(DirectoryKind.ActiveDirectory));
        await app.SetUpAsync(Fields() with
        {
            Kind = DirectoryKind.ActiveDirectory, Filter = $"(&(objectClass=inetOrgPerson)(sAMAccountName={_prefix}*))", UserNameAttribute = usual.UserNameAttribute, NameAttribute = "cn",
            KeyAttribute = usual.KeyAttribute, DisabledAttribute = usual.DisabledAttribute, DisabledValue = null, Membership = usual.Membership, MostDisabledPercent = 100,
        });
        await app.VerbAsync("directory sync");
        Assert.Equal(["Terrain"], await GroupsAsync("ad"));
        await app.SetAsync(Name("ad"), "userAccountControl", "514");
        var (_, report) = await app.VerbAsync("directory sync");
        Assert.Contains(Name("ad"), Texts(report, "disabled"));
        await app.SetAsync(Name("ad"), "userAccountControl", "512");
        await app.VerbAsync("directory sync");
        Assert.Null((await PersonAsync("ad")).DisabledAt);
    }

    [Fact]
    public async Task An_administrator_sets_the_directory_up_tests_it_looks_and_applies()
    {
        await AddAsync("ana", "bob");
        await app.AddAsync(Name("tordu"), "Adresse tordue", "pas une adresse");
        var fields = Fields();
        await app.InDatabaseAsync(db => db.Access.Directories.ExecuteDeleteAsync());
        var administrator = await app.AddPersonAsync(Roles.Administrator);
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, administrator, "/people/directory");
        await page.IsInOrderAsync("directory-empty-fr", Wide);
        await page.GotoAsync("/people/directory/settings");
        foreach (var (name, value) in new[]
        {
            ("Host", fields.Host), ("Port", fields.Port?.ToString(CultureInfo.InvariantCulture)), ("Authority", fields.Authority), ("BindName", fields.BindName),
            ("Password", fields.Password), ("Base", fields.Base), ("Filter", fields.Filter), ("GroupBase", fields.GroupBase),
        })
            await page.FillAsync($"[name={name}]", value ?? "");
        await page.GetByText("Rôles d’après les groupes").ClickAsync();
        await page.FillAsync("[name='RoleGroups[supervisor]']", "Terrain");
        await page.CheckAsync("[name=SignsIn]");
        await page.IsInOrderAsync("directory-settings-fr", Wide);
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer et tester" }).ClickAsync();
        await Assertions.Expect(page.GetByText("La connexion fonctionne : 3 personnes lues.")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Voir ce qui changerait" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Laissées de côté : 1").First).ToBeVisibleAsync();
        await page.IsInOrderAsync("directory-rehearsal-fr", Wide);
        await page.SetViewportSizeAsync(Narrow, 800);
        await page.IsInOrderAsync("directory-rehearsal-fr", Narrow);
        await page.GetByRole(AriaRole.Button, new() { Name = "Appliquer" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Fait : 2 ajoutées", new() { Exact = false })).ToBeVisibleAsync();
        await page.SetViewportSizeAsync(Wide, 900);
        await page.IsInOrderAsync("directory-fr", Wide);
        Assert.NotNull(await PersonAsync("ana"));
        var kept = await app.InDatabaseAsync(db => db.Access.Directories.SingleAsync());
        Assert.Equal((true, "supervisor=Terrain"), (kept.SignsIn, Assert.Single(kept.RoleGroups)));
    }

    private string Name(string user) => $"{_prefix}{user}";

    // Each test has a directory of its own kind: people of other tests are not in it, and not tied to it.
    private DirectoryFields Fields() => app.Fields() with { Filter = $"(uid={_prefix}*)" };

    private async Task UseAsync() => await app.SetUpAsync(Fields());

    private async Task AddAsync(params string[] users)
    {
        await app.InDatabaseAsync(db => db.Access.DirectoryLinks.ExecuteDeleteAsync());
        foreach (var user in users)
            await app.AddAsync(Name(user), $"Prénom {user}", $"{Name(user)}@institut.example");
    }

    private Task<int> GroupAsync(string name) => app.InDatabaseAsync(async db =>
    {
        if (!await db.Access.Groups.AnyAsync(g => g.Name == name))
            db.Access.Groups.Add(new() { Name = name, NormalizedName = UniqueName.Normalize(name) });
        return await db.Access.SaveChangesAsync();
    });

    private Task<Person> PersonAsync(string user) => app.InDatabaseAsync(db => db.Access.People.AsNoTracking().SingleAsync(p => p.UserName == Name(user)));

    private Task<List<string>> GroupsAsync(string user) =>
        app.InDatabaseAsync(db => db.Access.People.Where(p => p.UserName == Name(user)).SelectMany(p => p.Groups).Select(g => g.Name).ToListAsync());

    private static List<string?> Texts(JsonElement report, string name) => [.. report.GetProperty(name).EnumerateArray().Select(t => t.GetString())];

    private Task UntilRunAsync(DirectoryRunState state) => UntilAsync(() => app.InDatabaseAsync(db => db.Access.DirectoryRuns.AnyAsync(r => r.State == state)));

    private static Task UntilAsync(Func<Task<bool>> there) => Relais.Tests.Desktops.DesktopsApp.UntilAsync(there);
}
