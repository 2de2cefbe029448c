using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Accounts;
using Relais.Access.Contracts;

namespace Relais.Tests.Access;

public sealed class PeopleTests(RelaisApp app) : IClassFixture<RelaisApp>, IAsyncLifetime
{
    private Browser _administrator = null!;

    public async ValueTask InitializeAsync() => _administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("UserName", "", "À remplir")]
    [InlineData("UserName", "   ", "À remplir")]
    [InlineData("UserName", "a", "lettres sans accent")]
    [InlineData("UserName", "élise", "lettres sans accent")]
    [InlineData("UserName", "a b", "lettres sans accent")]
    [InlineData("UserName", "<script>", "lettres sans accent")]
    [InlineData("UserName", "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz", "64 caractères")]
    [InlineData("DisplayName", "", "À remplir")]
    [InlineData("DisplayName", "Jean\u202Enimda", "invisibles")]
    [InlineData("Email", "pas une adresse", "pas valable")]
    [InlineData("Email", "a@b", "pas valable")]
    [InlineData("Email", "Jean <a@b.fr>", "pas valable")]
    [InlineData("Email", "a@b.fr, c@d.fr", "pas valable")]
    [InlineData("LastDay", "31/12/2030", "pas valable")]
    [InlineData("LastDay", "2030-02-30", "pas valable")]
    [InlineData("LastDay", "2001-01-01", "passée")]
    [InlineData("Language", "xx", "dans la liste")]
    [InlineData("KeyboardLayout", "bepo", "dans la liste")]
    public async Task Bad_input_gets_a_word_beside_its_field_and_nothing_typed_is_lost(string field, string value, string words)
    {
        var name = NewName();
        var typed = new Dictionary<string, string?> { ["UserName"] = name, ["DisplayName"] = "Jeanne d’Essai", ["Email"] = $"{name}@institut.example", ["LastDay"] = "2099-12-31" };
        typed[field] = value;
        var page = await _administrator.SubmitAsync(await _administrator.GetAsync("/people/new"), [.. typed.Select(t => (t.Key, t.Value))]);
        Assert.Equal("/people/new", page.Path);
        Assert.Contains(words, page.ErrorOf(field), StringComparison.Ordinal);
        Assert.NotNull(page.Alert);
        foreach (var (key, kept) in typed.Where(t => t.Key is not ("Language" or "KeyboardLayout")))
            Assert.Equal(kept, page.ValueOf(key));
        Assert.False(await ExistsAsync(name));
    }

    [Fact]
    public async Task A_long_name_is_refused_and_stays_typed()
    {
        var name = new string('é', 101);
        var page = await AddAsync(("DisplayName", name));
        Assert.Contains("100 caractères", page.ErrorOf("DisplayName"), StringComparison.Ordinal);
        Assert.Equal(name, page.ValueOf("DisplayName"));
    }

    [Fact]
    public async Task A_role_is_wanted_and_a_contractor_needs_a_last_day()
    {
        var page = await AddAsync(("Roles", null));
        Assert.Contains("au moins un rôle", page.Text, StringComparison.Ordinal);
        page = await AddAsync(("Roles", Roles.Contractor));
        Assert.Contains("dernier jour", page.ErrorOf("LastDay"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_person_gets_a_password_to_use_once()
    {
        var name = NewName();
        var page = await AddAsync(("UserName", name));
        var password = page.Document.GetElementById("one-time-password")!.TextContent;
        using var browser = app.OpenBrowser();
        var first = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", name), ("Password", password));
        Assert.Equal("/sign-in/new-password", first.Path);
    }

    [Fact]
    public async Task A_user_name_or_an_email_that_is_taken_is_refused_whatever_its_case()
    {
        var person = await app.AddPersonAsync();
        var page = await AddAsync(("UserName", person.UserName.ToUpperInvariant()));
        Assert.Contains("déjà pris", page.ErrorOf("UserName"), StringComparison.Ordinal);
        page = await AddAsync(("Email", $"{person.UserName}@INSTITUT.example"));
        Assert.Contains("déjà celle", page.ErrorOf("Email"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_who_add_the_same_name_at_once_one_succeeds_and_the_others_are_told()
    {
        var name = NewName();
        var form = await _administrator.GetAsync("/people/new");
        var pages = await Task.WhenAll(Enumerable.Range(0, 5).Select(i =>
            _administrator.SubmitAsync(form, ("UserName", i % 2 == 0 ? name : name.ToUpperInvariant()), ("DisplayName", "Course"))));
        Assert.Single(pages, page => page.Document.GetElementById("one-time-password") is not null);
        Assert.Equal(4, pages.Count(page => page.ErrorOf("UserName") is not null));
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "person.created" && EF.Functions.ILike(l.Detail, $"%{name}%"))));
    }

    [Fact]
    public async Task Html_in_a_name_is_kept_and_shown_as_text()
    {
        const string name = "<img src=x onerror=alert(1)><b>Zoé</b> & \"fils\"";
        var userName = NewName();
        await AddAsync(("UserName", userName), ("DisplayName", name));
        foreach (var address in new[] { $"/people?q={userName}", "/audit" })
        {
            var page = await _administrator.GetAsync(address);
            Assert.Contains(name, page.Text, StringComparison.Ordinal);
            Assert.Null(page.Document.QuerySelector("img, td b"));
        }
    }

    [Fact]
    public async Task A_person_is_found_by_name_role_group_and_state_from_the_address()
    {
        var userName = NewName();
        await _administrator.SubmitAsync(await _administrator.GetAsync("/groups"), "new-group", ("Name", $"Équipe {userName}"));
        var group = await app.InDatabaseAsync(db => db.Access.Groups.Where(g => g.Name == $"Équipe {userName}").Select(g => g.Id).SingleAsync());
        await AddAsync(("UserName", userName), ("DisplayName", $"Percent% {userName}"), ("Roles", Roles.Researcher), ("Groups", group.ToString()));
        // Beyond the last page is the last one.
        foreach (var found in new[]
                 {
                     $"q={userName}", "q=percent%25", $"q={userName}&role=researcher", $"group={group}", $"q={userName}&state=new-password", $"q={userName}&sort=-seen",
                     $"q={userName}&page=2",
                 })
            Assert.Contains(userName, (await _administrator.GetAsync($"/people?{found}")).Text, StringComparison.Ordinal);
        foreach (var missed in new[] { "q=percent_", $"q={userName}&role=staff", $"q={userName}&state=disabled" })
            Assert.DoesNotContain($"Percent% {userName}", (await _administrator.GetAsync($"/people?{missed}")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_changed_and_told_what_is_wrong_with_nothing_lost()
    {
        var (person, other) = (await app.AddPersonAsync(), await app.AddPersonAsync());
        var form = await _administrator.GetAsync($"/people/{person.Id}");
        var page = await _administrator.SubmitAsync(form, "person", ("DisplayName", "Nouveau Nom"), ("UserName", other.UserName));
        Assert.Contains("déjà pris", page.ErrorOf("UserName"), StringComparison.Ordinal);
        Assert.Equal("Nouveau Nom", page.ValueOf("DisplayName"));

        page = await _administrator.SubmitAsync(page, "person", ("UserName", person.UserName));
        Assert.Contains("C’est enregistré", page.Text, StringComparison.Ordinal);
        Assert.Equal("Nouveau Nom", page.ValueOf("DisplayName"));
    }

    [Fact]
    public async Task The_last_administrator_cannot_be_lost()
    {
        await using var alone = new RelaisApp();
        await alone.InitializeAsync();
        var last = await alone.AddPersonAsync(Roles.Administrator);
        using var browser = await alone.SignInAsync(last);
        var page = await browser.SubmitAsync(await browser.GetAsync($"/people/{last.Id}"), "person", ("Roles", Roles.Staff));
        Assert.Contains("aucun administrateur", page.Text, StringComparison.Ordinal);
        page = await browser.SubmitAsync(await browser.GetAsync($"/people/{last.Id}"), $"/people/{last.Id}/disable");
        Assert.Contains("votre propre compte", page.Text, StringComparison.Ordinal);

        var second = await alone.AddPersonAsync(Roles.Administrator);
        using var other = await alone.SignInAsync(second);
        // Both have the page open before either presses the button.
        var (theirs, mine) = (await browser.GetAsync($"/people/{second.Id}"), await other.GetAsync($"/people/{last.Id}"));
        var answers = await Task.WhenAll(
            browser.SubmitAsync(theirs, $"/people/{second.Id}/disable"),
            other.SubmitAsync(mine, $"/people/{last.Id}/disable"));
        Assert.Equal(1, await alone.InDatabaseAsync(db => db.Access.People.CountAsync(p => p.DisabledAt == null)));
        Assert.Equal(2, answers.Length);
    }

    [Fact]
    public async Task A_deleted_person_is_gone_and_their_trail_stays()
    {
        var person = await app.AddPersonAsync();
        using var theirs = await app.SignInAsync(person);
        var page = await _administrator.SubmitAsync(await _administrator.GetAsync($"/people/{person.Id}"), $"/people/{person.Id}/delete");
        Assert.Equal("/people", page.Path);
        Assert.Equal("/sign-in", (await theirs.GetAsync("/account")).Path);
        Assert.Equal(HttpStatusCode.NotFound, (await _administrator.GetAsync($"/people/{person.Id}")).Status);
        Assert.True(await app.InDatabaseAsync(db => db.Kernel.AuditLines.AnyAsync(l => l.Subject == $"person:{person.Id}" && l.Action == "person.deleted")));
    }

    [Theory]
    [InlineData("/people")]
    [InlineData("/people/new")]
    [InlineData("/groups")]
    [InlineData("/second-factors")]
    [InlineData("/audit")]
    [InlineData("/audit/export.csv")]
    [InlineData("/api/access/people")]
    public async Task Administration_is_closed_to_everybody_else(string address)
    {
        using var browser = await app.SignInAsync(await app.AddPersonAsync());
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(address)).Status);
        using var nobody = app.OpenBrowser();
        var page = await nobody.GetAsync(address);
        Assert.True(page.Path is "/sign-in" || page.Status is HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Six_hundred_people_are_listed_quickly()
    {
        await app.InDatabaseAsync(async db =>
        {
            db.Access.People.AddRange(Enumerable.Range(0, 600).Select(i => new Person
            {
                Id = Guid.CreateVersion7(),
                UserName = $"foule{i:D3}",
                NormalizedUserName = $"FOULE{i:D3}",
                DisplayName = $"Foule {i:D3}",
                Roles = [Roles.Interviewer],
                CreatedAt = app.Clock.GetUtcNow(),
            }));
            return await db.Access.SaveChangesAsync();
        });
        await _administrator.GetAsync("/people?q=foule");
        var start = TimeProvider.System.GetTimestamp();
        var page = await _administrator.GetAsync("/people?q=foule&page=12&sort=-seen");
        Assert.True(TimeProvider.System.GetElapsedTime(start) < TimeSpan.FromSeconds(1));
        Assert.Equal(50, page.Document.QuerySelectorAll("tbody tr").Length);
    }

    private static string NewName() => $"n{Guid.NewGuid():N}"[..14];

    private async Task<Page> AddAsync(params (string Name, string? Value)[] fields)
    {
        var form = await _administrator.GetAsync("/people/new");
        var names = fields.Select(f => f.Name).ToHashSet();
        var all = new (string Name, string? Value)[] { ("UserName", NewName()), ("DisplayName", "Jeanne d’Essai") }.Where(f => !names.Contains(f.Name)).Concat(fields);
        return await _administrator.SubmitAsync(form, "person", [.. all]);
    }

    private Task<bool> ExistsAsync(string userName) => app.InDatabaseAsync(db => db.Access.People.AnyAsync(p => p.UserName == userName));
}
