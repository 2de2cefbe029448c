using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Kernel.Audit;
using Relais.Kernel.Verbs;

namespace Relais.Tests.OpenId;

public sealed partial class OpenIdTests
{
    [Fact]
    public async Task An_administrator_undoes_a_tie_and_what_it_opened_ends()
    {
        var person = await app.AddPersonAsync();
        var button = await app.AddIssuerAsync();
        var issuer = button.Split('/')[^1];
        using var through = app.OpenBrowser();
        await through.ByIssuerAsync(button, person.UserName);
        using var password = await app.SignInAsync(person);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var page = await administrator.GetAsync($"/people/{person.Id}");
        Assert.Contains($"{person.UserName}-1", page.Text, StringComparison.Ordinal);
        var undone = await administrator.SubmitAsync(page, $"/people/{person.Id}/open-id/{issuer}/undo");
        Assert.Contains("C’est séparé", undone.Text, StringComparison.Ordinal);
        Assert.DoesNotContain($"{person.UserName}-1", undone.Text, StringComparison.Ordinal);
        Assert.Equal("/sign-in", (await through.GetAsync("/account")).Path);
        Assert.Equal("/account", (await password.GetAsync("/account")).Path);
        Assert.True(await app.InDatabaseAsync(db => db.Access.Set<AuditLine>().AnyAsync(l =>
            l.Action == "open-id.unlinked" && l.Subject == $"person:{person.Id}" && l.Detail.Contains("\"signInsEnded\""))));

        // The verified address may tie them again, to the account that is right now.
        Assert.Equal("/", (await through.ByIssuerAsync(button, $"{person.UserName}+again")).Path);
    }

    [Fact]
    public async Task A_person_undoes_their_own_tie_after_proving_who_they_are_and_is_signed_out_if_they_came_by_it()
    {
        var person = await app.AddPersonAsync();
        var button = await app.AddIssuerAsync();
        var undo = $"/account/open-id/{button.Split('/')[^1]}/undo";
        using var through = app.OpenBrowser();
        await through.ByIssuerAsync(button, person.UserName);
        var page = await through.GetAsync("/account");
        using var other = await app.SignInAsync(await app.AddPersonAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostJsonAsync($"/api/access{undo.Replace("open-id", "open-id-links", StringComparison.Ordinal)}", null)).StatusCode);
        app.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("/account/confirm", (await through.SubmitAsync(page, undo)).Path);
        Assert.Equal(1, await app.InDatabaseAsync(db => db.Access.OpenIdLinks.CountAsync(l => l.PersonId == person.Id)));

        using var again = app.OpenBrowser();
        await again.ByIssuerAsync(button, person.UserName);
        Assert.Equal("/sign-in", (await again.SubmitAsync(await again.GetAsync("/account"), undo)).Path);
        Assert.Equal("/sign-in", (await through.GetAsync("/account")).Path);
        Assert.Equal(0, await app.InDatabaseAsync(db => db.Access.OpenIdLinks.CountAsync(l => l.PersonId == person.Id)));
    }

    [Fact]
    public async Task Who_was_untied_on_the_way_to_the_second_factor_does_not_get_in()
    {
        var supervisor = await app.AddPersonAsync(Roles.Supervisor);
        var button = await app.AddIssuerAsync();
        using var browser = app.OpenBrowser();
        var asked = await browser.ByIssuerAsync(button, supervisor.UserName);
        Assert.Equal("/sign-in/second-factor", asked.Path);
        Assert.Equal(0, await VerbAsync("openid unlink", supervisor.UserName, button.Split('/')[^1]));
        Assert.NotEqual("/", (await browser.SubmitAsync(asked, ("Code", app.NextCode(supervisor)))).Path);
        Assert.Equal(0, await app.InDatabaseAsync(db => db.Access.SignIns.CountAsync(s => s.PersonId == supervisor.Id)));
        Assert.Equal(1, await VerbAsync("openid unlink", supervisor.UserName, button.Split('/')[^1]));
    }

    [Fact]
    public async Task Programs_read_and_undo_ties()
    {
        var person = await app.AddPersonAsync();
        var button = await app.AddIssuerAsync();
        using var through = app.OpenBrowser();
        await through.ByIssuerAsync(button, person.UserName);
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var links = JsonDocument.Parse(await administrator.Client.GetStringAsync($"/api/access/people/{person.Id}/open-id-links")).RootElement;
        Assert.Equal($"{person.UserName}-1", Assert.Single(links.EnumerateArray()).GetProperty("subject").GetString());
        var undo = $"/api/access/people/{person.Id}/open-id-links/{button.Split('/')[^1]}/undo";
        Assert.Equal(HttpStatusCode.Forbidden, (await through.PostJsonAsync(undo, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.PostJsonAsync(undo, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.PostJsonAsync(undo, null)).StatusCode);
        Assert.Equal("/sign-in", (await through.GetAsync("/account")).Path);
    }

    private async Task<int> VerbAsync(string name, params string[] arguments)
    {
        var verb = app.Services.GetServices<Verb>().Single(v => v.Name == name);
        return await verb.Run(new VerbCall(app.Services, arguments, TextWriter.Null, TextWriter.Null), CancellationToken.None);
    }
}
