using Relais.Access.Contracts;

namespace Relais.Tests.Desktops;

/// <summary>People who may open more workstations than a page can show.</summary>
public sealed class ManyWorkstations(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    private static readonly string[] Names = ["zinc", "Élan", "Abaque", "emeu", "Epsilon", "école", "Zèbre", "abbaye"];
    private static readonly string[] InOrder = ["Abaque", "abbaye", "école", "Élan", "emeu", "Epsilon", "Zèbre", "zinc"];

    [Fact]
    public async Task Of_many_the_home_page_shows_five_those_that_were_opened_last_first_and_finds_the_others()
    {
        var owner = await app.AddPersonAsync();
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        foreach (var name in Names.Take(7))
            await administrator.EnrolAsync(new { name, host = "10.2.0.12", owner = owner.UserName });
        var last = await administrator.EnrolAsync(new { name = Names[^1] + " haute", host = "127.0.0.1", port = peer.Port, owner = owner.UserName });
        using var browser = await app.SignInAsync(owner);
        var home = await browser.GetAsync("/");
        Assert.Equal(5, home.Document.QuerySelectorAll("a.button.primary[href^='/workstations/']").Length);
        Assert.Contains("Mes 8 postes", home.Text, StringComparison.Ordinal);

        await browser.SubmitAsync(await browser.GetAsync($"/workstations/{last}/account"), "account", ("UserName", "alice"), ("Password", "secret"));
        Assert.Equal(System.Net.HttpStatusCode.OK, (await browser.OpenAsync(last)).Status);
        home = await browser.GetAsync("/");
        Assert.Equal($"/workstations/{last}", home.Document.QuerySelector("a.button.primary[href^='/workstations/']")?.GetAttribute("href"));

        // Found by part of the name, whatever its capitals; somebody else finds nothing.
        Assert.Equal(["Epsilon"], await NamesAsync(browser, "/workstations/mine?q=EPSI"));
        Assert.Equal(["abbaye haute"], await NamesAsync(browser, "/workstations/mine?q=haute"));
        using var other = await app.SignInAsync(await app.AddPersonAsync());
        Assert.Empty(await NamesAsync(other, "/workstations/mine"));
        Assert.Contains("Aucun poste trouvé", (await browser.GetAsync("/workstations/mine?q=%25")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_stand_in_the_order_of_a_dictionary_in_every_list()
    {
        var owner = await app.AddPersonAsync();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        foreach (var name in Names)
        {
            await administrator.EnrolAsync(new { name = $"{name} rangé", host = "10.2.0.12", owner = owner.UserName });
            await administrator.SubmitAsync(await administrator.GetAsync("/groups"), "new-group", ("Name", $"{name} rangé"));
        }

        using var browser = await app.SignInAsync(owner);
        string[] expected = [.. InOrder.Select(name => $"{name} rangé")];
        Assert.Equal(expected, await NamesAsync(browser, "/workstations/mine"));
        Assert.Equal(expected, await NamesAsync(administrator, "/workstations?q=rang"));
        var groups = (await administrator.GetAsync("/groups")).Document.QuerySelectorAll("tbody input[name=Name]").Select(input => input.GetAttribute("value") ?? "");
        Assert.Equal(expected, groups.Where(name => name.EndsWith(" rangé", StringComparison.Ordinal)));
    }

    private static async Task<string[]> NamesAsync(Browser browser, string address) =>
        [.. (await browser.GetAsync(address)).Document.QuerySelectorAll("main tbody th").Select(cell => cell.TextContent.Trim())];
}
