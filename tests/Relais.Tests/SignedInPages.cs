using Microsoft.Playwright;

namespace Relais.Tests;

/// <summary>Pages of people who are signed in beforehand: the forms have tests of their own.</summary>
internal static class SignedInPages
{
    public static async Task<IPage> OpenPageAsync(this RelaisApp app, Chromium chromium, TestPerson person, string path)
    {
        var browser = await app.SignInAsync(person);
        var page = await chromium.OpenAsync(app.Address);
        await page.Context.AddCookiesAsync(browser.Cookies.GetCookies(app.Address).Select(c => new Cookie
        {
            Name = c.Name, Value = c.Value, Domain = "localhost", Path = "/", Secure = true, HttpOnly = true, SameSite = SameSiteAttribute.Strict,
        }));
        await page.GotoAsync(path);
        return page;
    }

    /// <summary>Has the page speak a language, as a person does.</summary>
    public static async Task SpeakAsync(this IPage page, string language)
    {
        if (await page.GetAttributeAsync("html", "lang") == language)
            return;
        await page.ClickAsync($"header button[name=culture][value={language}]");
        await page.WaitForSelectorAsync($"html[lang={language}]");
    }
}
