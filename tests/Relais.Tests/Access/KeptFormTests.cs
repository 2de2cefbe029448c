using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Access.KeptForms;

namespace Relais.Tests.Access;

public sealed class KeptFormTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task What_was_typed_survives_a_sign_in_that_ended_in_the_meantime()
    {
        var administrator = await app.AddPersonAsync(Roles.Administrator);
        using var browser = await app.SignInAsync(administrator);
        var name = $"k{Guid.NewGuid():N}"[..12];
        var form = await browser.GetAsync("/people/new");
        app.Clock.Advance(TimeSpan.FromDays(3));
        var asked = await browser.SubmitAsync(form, ("DisplayName", "Ana “Ñandú” Durand"), ("UserName", name), ("Phone", "01 02"));
        Assert.Equal("/sign-in", asked.Path);

        // Sealed, and for this browser and this person alone.
        var kept = await app.InDatabaseAsync(db => db.Access.KeptForms.AsNoTracking().SingleAsync(f => f.PersonId == administrator.Id));
        Assert.DoesNotContain(name, Encoding.UTF8.GetString(kept.Fields), StringComparison.Ordinal);
        using var elsewhere = await app.SignInAsync(administrator);
        Assert.Equal(HttpStatusCode.Gone, (await elsewhere.GetAsync($"/kept-form/{kept.Id}")).Status);

        var code = await browser.SubmitAsync(asked, ("UserName", administrator.UserName), ("Password", administrator.Password));
        var resumed = await browser.SubmitAsync(code, ("Code", app.NextCode(administrator)));
        Assert.Equal($"/kept-form/{kept.Id}", resumed.Path);
        var sent = await browser.SubmitAsync(resumed, "/people/new");
        var made = await app.InDatabaseAsync(db => db.Access.People.SingleOrDefaultAsync(p => p.UserName == name));
        Assert.True(made is not null, sent.Text);
        Assert.Equal(("Ana “Ñandú” Durand", "01 02"), (made.DisplayName, made.Phone));
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync(resumed.Path)).Status);
    }

    [Fact]
    public async Task What_was_typed_survives_being_asked_who_one_is_and_another_person_does_not_get_it()
    {
        var administrator = await app.AddPersonAsync(Roles.Administrator);
        using var browser = await app.SignInAsync(administrator);
        var form = await browser.GetAsync("/people/directory/settings");
        app.Clock.Advance(TimeSpan.FromHours(1));
        var asked = await browser.SubmitAsync(form, "directory", ("Host", "annuaire.example"), ("BindName", "cn=relais"), ("Password", "un secret"), ("Base", "dc=example"), ("RoleGroups[supervisor]", "Chefs"));
        Assert.Equal("/account/confirm", asked.Path);
        var resumed = await browser.SubmitAsync(asked, ("Password", administrator.Password));
        Assert.StartsWith(KeptFormPage.Path, resumed.Path, StringComparison.Ordinal);
        using var other = app.OpenBrowser();
        other.SetCookie(KeepForm.Cookie, browser.Cookie(KeepForm.Cookie)!);
        await app.SignInAsync(other, await app.AddPersonAsync());
        Assert.Equal(HttpStatusCode.Gone, (await other.GetAsync(resumed.Path)).Status);

        var saved = await browser.SubmitAsync(resumed, "/people/directory/settings");
        Assert.Equal("/people/directory", saved.Path);
        var source = await app.InDatabaseAsync(db => db.Access.Directories.SingleAsync());
        Assert.Equal(("annuaire.example", "cn=relais", "supervisor=Chefs"), (source.Host, source.BindName, Assert.Single(source.RoleGroups)));
        Assert.NotEmpty(source.Secret);
        Assert.Equal(0, await app.InDatabaseAsync(db => db.Access.KeptForms.CountAsync(f => f.PersonId == administrator.Id)));
    }

    [Fact]
    public async Task A_form_that_nobody_comes_back_for_is_forgotten_and_another_sites_is_never_kept()
    {
        var administrator = await app.AddPersonAsync(Roles.Administrator);
        using var browser = await app.SignInAsync(administrator);
        var form = await browser.GetAsync("/people/new");
        app.Clock.Advance(TimeSpan.FromDays(3));
        browser.Client.DefaultRequestHeaders.Add("Sec-Fetch-Site", "cross-site");
        await browser.SubmitAsync(form, ("DisplayName", "Personne"), ("UserName", "personne"));
        Assert.Equal(0, await app.InDatabaseAsync(db => db.Access.KeptForms.CountAsync(f => f.PersonId == administrator.Id)));

        browser.Client.DefaultRequestHeaders.Remove("Sec-Fetch-Site");
        await browser.SubmitAsync(form, ("DisplayName", "Personne"), ("UserName", "personne"));
        var kept = await app.InDatabaseAsync(db => db.Access.KeptForms.SingleAsync(f => f.PersonId == administrator.Id));
        app.Clock.Advance(KeepForm.Life);
        await app.SignInAsync(browser, administrator);
        Assert.Equal(HttpStatusCode.Gone, (await browser.GetAsync($"/kept-form/{kept.Id}")).Status);
        await app.InDatabaseAsync(db => KeepForm.ForgetOldAsync(db.Access, app.Clock.GetUtcNow(), CancellationToken.None));
        Assert.Equal(0, await app.InDatabaseAsync(db => db.Access.KeptForms.CountAsync(f => f.Id == kept.Id)));
    }
}
