using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Access.OpenId;
using Relais.Access.SignIns;

namespace Relais.Tests.OpenId;

public sealed partial class OpenIdTests(OpenIdApp app) : IClassFixture<OpenIdApp>
{
    [Fact]
    public async Task A_verified_address_matches_once_and_then_the_issuers_own_name_for_the_person_counts()
    {
        var person = await app.AddPersonAsync();
        var button = await app.AddIssuerAsync();
        using var first = app.OpenBrowser();
        Assert.Equal("/", (await first.ByIssuerAsync(button, person.UserName)).Path);
        Assert.Equal(SignInMethod.OpenId, await MethodAsync(person));

        // Another address there changes nothing; the address of a colleague does not make them the colleague.
        var colleague = await app.AddPersonAsync();
        using var again = app.OpenBrowser();
        Assert.Equal("/", (await again.ByIssuerAsync(button, $"{person.UserName}+at+ailleurs.example")).Path);
        Assert.Equal(2, await app.InDatabaseAsync(db => db.Access.SignIns.CountAsync(s => s.PersonId == person.Id)));
        Assert.False(await app.InDatabaseAsync(db => db.Access.SignIns.AnyAsync(s => s.PersonId == colleague.Id)));

        // Somebody else who got the same address later is still somebody else.
        using var other = app.OpenBrowser();
        Assert.Contains("relié à un autre compte", (await other.ByIssuerAsync(button, $"{person.UserName}+again")).Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_the_issuer_has_not_verified_never_matches()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        var page = await browser.ByIssuerAsync(await app.AddIssuerAsync(creates: true), $"{person.UserName}+unverified");
        Assert.Contains("n’a pas confirmé votre adresse", page.Alert, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(SignInCookie.Name));
    }

    [Fact]
    public async Task Whom_nobody_here_knows_is_told_so_and_gets_an_account_only_where_that_was_wanted()
    {
        using var stranger = app.OpenBrowser();
        Assert.Contains("Personne ici n’a cette adresse", (await stranger.ByIssuerAsync(await app.AddIssuerAsync(), "nouvelle.venue")).Alert, StringComparison.Ordinal);

        using var browser = app.OpenBrowser();
        Assert.Equal("/", (await browser.ByIssuerAsync(await app.AddIssuerAsync(creates: true), "nouvelle.venue")).Path);
        var made = await app.InDatabaseAsync(db => db.Access.People.SingleAsync(p => p.UserName == "nouvelle.venue"));
        Assert.Equal(("Prénom nouvelle.venue", "nouvelle.venue@institut.example", Roles.Staff), (made.DisplayName, made.Email, Assert.Single(made.Roles)));
    }

    [Fact]
    public async Task Who_is_disabled_is_told_so_and_does_not_get_in()
    {
        var person = await app.AddPersonAsync();
        var button = await app.AddIssuerAsync();
        var now = app.Clock.GetUtcNow();
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, now)));
        using var browser = app.OpenBrowser();
        Assert.Contains("Votre compte est désactivé", (await browser.ByIssuerAsync(button, person.UserName)).Alert, StringComparison.Ordinal);
        var line = await app.InDatabaseAsync(db => db.Access.SignIns.AnyAsync(s => s.PersonId == person.Id));
        Assert.False(line);
    }

    [Fact]
    public async Task The_issuers_second_factor_counts_only_where_an_administrator_said_so()
    {
        var supervisor = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = app.OpenBrowser();
        var asked = await browser.ByIssuerAsync(await app.AddIssuerAsync(), supervisor.UserName, code: true);
        Assert.Equal("/sign-in/second-factor", asked.Path);
        Assert.Equal("/", (await browser.SubmitAsync(asked, ("Code", app.NextCode(supervisor)))).Path);
        Assert.Equal(SignInMethod.OpenIdAndCode, await MethodAsync(supervisor));

        var trusted = await app.AddIssuerAsync(factor: true);
        using var password = app.OpenBrowser();
        Assert.Equal("/sign-in/second-factor", (await password.ByIssuerAsync(trusted, supervisor.UserName)).Path);
        using var both = app.OpenBrowser();
        Assert.Equal("/", (await both.ByIssuerAsync(trusted, supervisor.UserName, code: true)).Path);
        Assert.Equal(SignInMethod.OpenIdWithFactor, await MethodAsync(supervisor));
    }

    [Fact]
    public async Task The_issuers_level_counts_where_an_administrator_named_it_and_nowhere_else()
    {
        var supervisor = await app.AddPersonAsync(Roles.Supervisor);
        using var unnamed = app.OpenBrowser();
        Assert.Equal("/sign-in/second-factor", (await unnamed.ByIssuerAsync(await app.AddIssuerAsync(factor: true, acr: "autre"), $"{supervisor.UserName}+strong")).Path);
        using var untrusted = app.OpenBrowser();
        Assert.Equal("/sign-in/second-factor", (await untrusted.ByIssuerAsync(await app.AddIssuerAsync(acr: "urn:institut:deux"), $"{supervisor.UserName}+strong")).Path);
        var named = await app.AddIssuerAsync(factor: true, acr: "urn:institut:trois urn:institut:deux");
        using var weak = app.OpenBrowser();
        Assert.Equal("/sign-in/second-factor", (await weak.ByIssuerAsync(named, supervisor.UserName)).Path);
        using var strong = app.OpenBrowser();
        Assert.Equal("/", (await strong.ByIssuerAsync(named, $"{supervisor.UserName}+strong")).Path);
        Assert.Equal(SignInMethod.OpenIdWithFactor, await MethodAsync(supervisor));
        Assert.Equal(HttpStatusCode.OK, (await strong.GetAsync("/account")).Status);
    }

    [Fact]
    public async Task Groups_that_the_issuer_names_and_we_have_are_joined()
    {
        var person = await app.AddPersonAsync();
        await app.InDatabaseAsync(async db =>
        {
            db.Access.Groups.Add(new() { Name = "Ceux du service", NormalizedName = "CEUX DU SERVICE" });
            return await db.Access.SaveChangesAsync();
        });
        using var browser = app.OpenBrowser();
        Assert.Equal("/", (await browser.ByIssuerAsync(await app.AddIssuerAsync(groups: "groups"), $"{person.UserName}+groups")).Path);
        var groups = await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).SelectMany(p => p.Groups).Select(g => g.Name).ToListAsync());
        Assert.Equal("Ceux du service", Assert.Single(groups));
    }

    [Fact]
    public async Task Who_refuses_at_the_issuer_is_back_and_may_try_again()
    {
        using var browser = app.OpenBrowser();
        var back = await OpenIdSteps.AtIssuerAsync(await browser.BeginAsync(await app.AddIssuerAsync()), ("refuse", "1"));
        Assert.Contains("annulée ou refusée", (await browser.GetAsync(back.PathAndQuery)).Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_with_another_state_opens_nothing()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        var back = await OpenIdSteps.AtIssuerAsync(await browser.BeginAsync(await app.AddIssuerAsync()), ("login", person.UserName));
        Assert.Contains("n’a pas été commencée dans ce navigateur", (await browser.GetAsync(back.With("state", "autre").PathAndQuery)).Alert, StringComparison.Ordinal);

        // Nor is the right one good any more: one answer a question.
        Assert.Contains("n’a pas été commencée", (await browser.GetAsync(back.PathAndQuery)).Alert, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(SignInCookie.Name));
    }

    [Fact]
    public async Task An_answer_that_another_browser_brings_opens_nothing()
    {
        var person = await app.AddPersonAsync();
        using var attacker = app.OpenBrowser();
        var back = await OpenIdSteps.AtIssuerAsync(await attacker.BeginAsync(await app.AddIssuerAsync()), ("login", person.UserName));
        using var victim = app.OpenBrowser();
        Assert.Contains("n’a pas été commencée", (await victim.GetAsync(back.PathAndQuery)).Alert, StringComparison.Ordinal);
        Assert.Null(victim.Cookie(SignInCookie.Name));
    }

    [Fact]
    public async Task A_token_for_another_nonce_opens_nothing()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        var question = await browser.BeginAsync(await app.AddIssuerAsync());
        var back = await OpenIdSteps.AtIssuerAsync(question.With("nonce", "autre"), ("login", person.UserName));
        Assert.Contains("n’est pas sûre", (await browser.GetAsync(back.PathAndQuery)).Alert, StringComparison.Ordinal);
        Assert.Null(browser.Cookie(SignInCookie.Name));
    }

    [Fact]
    public async Task A_code_that_was_used_opens_nothing_again()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        var question = await browser.BeginAsync(await app.AddIssuerAsync());
        var trip = browser.Cookie(TripCookie.Name)!;
        var back = await OpenIdSteps.AtIssuerAsync(question, ("login", person.UserName));
        Assert.Equal("/", (await browser.GetAsync(back.PathAndQuery)).Path);

        // With the very cookie put back: the issuer knows the code as used.
        using var thief = app.OpenBrowser();
        thief.SetCookie(TripCookie.Name, trip);
        Assert.Contains("elle a déjà servi", (await thief.GetAsync(back.PathAndQuery)).Alert, StringComparison.Ordinal);
        Assert.Null(thief.Cookie(SignInCookie.Name));
    }

    [Fact]
    public async Task Who_takes_too_long_begins_again()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        var back = await OpenIdSteps.AtIssuerAsync(await browser.BeginAsync(await app.AddIssuerAsync()), ("login", person.UserName));
        app.Clock.Advance(TripCookie.Life + TimeSpan.FromMinutes(1));
        Assert.Contains("a pris trop de temps", (await browser.GetAsync(back.PathAndQuery)).Alert, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_client_secret_and_an_issuer_that_is_away_are_told_apart_from_the_person()
    {
        var person = await app.AddPersonAsync();
        using var browser = app.OpenBrowser();
        Assert.Contains("ne répond pas", (await browser.ByIssuerAsync(await app.AddIssuerAsync(secret: "faux"), person.UserName)).Alert, StringComparison.Ordinal);
        var nobody = await app.AddIssuerAsync(authority: $"http://127.0.0.1:{TestProgram.FreePort()}");
        Assert.Contains("ne répond pas", (await browser.GetAsync(nobody)).Alert, StringComparison.Ordinal);
        Assert.Contains("n’existe plus", (await browser.GetAsync($"/sign-in/openid/{Guid.NewGuid()}")).Alert, StringComparison.Ordinal);
    }

    private Task<SignInMethod> MethodAsync(TestPerson person) =>
        app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).OrderByDescending(s => s.CreatedAt).Select(s => s.Method).FirstAsync());
}
