using System.Buffers.Binary;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Access.Passwords;

namespace Relais.Tests.Access;

public sealed class PasswordTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    private const string Good = "quatre canards bleus";

    [Theory]
    [InlineData("", "", "Password", "À remplir")]
    [InlineData("court", "court", "Password", "Trop court")]
    [InlineData("motdepasse2026", "motdepasse2026", "Password", "l’un des premiers")]
    [InlineData("AzertyUiop123!", "AzertyUiop123!", "Password", "l’un des premiers")]
    [InlineData("abababababab", "abababababab", "Password", "l’un des premiers")]
    [InlineData(Good, "autre chose", "Again", "diffèrent")]
    public async Task A_one_time_password_must_be_changed_before_anything_else_and_for_a_good_one(string password, string again, string field, string words)
    {
        var (browser, page) = await FirstSignInAsync();
        using (browser)
        {
            Assert.Equal("/sign-in/new-password", page.Path);
            Assert.Equal("/sign-in/new-password", (await browser.GetAsync("/account")).Path);
            page = await browser.SubmitAsync(page, ("Password", password), ("Again", again));
            Assert.Contains(words, page.ErrorOf(field), StringComparison.Ordinal);

            page = await browser.SubmitAsync(page, ("Password", Good), ("Again", Good));
            Assert.Equal("/account", page.Path);
        }
    }

    [Fact]
    public async Task The_one_time_password_itself_and_the_own_name_are_refused()
    {
        var (browser, page) = await FirstSignInAsync();
        using (browser)
        {
            page = await browser.SubmitAsync(page, ("Password", TestPeople.Password), ("Again", TestPeople.Password));
            Assert.Contains("actuel", page.ErrorOf("Password"), StringComparison.Ordinal);
            Assert.Equal("password-is-name", PasswordRules.Check("Jeanne.Martin1", "jeanne.martin"));
            Assert.Equal("password-long", PasswordRules.Check(new string('é', 257)));
            Assert.Null(PasswordRules.Check("quatre canards bleus", "jeanne"));
        }
    }

    [Fact]
    public async Task Changing_the_password_signs_the_other_devices_out_and_the_old_one_is_worth_nothing()
    {
        var person = await app.AddPersonAsync();
        using var here = await app.SignInAsync(person);
        using var there = await app.SignInAsync(person);
        var page = await here.SubmitAsync(await here.GetAsync("/account/password"), ("Password", Good), ("Again", Good));
        Assert.Equal("/account", page.Path);
        Assert.Equal("/sign-in", (await there.GetAsync("/account")).Path);
        Assert.NotNull((await app.SignInAsync(there, person)).Alert);
        Assert.Equal("/", (await app.SignInAsync(there, person with { Password = Good })).Path);
    }

    [Fact]
    public async Task A_password_is_kept_after_210000_rounds_of_HMAC_SHA512()
    {
        var person = await app.AddPersonAsync();
        using var browser = await app.SignInAsync(person);
        await browser.SubmitAsync(await browser.GetAsync("/account/password"), ("Password", Good), ("Again", Good));
        var hash = Convert.FromBase64String((await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).Select(p => p.PasswordHash).SingleAsync()))!);
        // Identity's format 1: a byte, then kind and rounds as numbers of four bytes, the highest first.
        Assert.Equal((1, 2u, 210_000u), (hash[0], BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(1)), BinaryPrimitives.ReadUInt32BigEndian(hash.AsSpan(5))));
    }

    [Fact]
    public async Task A_sign_in_of_a_while_ago_must_prove_itself_before_a_sensitive_change()
    {
        var person = await app.AddPersonAsync();
        using var browser = await app.SignInAsync(person);
        app.Clock.Advance(TimeSpan.FromMinutes(11));
        var page = await browser.GetAsync("/account/password");
        Assert.Equal("/account/confirm", page.Path);
        page = await browser.SubmitAsync(page, ("Password", "pas celui-là"));
        Assert.Contains("pas votre mot de passe", page.ErrorOf("Password"), StringComparison.Ordinal);
        page = await browser.SubmitAsync(page, ("Password", person.Password));
        Assert.Equal("/account/password", page.Path);
    }

    [Fact]
    public async Task An_administrator_gives_a_new_password_that_is_shown_once_and_ends_sign_ins()
    {
        var person = await app.AddPersonAsync();
        using var theirs = await app.SignInAsync(person);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await administrator.SubmitAsync(await administrator.GetAsync($"/people/{person.Id}"), "reset-password");
        var password = page.Document.GetElementById("one-time-password")!.TextContent;
        Assert.Equal("/sign-in", (await theirs.GetAsync("/account")).Path);
        Assert.DoesNotContain(password, (await administrator.GetAsync($"/people/{person.Id}")).Html, StringComparison.Ordinal);
        Assert.Equal("/sign-in/new-password", (await app.SignInAsync(theirs, person with { Password = password })).Path);
        var kept = await app.InDatabaseAsync(db => db.Kernel.AuditLines.Where(l => l.Action == "person.password-reset").Select(l => l.Detail).ToListAsync());
        Assert.All(kept, detail => Assert.DoesNotContain(password, detail, StringComparison.Ordinal));
    }

    private async Task<(Browser Browser, Page Page)> FirstSignInAsync()
    {
        var person = await app.AddPersonAsync();
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.MustChangePassword, true)));
        var browser = app.OpenBrowser();
        var form = await browser.GetAsync("/account");
        return (browser, await browser.SubmitAsync(form, ("UserName", person.UserName), ("Password", person.Password)));
    }
}
