using System.Net;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;

namespace Relais.Tests.Desktops;

public sealed class WorkstationLending(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    [Fact]
    public async Task A_workstation_is_asked_for_granted_for_hours_and_over_after_them()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var name = $"Poste {Guid.NewGuid():N}";
        var id = await administrator.EnrolAsync(new { name, host = "127.0.0.1", port = peer.Port });
        using var browser = await app.SignInAsync(await app.AddPersonAsync());
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(id)).Status);

        var page = await browser.SubmitAsync(await browser.GetAsync("/workstations/ask"), "ask", ("Wanted", ""), ("Reason", new string('x', 301)));
        Assert.Contains("À remplir", page.ErrorOf("Wanted"), StringComparison.Ordinal);
        Assert.Contains("300 caractères", page.ErrorOf("Reason"), StringComparison.Ordinal);
        page = await browser.SubmitAsync(page, "ask", ("Wanted", name.ToUpperInvariant()), ("Reason", "Clôture des comptes"));
        Assert.Contains("en attente", page.Text, StringComparison.Ordinal);
        // What does not exist is taken in the same words.
        Assert.Contains("transmise", (await browser.SubmitAsync(page, "ask", ("Wanted", $"Rien {name}"), ("Reason", "Pour voir"))).Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/workstations/asks")).Status);

        var asks = await administrator.GetAsync("/workstations/asks");
        Assert.Contains("aucun poste de ce nom", asks.Text, StringComparison.Ordinal);
        var ask = await app.InDesktopsAsync(db => db.Desktops.WorkstationAsks.Where(a => a.Reason == "Clôture des comptes").Select(a => a.Id).SingleAsync());
        foreach (var hours in new[] { "0", "73", "-1", "beaucoup", "" })
            Assert.Contains("Rien n’est décidé", (await administrator.SubmitAsync(asks, $"decide-{ask}", ("Hours", hours), ("Decision", "grant"))).Text, StringComparison.Ordinal);
        Assert.Contains("accordé pour 2 h", (await administrator.SubmitAsync(asks, $"decide-{ask}", ("Hours", "2"), ("Decision", "grant"))).Text, StringComparison.Ordinal);
        Assert.Contains("Rien n’est décidé", (await administrator.SubmitAsync(asks, $"decide-{ask}", ("Hours", "9"), ("Decision", "grant"))).Text, StringComparison.Ordinal);

        await browser.SubmitAsync(await browser.GetAsync($"/workstations/{id}/account"), "account", ("UserName", "alice"), ("Password", "secret"), ("Keep", "true"));
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(id)).Status);
        app.Clock.Advance(TimeSpan.FromHours(1.9));
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(id)).Status);
        app.Clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.OpenAsync(id)).Status);
        Assert.Contains("terminée", (await browser.GetAsync("/workstations/ask")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_may_not_open_it_any_more_loses_the_session_too()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await administrator.EnrolAsync(new { name = $"Poste {Guid.NewGuid():N}", host = "127.0.0.1", port = peer.Port, owner = owner.UserName });
        using var browser = await app.SignInAsync(owner);
        await browser.SubmitAsync(await browser.GetAsync($"/workstations/{id}/account"), "account", ("UserName", "alice"), ("Password", "secret"));
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(id)).Status);
        await app.ProbeAsync();
        Assert.Null(await AskedAsync(id));

        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == id).ExecuteUpdateAsync(set => set.SetProperty(w => w.OwnerId, (Guid?)null)));
        await app.ProbeAsync();
        Assert.Equal("AccessWithdrawn", await AskedAsync(id));
    }

    private Task<string?> AskedAsync(Guid id) =>
        app.InDesktopsAsync(db => db.Gateway.Sessions.Where(s => s.TargetId == id).Select(s => s.EndAsked).SingleAsync());
}
