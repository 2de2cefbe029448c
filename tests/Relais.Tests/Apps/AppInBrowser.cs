using System.Globalization;
using Microsoft.Playwright;
using Relais.Gateway.Apps;

namespace Relais.Tests.Apps;

/// <summary>The sample steering system in a real Chromium, which finds names under localhost by itself.</summary>
[InChromium]
public sealed class AppInBrowser(AppsApp app) : IClassFixture<AppsApp>
{
    [Fact]
    public async Task An_app_opens_from_its_tile_shows_who_is_signed_in_and_its_counter_moves()
    {
        var person = await app.AddMemberAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await page.GotoAsync("/sign-in");
        await SignInAsync(page, person);
        await page.ClickAsync(".tiles a:has-text('Pilotage')");
        await page.ArriveAsync(app.UrlOf("pilotage").AbsoluteUri);
        Assert.Equal($"Personne {person.UserName}", await page.TextContentAsync("#personne"));
        await MovesAsync(page);

        await page.ClickAsync("text=Mobilités du quotidien");
        Assert.Equal("112 entretiens sur 800", await page.TextContentAsync("#faits"));
        await page.ClickAsync("text=Relancer");
        await page.WaitForFunctionAsync("() => document.getElementById('faits').textContent.startsWith('113')");

        var cookies = await page.Context.CookiesAsync();
        Assert.Equal("pilotage.localhost", cookies.Single(c => c.Name == AppCookies.Visit).Domain);
        Assert.Equal("localhost", cookies.Single(c => c.Name == "__Host-relais").Domain);
        Assert.DoesNotContain("__Host-relais", await page.EvaluateAsync<string>("document.cookie"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deep_link_leads_through_the_sign_in_form_and_back()
    {
        var person = await app.AddMemberAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        var deep = app.UrlOf("pilotage", "/enquetes/lecture?vue=1").AbsoluteUri;
        await page.GotoAsync(deep);
        await page.FillAsync("#user-name", person.UserName);
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync(deep);
        Assert.Equal("Lecture et médias", await page.TextContentAsync("h1"));
        await MovesAsync(page);
    }

    [Fact]
    public async Task A_page_of_one_app_can_neither_read_nor_act_in_another()
    {
        var person = await app.AddMemberAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await page.GotoAsync("/sign-in");
        await SignInAsync(page, person);
        await page.GotoAsync(app.UrlOf("pilotage").AbsoluteUri);
        await page.WaitForSelectorAsync("#personne");
        await page.GotoAsync(app.UrlOf("echo", "/headers").AbsoluteUri);
        await page.ArriveAsync(app.UrlOf("echo", "/headers").AbsoluteUri);
        var pilotage = app.OriginOf("pilotage");
        var socket = await page.EvaluateAsync<string>(
            "origin => new Promise(done => { const s = new WebSocket(origin.replace('https', 'wss') + '/compteur'); s.onopen = () => done('open'); s.onerror = () => done('refused'); })", pilotage);
        Assert.Equal("refused", socket);
        var read = await page.EvaluateAsync<string>("origin => fetch(origin + '/', { credentials: 'include' }).then(() => 'read', () => 'refused')", pilotage);
        Assert.Equal("refused", read);
        await page.EvaluateAsync("origin => fetch(origin + '/enquetes/baro-2026/relancer', { method: 'POST', mode: 'no-cors', credentials: 'include' })", pilotage);
        await page.GotoAsync(app.UrlOf("pilotage", "/enquetes/baro-2026").AbsoluteUri);
        Assert.Equal("834 entretiens sur 1200", await page.TextContentAsync("#faits"));
    }

    [Fact]
    public async Task Leaving_the_group_stops_the_counter_and_shuts_the_page()
    {
        var person = await app.AddMemberAsync();
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address);
        await page.GotoAsync("/sign-in");
        await SignInAsync(page, person);
        await page.GotoAsync(app.UrlOf("pilotage").AbsoluteUri);
        await MovesAsync(page);
        await app.LeaveGroupAsync(person);
        await page.WaitForFunctionAsync("() => document.getElementById('compteur').textContent === 'arrêté'", null, new() { Timeout = 5000 });
        await page.ReloadAsync();
        Assert.Equal("« Pilotage » ne vous est plus ouverte", await page.TextContentAsync("h1"));
    }

    private async Task SignInAsync(IPage page, TestPerson person)
    {
        await page.FillAsync("#user-name", person.UserName);
        await page.FillAsync("#password", person.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync(app.Address.AbsoluteUri);
    }

    private static async Task MovesAsync(IPage page)
    {
        await page.WaitForFunctionAsync("() => Number(document.getElementById('compteur')?.textContent) > 0");
        var first = int.Parse(await page.TextContentAsync("#compteur") ?? "", CultureInfo.InvariantCulture);
        await page.WaitForFunctionAsync("before => Number(document.getElementById('compteur').textContent) > before", first);
    }
}
