using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;

namespace Relais.Tests.Desktops;

public sealed class WorkstationOpening(WorkstationsApp app) : IClassFixture<WorkstationsApp>
{
    private const string Secret = "mot de passe du poste";

    [Fact]
    public async Task Whoever_may_not_open_it_learns_not_even_that_it_exists()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var id = await EnrolAsync(administrator, peer.Port, await app.AddPersonAsync());
        using var other = await app.SignInAsync(await app.AddPersonAsync());
        var (status, problem) = await other.OpenAsync(id);
        var (nothing, absent) = await other.OpenAsync(Guid.NewGuid());
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (status, nothing));
        Assert.Equal((Workstations.TypeOf(absent), absent.GetProperty("detail").GetString()), (Workstations.TypeOf(problem), problem.GetProperty("detail").GetString()));
        foreach (var address in new[] { $"/workstations/{id}", $"/workstations/{id}/account" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync(address)).Status);
        // An administrator enrols it; that does not let them in.
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.OpenAsync(id)).Status);
        Assert.DoesNotContain("poste du bureau", (await other.GetAsync("/")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_account_is_asked_for_kept_only_in_the_session_and_asked_for_again()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await EnrolAsync(administrator, peer.Port, owner);
        using var browser = await app.SignInAsync(owner);
        Assert.Contains("Mon poste du bureau", (await browser.GetAsync("/")).Text, StringComparison.Ordinal);
        Assert.Equal("urn:relais:workstation-account", Workstations.TypeOf((await browser.OpenAsync(id)).Body));

        var form = await browser.GetAsync($"/workstations/{id}");
        Assert.EndsWith("/account", form.Path, StringComparison.Ordinal);
        var refused = await browser.SubmitAsync(form, "account", ("UserName", ""), ("Password", new string('x', 300)));
        Assert.Contains("À remplir", refused.ErrorOf("UserName"), StringComparison.Ordinal);
        Assert.Contains("255 caractères", refused.ErrorOf("Password"), StringComparison.Ordinal);
        Assert.Equal("", refused.ValueOf("Password"));
        var screen = await browser.SubmitAsync(form, "account", ("UserName", @"INSTITUT\alice"), ("Password", Secret));
        Assert.NotNull(screen.Document.QuerySelector("#remote-screen"));

        var (status, opened) = await browser.OpenAsync(id);
        Assert.True(status == HttpStatusCode.OK, opened.ToString());
        Assert.DoesNotContain(Secret, opened.ToString(), StringComparison.Ordinal);
        // It stands over the picture of an office machine as over a desktop.
        Assert.EndsWith(owner.UserName, opened.GetProperty("watermark").GetString(), StringComparison.Ordinal);
        Assert.Equal("/gateway/rdp", opened.GetProperty("gateway").GetString());
        var session = await SessionAsync(opened);
        Assert.Equal(("workstation", $"127.0.0.1:{peer.Port}", @"INSTITUT\alice"), (session.TargetKind, session.Address, session.UserName));
        Assert.Equal(peer.Sha256, Convert.ToHexStringLower(session.CertificateSha256));
        Assert.DoesNotContain(Secret, session.Secret, StringComparison.Ordinal);
        Assert.Equal(0, await app.InDesktopsAsync(db => db.Desktops.WorkstationAccounts.CountAsync(a => a.WorkstationId == id)));

        // The cut session goes on with what it has; without it the person is asked again.
        var (resumed, again) = await browser.OpenAsync(id, opened.GetProperty("session").GetGuid());
        Assert.Equal(HttpStatusCode.OK, resumed);
        Assert.Equal(opened.GetProperty("session").GetGuid(), again.GetProperty("session").GetGuid());
        Assert.Equal(session.Secret, (await SessionAsync(again)).Secret);
        Assert.Equal("urn:relais:workstation-account", Workstations.TypeOf((await browser.OpenAsync(id, Guid.NewGuid())).Body));
        Assert.EndsWith("/account", (await browser.GetAsync($"/workstations/{id}")).Path, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_remembered_account_is_kept_encrypted_for_its_person_and_forgotten()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await EnrolAsync(administrator, peer.Port, owner);
        using (var first = await app.SignInAsync(owner))
            await first.SubmitAsync(await first.GetAsync($"/workstations/{id}/account"), "account", ("UserName", "alice"), ("Password", Secret), ("Keep", "true"));

        using var browser = await app.SignInAsync(owner);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(id)).Status);
        var row = await app.InDesktopsAsync(db => db.Desktops.WorkstationAccounts.SingleAsync(a => a.WorkstationId == id));
        Assert.DoesNotContain(Secret, row.Secret, StringComparison.Ordinal);
        var page = await browser.GetAsync($"/workstations/{id}/account");
        Assert.Contains("alice", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, page.Html, StringComparison.Ordinal);

        page = await browser.SubmitAsync(page, "forget");
        Assert.Contains("oublié", page.Text, StringComparison.Ordinal);
        Assert.Equal(0, await app.InDesktopsAsync(db => db.Desktops.WorkstationAccounts.CountAsync(a => a.WorkstationId == id)));
    }

    [Fact]
    public async Task A_kept_account_is_not_given_to_another_machine_behind_the_same_name()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await EnrolAsync(administrator, peer.Port, owner);
        using var browser = await OpenedAsync(id, owner, keep: true);
        var page = await administrator.GetAsync($"/workstations/{id}/settings");
        await administrator.SubmitAsync(page, "workstation", ("Host", "127.0.0.2"));
        Assert.Equal(0, await app.InDesktopsAsync(db => db.Desktops.WorkstationAccounts.CountAsync(a => a.WorkstationId == id)));
        Assert.True(await app.InDesktopsAsync(db => db.Gateway.Sessions.AllAsync(s => s.TargetId != id || s.EndAsked != null || s.EndedAt != null)));
    }

    [Fact]
    public async Task A_changed_certificate_keeps_everybody_out_until_an_administrator_approves_it()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await EnrolAsync(administrator, peer.Port, owner);
        await app.ProbeAsync();
        var before = await administrator.Client.GetFromJsonAsync<JsonElement>($"/api/workstations/{id}");
        Assert.Equal(("ready", "pinned", peer.Sha256), (before.GetProperty("state").GetString(), before.GetProperty("pin").GetString(), before.GetProperty("pinnedSha256").GetString()));
        using var browser = await OpenedAsync(id, owner, keep: true);

        peer.Reinstall();
        var (status, problem) = await browser.OpenAsync(id);
        Assert.Equal((HttpStatusCode.Forbidden, "urn:relais:workstation-changed"), (status, Workstations.TypeOf(problem)));
        var page = await administrator.GetAsync($"/workstations/{id}/settings");
        Assert.Contains("certificat changé", page.Text, StringComparison.Ordinal);

        // It changes once more while the administrator looks: what was not seen is not approved.
        peer.Reinstall();
        await browser.OpenAsync(id);
        page = await administrator.SubmitAsync(page, "approve");
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.OpenAsync(id)).Status);
        page = await administrator.SubmitAsync(await administrator.GetAsync($"/workstations/{id}/settings"), "approve");
        Assert.Contains("approuvé", page.Text, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(id)).Status);
        var lines = await app.InDesktopsAsync(db => db.Kernel.AuditLines.Where(l => l.Subject == $"workstation:{id}" && l.Action.StartsWith("workstation.certificate")).OrderBy(l => l.Seq).Select(l => l.Action).ToListAsync());
        Assert.Equal(["workstation.certificate-changed", "workstation.certificate-changed", "workstation.certificate-approved"], lines);
    }

    [Fact]
    public async Task A_sleeping_workstation_is_woken_up_and_then_opened()
    {
        var port = TestProgram.FreePort();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await EnrolAsync(administrator, port, owner, mac: "00:1A:2B:3C:4D:5E");
        using var browser = await app.SignInAsync(owner);
        await browser.SubmitAsync(await browser.GetAsync($"/workstations/{id}/account"), "account", ("UserName", "alice"), ("Password", Secret));
        var (status, progress) = await browser.OpenAsync(id);
        Assert.Equal((HttpStatusCode.Accepted, "waking"), (status, progress.GetProperty("step").GetString()));

        var packet = MagicPacket.For([0x00, 0x1A, 0x2B, 0x3C, 0x4D, 0x5E]);
        var received = new byte[200];
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        // Other tests wake their machines up through the same socket.
        while (!received.AsSpan(0, await app.Wakes.ReceiveAsync(received, late.Token)).SequenceEqual(packet))
            received.AsSpan().Clear();
        Assert.Contains("en veille", (await browser.GetAsync("/")).Text, StringComparison.Ordinal);

        await using (new OfficePeer(port))
            Assert.Equal(HttpStatusCode.OK, (await browser.OpenAsync(id)).Status);
    }

    [Fact]
    public async Task Waking_up_has_an_end_and_may_be_tried_again()
    {
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var id = await EnrolAsync(administrator, TestProgram.FreePort(), owner, mac: "00:1A:2B:3C:4D:5F");
        var deaf = await EnrolAsync(administrator, TestProgram.FreePort(), owner);
        using var browser = await app.SignInAsync(owner);
        Assert.Equal("urn:relais:workstation-unreachable", Workstations.TypeOf((await browser.OpenAsync(deaf)).Body));
        for (var waited = 0; waited < 120; waited += 10)
        {
            var (status, progress) = await browser.OpenAsync(id);
            Assert.True(status == HttpStatusCode.Accepted, $"after {waited} s: {progress}");
            app.Clock.Advance(TimeSpan.FromSeconds(10));
        }

        app.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await browser.OpenAsync(id)).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await browser.OpenAsync(id)).Status);
    }

    [Fact]
    public async Task A_name_is_resolved_at_each_opening_and_only_a_checked_address_is_dialled()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        app.Names["poste.bureau.lan"] = "127.0.0.1";
        var id = await administrator.EnrolAsync(new { name = $"Poste {Guid.NewGuid():N}", host = "poste.bureau.lan", port = peer.Port, owner = owner.UserName });
        using var browser = await OpenedAsync(id, owner, keep: true);
        foreach (var (address, type) in new[] { ("169.254.169.254", "workstation-address"), ("::ffff:169.254.169.254", "workstation-address"), (null, "workstation-unreachable") })
        {
            app.Names.Remove("poste.bureau.lan");
            if (address is not null)
                app.Names["poste.bureau.lan"] = address;
            Assert.Equal($"urn:relais:{type}", Workstations.TypeOf((await browser.OpenAsync(id)).Body));
        }

        app.Names["poste.bureau.lan"] = "127.0.0.1";
        var (status, opened) = await browser.OpenAsync(id);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal($"127.0.0.1:{peer.Port}", (await SessionAsync(opened)).Address);
    }

    [Fact]
    public async Task What_policy_closes_stays_closed()
    {
        await using var peer = new OfficePeer();
        using var administrator = await app.SignInAsync(await app.AddPersonAsync(Roles.Administrator));
        var owner = await app.AddPersonAsync();
        var name = $"Poste {Guid.NewGuid():N}";
        var id = await administrator.EnrolAsync(new { name, host = "127.0.0.1", port = peer.Port, owner = owner.UserName, direct = false });
        using var browser = await app.SignInAsync(owner);
        Assert.Equal("urn:relais:workstation-from-desktop", Workstations.TypeOf((await browser.OpenAsync(id)).Body));
        await administrator.SendJsonAsync(HttpMethod.Put, $"/api/workstations/{id}", new { name, host = "127.0.0.1", port = peer.Port, owner = owner.UserName, enabled = false });
        Assert.Equal("urn:relais:workstation-disabled", Workstations.TypeOf((await browser.OpenAsync(id)).Body));
        // Allowed when it was enrolled, and not any more.
        await administrator.SendJsonAsync(HttpMethod.Put, $"/api/workstations/{id}", new { name, host = "127.0.0.1", port = peer.Port, owner = owner.UserName });
        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == id).ExecuteUpdateAsync(set => set.SetProperty(w => w.Port, 25)));
        Assert.Equal("urn:relais:workstation-port", Workstations.TypeOf((await browser.OpenAsync(id)).Body));
    }

    private async Task<Browser> OpenedAsync(Guid id, TestPerson owner, bool keep)
    {
        var browser = await app.SignInAsync(owner);
        await browser.SubmitAsync(
            await browser.GetAsync($"/workstations/{id}/account"), "account", ("UserName", "alice"), ("Password", Secret), ("Keep", keep ? "true" : null));
        var (status, opened) = await browser.OpenAsync(id);
        Assert.True(status == HttpStatusCode.OK, opened.ToString());
        return browser;
    }

    private static Task<Guid> EnrolAsync(Browser administrator, int port, TestPerson owner, string? mac = null) =>
        administrator.EnrolAsync(new { name = $"Poste {Guid.NewGuid():N}", host = "127.0.0.1", port, owner = owner.UserName, mac, clipboard = "both" });

    private Task<Relais.Gateway.Sessions.Session> SessionAsync(JsonElement opened)
    {
        var id = opened.GetProperty("session").GetGuid();
        return app.InDesktopsAsync(db => db.Gateway.Sessions.AsNoTracking().SingleAsync(s => s.Id == id));
    }
}
