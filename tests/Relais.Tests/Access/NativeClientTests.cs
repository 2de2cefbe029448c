using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Access.NativeClients;
using Relais.Access.SignIns;

namespace Relais.Tests.Access;

/// <summary>People and the remote desktop programs that they let in, by the pages.</summary>
public sealed class NativeClientTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    private const string Address = "/account/native-clients";

    [Fact]
    public async Task A_client_is_added_with_a_password_that_is_shown_once_and_kept_as_a_hash()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = await app.SignInAsync(person);
        var page = await AddAsync(browser, "Tablette <b>");
        var password = page.Document.GetElementById("client-password")!.TextContent;
        Assert.Matches("^([a-z2-9]{5}-){4}[a-z2-9]{5}$", password);
        Assert.Equal($"https://localhost:{app.Address.Port}/rdweb/feed/webfeed.aspx", page.Document.GetElementById("feed-address")?.TextContent);
        Assert.Equal(person.UserName, page.Document.GetElementById("client-user")?.TextContent);

        page = await browser.GetAsync(Address);
        Assert.Contains("Tablette <b>", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(password, page.Html, StringComparison.Ordinal);
        var row = await app.InDatabaseAsync(db => db.Access.NativeClients.SingleAsync(c => c.Name == "Tablette <b>"));
        Assert.Equal(NativeClientPassword.HashOf(password), row.PasswordHash);
        var line = await app.InDatabaseAsync(db => db.Kernel.AuditLines.SingleAsync(l => l.Action == "native-client.added" && l.Subject == $"person:{person.Id}"));
        Assert.DoesNotContain(password, line.Detail, StringComparison.Ordinal);

        // It is no sign-in of a browser, and none that one could take.
        Assert.DoesNotContain("Bureau à distance", (await browser.GetAsync("/account")).Document.QuerySelector("section[aria-labelledby=sign-ins] table")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Adding_one_needs_a_second_factor_and_a_recent_proof()
    {
        using var single = await app.SignInAsync(await app.AddPersonAsync());
        var page = await single.GetAsync(Address);
        Assert.Contains("second facteur", page.Text, StringComparison.Ordinal);
        Assert.Null(page.Document.QuerySelector("input[name=Name]"));

        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = await app.SignInAsync(person);
        page = await browser.GetAsync(Address);
        app.Clock.Advance(TimeSpan.FromMinutes(21));
        page = await browser.SubmitAsync(page, "native-client", ("Name", "Portable"));
        Assert.Equal("/account/confirm", page.Path);
        Assert.Equal(0, await CountAsync(person));
        page = await browser.SubmitAsync(page, "proof", ("Password", person.Password));
        await browser.SubmitAsync(page, Address);
        Assert.Equal(1, await CountAsync(person));
    }

    [Fact]
    public async Task There_are_so_many_and_no_two_of_a_name()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = await app.SignInAsync(person);
        for (var i = 1; i <= 5; i++)
            await AddAsync(browser, $"Appareil {i}");
        var page = await browser.SubmitAsync(await browser.GetAsync(Address), "native-client", ("Name", "Appareil 6"));
        Assert.Contains("déjà 5 clients", page.Alert, StringComparison.Ordinal);

        page = await browser.SubmitAsync(page, RevokeOf(page, "Appareil 5"));
        Assert.Contains("« Appareil 5 » n’a plus accès", page.Text, StringComparison.Ordinal);
        Assert.Contains("déjà ce nom", (await browser.SubmitAsync(page, "native-client", ("Name", "APPAREIL 4"))).ErrorOf("Name"), StringComparison.Ordinal);
        Assert.NotNull((await browser.SubmitAsync(page, "native-client", ("Name", " "))).ErrorOf("Name"));
        Assert.NotNull((await browser.SubmitAsync(page, "native-client", ("Name", new string('a', 61)))).ErrorOf("Name"));
        await AddAsync(browser, "Appareil 5");
    }

    [Fact]
    public async Task Two_forms_at_once_do_not_add_one_too_many()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = await app.SignInAsync(person);
        for (var i = 1; i <= 4; i++)
            await AddAsync(browser, $"Appareil {i}");
        var form = await browser.GetAsync(Address);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(i => browser.SubmitAsync(form, "native-client", ("Name", $"À la fois {i}"))));
        Assert.Equal(5, await CountAsync(person));
    }

    [Fact]
    public async Task Another_persons_client_is_as_if_it_did_not_exist()
    {
        var (owner, stranger) = (await app.AddPersonAsync(Roles.Supervisor), await app.AddPersonAsync(Roles.Supervisor));
        using var theirs = await app.SignInAsync(owner);
        var id = await AddedAsync(theirs, owner, "Portable");
        using var browser = await app.SignInAsync(stranger);
        await AddAsync(browser, "Le mien");
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(browser, $"{Address}/{id}/revoke")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(browser, $"/people/{owner.Id}/native-clients/{id}/revoke")).Status);
        Assert.False(await IsRevokedAsync(id));

        // Nor is it another administrator's under somebody else's name, or anybody's without the form token.
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        Assert.Equal(HttpStatusCode.NotFound, (await PostAsync(administrator, $"/people/{stranger.Id}/native-clients/{id}/revoke")).Status);
        using (var bare = await theirs.Client.PostAsync($"{Address}/{id}/revoke", null))
            Assert.Equal(HttpStatusCode.BadRequest, bare.StatusCode);
        Assert.False(await IsRevokedAsync(id));
    }

    [Fact]
    public async Task An_administrator_sees_a_persons_clients_and_shuts_one_out()
    {
        var owner = await app.AddPersonAsync(Roles.Supervisor);
        using var theirs = await app.SignInAsync(owner);
        var id = await AddedAsync(theirs, owner, "Téléphone");
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await administrator.GetAsync($"/people/{owner.Id}");
        page = await administrator.SubmitAsync(page, $"/people/{owner.Id}/native-clients/{id}/revoke");
        Assert.Equal($"/people/{owner.Id}", page.Path);
        Assert.True(await IsRevokedAsync(id));
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == "native-client.revoked" && l.Subject == $"person:{owner.Id}")));
        Assert.DoesNotContain("Téléphone", (await theirs.GetAsync(Address)).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/sign-out-everywhere")]
    [InlineData("disable")]
    public async Task What_ends_a_persons_sign_ins_ends_their_clients(string how)
    {
        var owner = await app.AddPersonAsync(Roles.Supervisor);
        using var theirs = await app.SignInAsync(owner);
        var id = await AddedAsync(theirs, owner, "Portable");
        if (how == "disable")
        {
            using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
            await administrator.SubmitAsync(await administrator.GetAsync($"/people/{owner.Id}"), $"/people/{owner.Id}/disable");
        }
        else
        {
            await theirs.SubmitAsync(await theirs.GetAsync("/account"), how);
        }

        Assert.True(await IsRevokedAsync(id));
    }

    [Fact]
    public async Task A_browser_cannot_sign_in_as_a_client()
    {
        var owner = await app.AddPersonAsync(Roles.Supervisor);
        using var theirs = await app.SignInAsync(owner);
        var id = await AddedAsync(theirs, owner, "Portable");
        // Even with the token that its row would be the hash of, which nobody has.
        var token = new byte[32];
        await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.Id == id)
            .ExecuteUpdateAsync(set => set.SetProperty(s => s.TokenHash, System.Security.Cryptography.SHA256.HashData(token))));
        using var browser = app.OpenBrowser();
        browser.SetCookie(SignInCookie.Name, System.Buffers.Text.Base64Url.EncodeToString(token));
        Assert.Equal("/sign-in", (await browser.GetAsync("/account")).Path);
    }

    private static async Task<Page> AddAsync(Browser browser, string name)
    {
        var page = await browser.SubmitAsync(await browser.GetAsync(Address), "native-client", ("Name", name));
        Assert.True(page.Document.GetElementById("client-password") is not null, page.Text);
        return page;
    }

    private async Task<Guid> AddedAsync(Browser browser, TestPerson person, string name)
    {
        await AddAsync(browser, name);
        return await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id && s.Method == SignInMethod.NativeClient).Select(s => s.Id).SingleAsync());
    }

    private static async Task<Page> PostAsync(Browser browser, string address)
    {
        var (_, values) = (await browser.GetAsync(Address)).Fill("native-client", []);
        using var form = new FormUrlEncodedContent(values);
        using var answer = await browser.Client.PostAsync(address, form);
        return await Page.ReadAsync(new Uri(browser.Client.BaseAddress!, address), answer);
    }

    private static string RevokeOf(Page page, string name) => page.Document.QuerySelectorAll("table tbody tr")
        .Single(row => row.TextContent.Contains(name, StringComparison.Ordinal)).QuerySelector("form")!.GetAttribute("action")!;

    private Task<int> CountAsync(TestPerson person) => app.InDatabaseAsync(db =>
        db.Access.SignIns.CountAsync(s => s.PersonId == person.Id && s.Method == SignInMethod.NativeClient && s.RevokedAt == null));

    private Task<bool> IsRevokedAsync(Guid id) => app.InDatabaseAsync(db => db.Access.SignIns.AnyAsync(s => s.Id == id && s.RevokedAt != null));
}
