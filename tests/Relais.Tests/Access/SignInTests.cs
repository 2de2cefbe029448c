using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;

namespace Relais.Tests.Access;

public sealed class SignInTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task A_person_signs_in_with_their_user_name_or_their_email_whatever_the_case()
    {
        var person = await app.AddPersonAsync();
        foreach (var name in new[] { person.UserName, person.UserName.ToUpperInvariant(), $"{person.UserName}@Institut.example" })
        {
            using var browser = app.OpenBrowser();
            var page = await browser.SubmitAsync(await browser.GetAsync("/account"), ("UserName", name), ("Password", person.Password));
            Assert.Equal("/account", page.Path);
        }
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_name_get_the_same_answer_and_the_name_stays_typed()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        var wrong = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", person.UserName), ("Password", "pas le bon mot"));
        var unknown = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", "inconnu"), ("Password", "pas le bon mot"));
        Assert.NotNull(wrong.Alert);
        Assert.Equal(wrong.Alert, unknown.Alert);
        Assert.Equal(person.UserName, wrong.ValueOf("UserName"));
        Assert.DoesNotContain("pas le bon mot", wrong.Html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "x")]
    [InlineData("  ", "x")]
    [InlineData("quelqu'un", "")]
    public async Task An_empty_name_or_password_is_said_and_not_counted(string name, string password)
    {
        using var browser = app.OpenBrowser();
        var page = await browser.SubmitAsync(await browser.GetAsync("/sign-in"), ("UserName", name), ("Password", password));
        Assert.Equal("Saisissez votre identifiant et votre mot de passe.", page.Alert);
    }

    [Fact]
    public async Task A_header_that_claims_another_address_or_person_is_ignored()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        foreach (var name in new[] { "X-Forwarded-For", "Forwarded", "X-Real-IP" })
            browser.Client.DefaultRequestHeaders.Add(name, name == "Forwarded" ? "for=203.0.113.7" : "203.0.113.7");
        foreach (var name in new[] { "X-Forwarded-User", "X-Remote-User", "Remote-User", "X-Relais-Identity" })
            browser.Client.DefaultRequestHeaders.Add(name, person.UserName);

        Assert.Equal("/sign-in", (await browser.GetAsync("/account")).Path);
        await app.SignInAsync(browser, person);
        var address = await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.Address).SingleAsync());
        Assert.Equal("127.0.0.1", address);
    }

    [Fact]
    public async Task A_token_that_was_there_before_signing_in_is_never_adopted()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        var planted = Convert.ToBase64String(new byte[32]).TrimEnd('=');
        browser.SetCookie("__Host-relais", planted);
        await app.SignInAsync(browser, person);
        var token = browser.Cookie("__Host-relais");
        Assert.NotEqual(planted, token);

        using var thief = app.OpenBrowser();
        thief.SetCookie("__Host-relais", planted);
        Assert.Equal("/sign-in", (await thief.GetAsync("/account")).Path);
    }

    [Theory]
    [InlineData("https://ailleurs.example/")]
    [InlineData("//ailleurs.example/")]
    [InlineData(@"/\ailleurs.example/")]
    public async Task A_return_address_of_another_site_is_not_followed(string address)
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        var form = await browser.GetAsync($"/sign-in?returnUrl={Uri.EscapeDataString(address)}");
        var page = await browser.SubmitAsync(form, ("UserName", person.UserName), ("Password", person.Password));
        Assert.Equal("/", page.Path);
    }

    [Fact]
    public async Task Signing_out_ends_the_sign_in_and_not_only_the_cookie()
    {
        var person = await app.AddPersonAsync();
        using var browser = await app.SignInAsync(person);
        var token = browser.Cookie("__Host-relais")!;
        var page = await browser.SubmitAsync(await browser.GetAsync("/account"), "/sign-out");
        Assert.Equal("/sign-in", page.Path);

        using var thief = app.OpenBrowser();
        thief.SetCookie("__Host-relais", token);
        Assert.Equal("/sign-in", (await thief.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task Another_device_is_signed_out_by_its_row_and_everything_by_sign_out_everywhere()
    {
        var person = await app.AddPersonAsync();
        using var first = await app.SignInAsync(person);
        using var second = await app.SignInAsync(person);
        using var third = await app.SignInAsync(person);
        var secondId = await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).OrderBy(s => s.CreatedAt).Skip(1).Select(s => s.Id).FirstAsync());

        var page = await first.SubmitAsync(await first.GetAsync("/account"), $"/account/sign-ins/{secondId}/revoke");
        Assert.Equal("/account", page.Path);
        Assert.Equal("/sign-in", (await second.GetAsync("/account")).Path);
        Assert.Equal("/account", (await third.GetAsync("/account")).Path);

        await first.SubmitAsync(page, "/account/sign-out-everywhere");
        Assert.Equal("/sign-in", (await first.GetAsync("/account")).Path);
        Assert.Equal("/sign-in", (await third.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task Somebody_elses_sign_in_is_as_if_it_did_not_exist()
    {
        var (mine, theirs) = (await app.AddPersonAsync(), await app.AddPersonAsync());
        using var me = await app.SignInAsync(mine);
        using var them = await app.SignInAsync(theirs);
        var (own, other) = await app.InDatabaseAsync(async db => (
            await db.Access.SignIns.Where(s => s.PersonId == mine.Id).Select(s => s.Id).SingleAsync(),
            await db.Access.SignIns.Where(s => s.PersonId == theirs.Id).Select(s => s.Id).SingleAsync()));

        var account = await me.GetAsync("/account");
        var forged = account with { Document = await Reparse(account.Html.Replace(own.ToString(), other.ToString(), StringComparison.Ordinal)) };
        var page = await me.SubmitAsync(forged, $"/account/sign-ins/{other}/revoke");
        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal("/account", (await them.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task Disabling_a_person_ends_their_sign_ins_at_once_and_refuses_new_ones()
    {
        var person = await app.AddPersonAsync();
        using var theirs = await app.SignInAsync(person);
        var signIn = await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).Select(s => s.Id).SingleAsync());
        var standing = app.Services.GetRequiredService<Standing>();
        Assert.Empty(await standing.LostAsync([new SignInId(signIn)], CancellationToken.None));

        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        await administrator.SubmitAsync(await administrator.GetAsync($"/people/{person.Id}"), $"/people/{person.Id}/disable");

        Assert.Equal("/sign-in", (await theirs.GetAsync("/account")).Path);
        Assert.Contains(new SignInId(signIn), await standing.LostAsync([new SignInId(signIn)], CancellationToken.None));
        using var again = app.OpenBrowser();
        Assert.Contains("désactivé", (await app.SignInAsync(again, person)).Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_contractor_is_out_after_their_last_day()
    {
        var person = await app.AddPersonAsync(Roles.Contractor);
        using var browser = await app.SignInAsync(person);
        var end = app.Clock.GetUtcNow().AddHours(1);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.ExpiresAt, end)));
        Assert.Equal("/account", (await browser.GetAsync("/account")).Path);

        app.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Equal("/sign-in", (await browser.GetAsync("/account")).Path);
        using var again = app.OpenBrowser();
        Assert.Contains("terme", (await app.SignInAsync(again, person)).Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sign_in_ends_when_it_was_not_used_for_eight_hours()
    {
        using var browser = await app.SignInAsync(await app.AddPersonAsync());
        app.Clock.Advance(TimeSpan.FromHours(7));
        Assert.Equal("/account", (await browser.GetAsync("/account")).Path);
        app.Clock.Advance(TimeSpan.FromHours(7));
        Assert.Equal("/account", (await browser.GetAsync("/account")).Path);
        app.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal("/sign-in", (await browser.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task A_form_without_its_token_is_refused()
    {
        using var browser = await app.SignInAsync(await app.AddPersonAsync());
        using var forged = await browser.Client.PostAsync("/account/sign-out-everywhere", new FormUrlEncodedContent([]));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Equal("/account", (await browser.GetAsync("/account")).Path);
    }

    [Fact]
    public async Task The_language_is_the_persons_own_once_signed_in()
    {
        var person = await app.AddPersonAsync();
        using var browser = await app.SignInAsync(person);
        var page = await browser.GetAsync("/account");
        Assert.Equal("fr", page.Document.DocumentElement.GetAttribute("lang"));
        page = await browser.SubmitAsync(page, ("DisplayName", "Jane"), ("Language", "en"));
        Assert.Equal("en", page.Document.DocumentElement.GetAttribute("lang"));
        Assert.Contains("Saved.", page.Text, StringComparison.Ordinal);

        using var elsewhere = await app.SignInAsync(person);
        Assert.Equal("en", (await elsewhere.GetAsync("/account")).Document.DocumentElement.GetAttribute("lang"));
        await elsewhere.SubmitAsync(await elsewhere.GetAsync("/account"), "/language", ("culture", "fr"));
        Assert.Equal("fr", (await browser.GetAsync("/account")).Document.DocumentElement.GetAttribute("lang"));
    }

    private static async Task<AngleSharp.Html.Dom.IHtmlDocument> Reparse(string html) => await new AngleSharp.Html.Parser.HtmlParser().ParseDocumentAsync(html, CancellationToken.None);
}
