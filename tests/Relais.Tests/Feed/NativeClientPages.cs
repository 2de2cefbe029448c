using System.Net;
using Microsoft.Playwright;
using Relais.Access.Contracts;

namespace Relais.Tests.Feed;

/// <summary>The page of native clients in Chromium, in both languages, narrow and wide.</summary>
[InChromium]
public sealed class NativeClientPages(RelaisApp app) : IClassFixture<RelaisApp>
{
    [Theory]
    [InlineData("fr", 360, "Ajouter ce client")]
    [InlineData("en", 1280, "Add this client")]
    public async Task A_client_is_added_by_keyboard_used_and_taken_back(string language, int width, string button)
    {
        var person = await app.AddPersonAsync(Roles.Administrator);
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address, width);
        await SignInAsync(page, person);
        await page.GotoAsync("/account");
        await page.SelectOptionAsync("select[name=Language]", language);
        await page.ClickAsync("main form button.primary");
        await page.WaitForSelectorAsync("html[lang=" + language + "]");
        await page.ClickAsync("a[href='/account/native-clients']");
        await page.WaitForSelectorAsync("#client-name");
        await page.IsInOrderAsync($"empty-{language}", width);
        Assert.Equal(button, (await page.InnerTextAsync("main form button.primary")).Trim());

        await page.FocusAsync("#client-name");
        await page.Keyboard.TypeAsync("Tablette");
        await page.Keyboard.PressAsync("Enter");
        var password = await page.InnerTextAsync("#client-password");
        await page.IsInOrderAsync($"added-{language}", width);
        using (var client = new FeedPeer(app, await page.InnerTextAsync("#client-user"), password))
        using (var answer = await client.GetAsync(NativeClientDoor.FeedPath))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);

        await page.GotoAsync("/account/native-clients");
        Assert.Equal(0, await page.Locator("#client-password").CountAsync());
        await page.ClickAsync("table button[popovertarget]");
        await page.ClickAsync("[popover]:popover-open button.danger");
        await page.WaitForSelectorAsync("table button[popovertarget]", new PageWaitForSelectorOptions { State = WaitForSelectorState.Detached });
        await page.IsInOrderAsync($"revoked-{language}", width);
        using (var client = new FeedPeer(app, person.UserName, password))
        using (var answer = await client.GetAsync(NativeClientDoor.FeedPath))
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task Whoever_has_no_second_factor_is_told_what_to_do_first()
    {
        var person = await app.AddPersonAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address, 360);
        await SignInAsync(page, person);
        await page.GotoAsync("/account/native-clients");
        await page.IsInOrderAsync("factor-first", 360);
        await page.ClickAsync("main a[href='/account/authenticator']");
        await page.ArriveAsync(url => new Uri(url).AbsolutePath is "/account/authenticator" or "/account/confirm");
    }

    private async Task SignInAsync(IPage page, TestPerson person)
    {
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", person.UserName);
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("form[method=post] button.primary");
        if (person.TotpSecret is not null)
        {
            await page.ArriveAsync("**/sign-in/second-factor");
            await page.FillAsync("#code", app.NextCode(person));
            await page.ClickAsync("form[method=post] button.primary");
        }

        await page.ArriveAsync(url => new Uri(url).AbsolutePath == "/");
    }
}
