using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Tests.Apps;

[InChromium]
public sealed class AppPublishing(AppsApp app) : IClassFixture<AppsApp>
{
    [Fact]
    public async Task An_administrator_publishes_edits_and_withdraws_an_app()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await administrator.SubmitAsync(
            await administrator.GetAsync("/apps/new"), ("Name", "Congés <b>"), ("Label", "Conges"), ("Upstream", "http://10.9.0.5:8080/"), ("Groups", $"{app.Group}"));
        Assert.Equal("/apps", page.Path);
        Assert.Contains("conges.localhost", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Congés <b>", page.Html, StringComparison.Ordinal);
        var row = await app.InGatewayAsync(db => db.WebApps.Include(a => a.Groups).SingleAsync(a => a.Label == "conges"));
        Assert.Equal(("http://10.9.0.5:8080", true), (row.Upstream, row.Enabled));
        Assert.Equal(app.Group, Assert.Single(row.Groups).GroupId);

        page = await administrator.SubmitAsync(await administrator.GetAsync($"/apps/{row.Id}/settings"), "app", ("Upstream", "http://10.9.0.6:8080"), ("Enabled", null));
        Assert.Contains("Enregistré", page.Text, StringComparison.Ordinal);
        row = await app.InGatewayAsync(db => db.WebApps.AsNoTracking().SingleAsync(a => a.Id == row.Id));
        Assert.Equal(("http://10.9.0.6:8080", false), (row.Upstream, row.Enabled));

        page = await administrator.SubmitAsync(await administrator.GetAsync($"/apps/{row.Id}/settings"), "withdraw");
        Assert.DoesNotContain("conges.localhost", page.Text, StringComparison.Ordinal);
        foreach (var action in new[] { "app.published", "app.changed", "app.withdrawn" })
            Assert.Equal(1, await app.InDatabaseAsync(db => db.Kernel.AuditLines.CountAsync(l => l.Action == action && l.Subject == row.Subject)));
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.GetAsync($"/apps/{row.Id}/settings")).Status);
        Assert.Contains("Application interne retirée", (await administrator.GetAsync("/audit")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Name", "", "À remplir")]
    [InlineData("Name", "a\u202Eb", "invisible")]
    [InlineData("Label", "", "À remplir")]
    [InlineData("Label", "a.b", "Des lettres")]
    [InlineData("Label", "é", "Des lettres")]
    [InlineData("Label", "xn--4ca", "Des lettres")]
    [InlineData("Label", "-a", "Des lettres")]
    [InlineData("Label", "echo", "déjà ce nom")]
    [InlineData("Upstream", "", "À remplir")]
    [InlineData("Upstream", "10.0.0.5:8080", "pas une adresse")]
    [InlineData("Upstream", "ftp://10.0.0.5", "pas une adresse")]
    [InlineData("Upstream", "file:///etc/passwd", "pas une adresse")]
    [InlineData("Upstream", "http://10.0.0.5/chemin", "Seulement le protocole")]
    [InlineData("Upstream", "http://u:p@10.0.0.5", "Seulement le protocole")]
    [InlineData("Upstream", "http://10.0.0.5\r\nHost: x", "pas une adresse")]
    [InlineData("Upstream", "http://169.254.169.254", "ne vaut que sur un câble")]
    [InlineData("Upstream", "http://0xa9fea9fe", "ne vaut que sur un câble")]
    [InlineData("Upstream", "http://[::ffff:169.254.169.254]", "ne vaut que sur un câble")]
    [InlineData("Upstream", "http://0.0.0.0", "aucune machine")]
    [InlineData("Upstream", "http://127.0.0.1:PORT", "Relais lui-même")]
    [InlineData("Upstream", "https://127.1:PORT", "Relais lui-même")]
    public async Task What_is_wrong_is_told_beside_its_field_and_nothing_is_published(string field, string typed, string words)
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var count = await app.InGatewayAsync(db => db.WebApps.CountAsync());
        (string, string?)[] good = [("Name", "Essai"), ("Label", "essai"), ("Upstream", "http://10.0.0.5:8080")];
        typed = typed.Replace("PORT", $"{app.Address.Port}", StringComparison.Ordinal);
        var page = await administrator.SubmitAsync(await administrator.GetAsync("/apps/new"), [.. good.Select(f => f.Item1 == field ? (field, typed) : f)]);
        Assert.Contains(words, page.ErrorOf(field), StringComparison.Ordinal);
        Assert.Equal(count, await app.InGatewayAsync(db => db.WebApps.CountAsync()));
    }

    [Fact]
    public async Task Only_an_administrator_publishes()
    {
        using var browser = await app.SignInAsync(await app.AddMemberAsync());
        foreach (var path in new[] { "/apps", "/apps/new", $"/apps/{Guid.NewGuid()}/settings" })
            Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync(path)).Status);
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task Pages_pass_axe_and_fit_the_screen(int width)
    {
        var boss = await app.AddPersonAsync(Roles.Administrator);
        await using var chromium = await Chromium.StartAsync();
        var page = await chromium.OpenAsync(app.Address, width);
        await page.GotoAsync("/sign-in");
        await page.FillAsync("#user-name", boss.UserName);
        await page.FillAsync("#password", boss.Password);
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync("**/sign-in/second-factor");
        await page.FillAsync("#code", app.NextCode(boss));
        await page.ClickAsync("form[method=post] button.primary");
        await page.ArriveAsync(url => new Uri(url).AbsolutePath == "/");
        var echo = await app.InGatewayAsync(db => db.WebApps.SingleAsync(a => a.Label == "echo"));
        foreach (var address in new[] { "/apps", "/apps/new", $"/apps/{echo.Id}/settings", "/apps/open?app=inconnue", app.UrlOf("inconnue").AbsoluteUri })
        {
            await page.GotoAsync(address);
            await page.IsInOrderAsync(address, width);
        }
    }
}
