using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Access.SignIns;

namespace Relais.Tests.Access;

[InChromium]
public sealed class PasskeyTests(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Fact]
    public async Task A_passkey_is_added_signs_in_without_a_password_and_counts_as_two_factors()
    {
        var person = await app.AddPersonAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await AddAuthenticatorAsync(page);
        await SignInAsync(page, person);
        await AddPasskeyAsync(page, "PC <b>du bureau</b>");

        // A first factor leads to the recovery codes.
        await page.ArriveAsync("**/account/recovery-codes?*");
        await page.GotoAsync("/account/passkeys");
        Assert.Equal("PC <b>du bureau</b>", await page.InputValueAsync("table input[name=Name]"));

        // The password is not enough any more.
        using (var browser = app.OpenBrowser())
            Assert.Equal("/sign-in/second-factor", (await app.SignInAsync(browser, person)).Path);

        await SignOutAsync(page);
        await UsePasskeyAsync(page);
        var signIn = await app.InDatabaseAsync(db => db.Access.SignIns.Where(s => s.PersonId == person.Id).OrderByDescending(s => s.CreatedAt).FirstAsync());
        Assert.Equal(SignInMethod.Passkey, signIn.Method);
        Assert.True(signIn.SecondFactor);
    }

    [Fact]
    public async Task A_role_that_asks_for_a_second_factor_is_content_with_a_passkey()
    {
        var person = await app.AddPersonAsync(Roles.Supervisor);
        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.TotpSecret, (byte[]?)null)));
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await AddAuthenticatorAsync(page);
        await SignInAsync(page, person, "/sign-in/set-up");
        await page.ClickAsync("#passkey-register button[type=submit]");
        await page.ArriveAsync("**/account/recovery-codes?*");
        await SignOutAsync(page);
        await UsePasskeyAsync(page);
        Assert.Equal("/account", new Uri((await page.GotoAsync("/account"))!.Url).AbsolutePath);
    }

    [Fact]
    public async Task A_removed_passkey_and_a_disabled_person_are_refused_with_a_word()
    {
        var person = await app.AddPersonAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await AddAuthenticatorAsync(page);
        await SignInAsync(page, person);
        await AddPasskeyAsync(page, "téléphone");
        await page.ArriveAsync("**/account/recovery-codes?*");
        await SignOutAsync(page);

        await app.InDatabaseAsync(db => db.Access.People.Where(p => p.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(p => p.DisabledAt, app.Clock.GetUtcNow())));
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("#passkey-sign-in button[type=submit]");
        await page.WaitForSelectorAsync("#passkey-sign-in p.error:not([hidden])");
        Assert.Contains("désactivé", await page.TextContentAsync("#passkey-sign-in p.error"), StringComparison.Ordinal);

        await app.InDatabaseAsync(db => db.Access.Passkeys.Where(k => k.UserId == person.Id).ExecuteDeleteAsync());
        await page.GotoAsync("/sign-in");
        await page.ClickAsync("#passkey-sign-in button[type=submit]");
        await page.WaitForSelectorAsync("#passkey-sign-in p.error:not([hidden])");
        Assert.Contains("pas été acceptée", await page.TextContentAsync("#passkey-sign-in p.error"), StringComparison.Ordinal);
    }

    private static async Task AddAuthenticatorAsync(IPage page)
    {
        var devtools = await page.Context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new Dictionary<string, object>
        {
            ["options"] = new Dictionary<string, object>
            {
                ["protocol"] = "ctap2",
                ["transport"] = "internal",
                ["hasResidentKey"] = true,
                ["hasUserVerification"] = true,
                ["isUserVerified"] = true,
                ["automaticPresenceSimulation"] = true,
            },
        });
    }

    private static async Task SignInAsync(IPage page, TestPerson person, string arrival = "/")
    {
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", person.UserName);
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync(url => new Uri(url).AbsolutePath == arrival);
    }

    private static async Task AddPasskeyAsync(IPage page, string name)
    {
        await page.GotoAsync("/account/passkeys");
        await page.FillAsync("#passkey-name", name);
        await page.ClickAsync("#passkey-register button[type=submit]");
    }

    private static async Task SignOutAsync(IPage page)
    {
        await page.Context.ClearCookiesAsync(new BrowserContextClearCookiesOptions { Name = "__Host-relais" });
    }

    // The browser may offer the passkey, and be taken up on it, before anybody clicks: so it is the arrival that is waited for.
    private static async Task UsePasskeyAsync(IPage page)
    {
        await page.GotoAsync("/sign-in?returnUrl=%2Faccount");
        var arrived = page.ArriveAsync("**/account");
        try
        {
            await page.ClickAsync("#passkey-sign-in button[type=submit]", new PageClickOptions { Timeout = 3000 });
        }
        catch (PlaywrightException) when (page.Url.EndsWith("/account", StringComparison.Ordinal))
        {
            // The page was left while the button was being found.
        }
        catch (TimeoutException)
        {
            // The same; what matters is where the page arrives.
        }

        await arrived;
    }
}
