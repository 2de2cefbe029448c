using Microsoft.Playwright;
using Relais.Access.Contracts;

namespace Relais.Tests.Access;

[InChromium]
public sealed class PagesTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    private static readonly string[] Addresses =
    [
        "/account", "/account/password", "/account/authenticator", "/account/passkeys", "/account/recovery-codes",
        "/people", "/people/new", "/people/ID", "/groups", "/second-factors", "/audit",
    ];

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task Pages_pass_axe_and_fit_the_screen(int width)
    {
        var (boss, person) = (await app.AddPersonAsync(Roles.Administrator), await app.AddPersonAsync(Roles.Contractor));
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address, width);
        await page.GotoAsync("/sign-in");
        await page.IsInOrderAsync("/sign-in", width);
        await page.FillAsync("#user-name", boss.UserName);
        await page.FillAsync("#password", boss.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync("**/sign-in/second-factor");
        await page.IsInOrderAsync("/sign-in/second-factor", width);
        await page.FillAsync("#code", app.NextCode(boss));
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync(url => new Uri(url).AbsolutePath == "/");

        foreach (var address in Addresses.Select(a => a.Replace("ID", person.Id.ToString(), StringComparison.Ordinal)))
        {
            await page.GotoAsync(address);
            Assert.Equal(address, new Uri(page.Url).AbsolutePath);
            await page.IsInOrderAsync(address, width);
        }

        // Asked again in the middle of a form: it waits, and goes on with one button.
        await page.GotoAsync("/account/password");
        app.Clock.Advance(TimeSpan.FromHours(1));
        await page.FillAsync("[name=Password]", "quatre mots sans rapport");
        await page.FillAsync("[name=Again]", "quatre mots sans rapport");
        await page.GetByRole(AriaRole.Button, new() { Name = "Enregistrer" }).ClickAsync();
        await page.ArriveAsync("**/account/confirm**");
        await page.FillAsync("#password", boss.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Continuer" }).ClickAsync();
        await page.ArriveAsync("**/kept-form/**");
        await page.IsInOrderAsync("/kept-form", width);
        await page.GetByRole(AriaRole.Button, new() { Name = "Envoyer maintenant" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Votre mot de passe est changé", new() { Exact = false })).ToBeVisibleAsync();
    }
}
