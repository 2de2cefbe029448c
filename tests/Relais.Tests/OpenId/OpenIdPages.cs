using System.Text;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;

namespace Relais.Tests.OpenId;

[InChromium]
public sealed class OpenIdPages(OpenIdApp app) : IClassFixture<OpenIdApp>
{
    private const int Wide = 1280;
    private const int Narrow = 360;

    [Fact]
    public async Task An_administrator_sets_an_issuer_up_and_a_person_comes_in_through_its_own_page_and_leaves()
    {
        var administrator = await app.AddPersonAsync(Roles.Administrator);
        var person = await app.AddPersonAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await app.OpenPageAsync(chromium, administrator, "/openid");
        await page.IsInOrderAsync("openid-empty-fr", Wide);
        await page.FillAsync("[name=Name]", "Compte de l’institut");
        await page.FillAsync("[name=Authority]", app.Issuer);
        await page.FillAsync("[name=ClientId]", "relais");
        await page.FillAsync("[name=Secret]", "un secret & des signes: +%");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer et vérifier" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Modifier Compte de l’institut" })).ToBeVisibleAsync();
        await page.IsInOrderAsync("openid-fr", Wide);
        await page.SetViewportSizeAsync(Narrow, 800);
        await page.IsInOrderAsync("openid-fr", Narrow);
        var kept = await app.InDatabaseAsync(db => db.Access.OpenIdIssuers.Select(i => i.Secret).SingleAsync(s => s != null));
        Assert.DoesNotContain("un secret", Encoding.UTF8.GetString(kept!), StringComparison.Ordinal);

        var visitor = await chromium.OpenAsync(app.Address);
        await visitor.GotoAsync("/sign-in?returnUrl=%2Faccount");
        await visitor.IsInOrderAsync("sign-in-openid-fr", Wide);
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Se connecter avec Compte de l’institut" }).ClickAsync();
        await visitor.GetByLabel("Nom").FillAsync(person.UserName);
        await visitor.GetByRole(AriaRole.Button, new() { Name = "Entrer" }).ClickAsync();
        await visitor.ArriveAsync("**/account");
        await Assertions.Expect(visitor.GetByText("Service de connexion", new() { Exact = false }).First).ToBeVisibleAsync();
        await visitor.IsInOrderAsync("account-openid-fr", Wide);

        var left = await visitor.APIRequest.GetAsync(new Uri(app.Address, "/sign-in").AbsoluteUri);
        Assert.True(left.Ok);
        await visitor.GotoAsync("/");
        await visitor.EvaluateAsync("() => document.querySelector(\"form[action='/sign-out']\").requestSubmit()");
        await Assertions.Expect(visitor.GetByRole(AriaRole.Heading, new() { Name = "Vous êtes déconnecté de Relais" })).ToBeVisibleAsync();
        await visitor.IsInOrderAsync("openid-left-fr", Wide);
        await visitor.GetByRole(AriaRole.Link, new() { Name = "Se déconnecter aussi de Compte de l’institut" }).ClickAsync();
        await visitor.ArriveAsync(url => url.StartsWith(app.Issuer, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_address_without_encryption_is_refused_and_only_administrators_see_the_page()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await administrator.GetAsync("/openid");
        var refused = await administrator.SubmitAsync(page, "issuer", ("Name", "Ailleurs"), ("Authority", "http://connexion.example"), ("ClientId", "relais"));
        Assert.Contains("en https", refused.ErrorOf("Authority"), StringComparison.Ordinal);
        Assert.Equal("http://connexion.example", refused.ValueOf("Authority"));

        using var staff = await app.SignInAsync(await app.AddPersonAsync());
        Assert.Equal(System.Net.HttpStatusCode.Forbidden, (await staff.GetAsync("/openid")).Status);
    }
}
