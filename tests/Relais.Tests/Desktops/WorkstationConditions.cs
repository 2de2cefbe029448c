using System.Net;
using Relais.Access.Conditions;
using Relais.Access.Contracts;
using Relais.Tests.Access;
using Relais.Tests.Feed;

namespace Relais.Tests.Desktops;

/// <summary>Rules of access where workstations and desktops are opened, from the browser and by native clients.</summary>
public sealed class WorkstationConditions(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    private const string Outside = "127.0.9.8";

    [Fact]
    public async Task A_workstation_is_refused_from_elsewhere_before_anything_is_woken_up()
    {
        await using var peer = new OfficePeer();
        await app.SetRulesAsync();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await administrator.EnrolAsync(new { name = "Poste d’ici", host = "127.0.0.1", port = peer.Port, owner = owner.UserName, clipboard = "both" });
        await app.SetRulesAsync(RuleBook.New("Hors bureau", RuleDecision.Refuse) with { Networks = "127.0.0.1", Elsewhere = true, Targets = ["Workstation", "Desktop"], Words = "Venez au bureau." });
        using var home = await app.SignInAsync(owner, Outside);
        var (status, problem) = await home.OpenAsync(id);
        Assert.Equal((HttpStatusCode.Forbidden, "urn:relais:access-refused"), (status, Workstations.TypeOf(problem)));
        Assert.Contains("Venez au bureau.", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        using var file = await home.PostJsonAsync($"/api/workstations/{id}/rdp", null);
        Assert.Equal(HttpStatusCode.Forbidden, file.StatusCode);
        using var desktop = await home.PostJsonAsync("/api/desktops/mine/open", new { takeOver = true });
        Assert.Contains("access-refused", await desktop.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var desktopFile = await home.PostJsonAsync("/api/desktops/mine/rdp", null);
        Assert.Contains("access-refused", await desktopFile.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var pool = await home.PostJsonAsync($"/api/desktops/pools/{Guid.NewGuid()}/open", new { takeOver = true });
        Assert.Contains("access-refused", await pool.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        foreach (var address in (string[])["/api/desktops/mine/files", "/api/desktops/mine/files/content?name=notes.txt"])
        {
            using var files = await home.Client.GetAsync(new Uri(address, UriKind.Relative));
            Assert.Contains("access-refused", await files.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        Assert.Equal(7, await app.RefusalsAsync(owner));

        using var office = await app.SignInAsync(owner);
        Assert.Equal("urn:relais:workstation-account", Workstations.TypeOf((await office.OpenAsync(id)).Body));
        await app.SetRulesAsync();
    }

    [Fact]
    public async Task A_page_that_opens_a_desktop_leads_to_the_second_factor_and_back()
    {
        app.Clock.LeaveMidnight();
        await app.SetRulesAsync(RuleBook.New("Toutes les quatre heures", RuleDecision.AskSecondFactor) with { ProofHours = "4", Targets = ["Desktop"] });
        var person = await app.AddPersonAsync(Roles.Supervisor);
        using var browser = await app.SignInAsync(person);
        Assert.Equal("/desktop", (await browser.GetAsync("/desktop")).Path);
        app.Clock.Advance(TimeSpan.FromHours(4.1));
        using var call = await browser.PostJsonAsync("/api/desktops/mine/open", new { takeOver = true });
        Assert.Contains("second-factor-wanted", await call.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var ask = await browser.GetAsync("/desktop");
        Assert.Equal("/account/second-factor", ask.Path);
        Assert.Equal("/desktop", (await browser.SubmitAsync(ask, "step-up", ("Code", app.NextCode(person)))).Path);
        await app.SetRulesAsync();
    }

    [Fact]
    public async Task A_native_client_is_refused_where_a_second_factor_is_asked_because_it_cannot_ask()
    {
        await app.SetRulesAsync();
        var person = await FeedPeer.PersonAsync(app);
        using var client = await FeedPeer.AddAsync(app, person, from: "127.0.2.9");
        await client.ListAsync();
        await app.SetRulesAsync(RuleBook.New("Natif", RuleDecision.AskSecondFactor) with { Devices = ["Native"] });
        using var answer = await client.GetAsync(NativeClientDoor.FeedPath);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Equal(1, await app.RefusalsAsync(person));

        // A file is for a native client too, and the browser that saves it gave a second factor.
        using var browser = await app.SignInAsync(person);
        using var file = await browser.PostJsonAsync("/api/desktops/mine/rdp", null);
        Assert.DoesNotContain("access-refused", await file.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await app.SetRulesAsync(RuleBook.New("Natif", RuleDecision.Refuse) with { Targets = ["NativeClient"] });
        using var refused = await browser.PostJsonAsync("/api/desktops/mine/rdp", null);
        Assert.Contains("access-refused", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await app.SetRulesAsync();
        await client.ListAsync();
    }
}
