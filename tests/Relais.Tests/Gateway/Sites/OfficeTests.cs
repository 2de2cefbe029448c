using System.Net;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using Relais.Access.Contracts;
using Relais.Desktops.Workstations;
using Relais.Gateway.Contracts;
using Relais.Tests.Desktops;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Sites;

/// <summary>Workstations of an office that only its agent reaches, as people and administrators meet them.</summary>
[Collection(NetworkTests.Name)]
public sealed class OfficeTests(SitesApp app) : IClassFixture<SitesApp>
{
    private const string ShowsBlue = """
        () => { const c = document.querySelector('.remote-place canvas'); if (!c?.width) return false;
          const [r, g, b] = c.getContext('2d').getImageData(300, 300, 1, 1).data;
          return Math.abs(r - 0x20) < 8 && Math.abs(g - 0x40) < 8 && Math.abs(b - 0x80) < 8; }
        """;

    [Fact]
    public async Task A_screen_of_the_office_is_shown_and_takes_keys()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        await using (var xvnc = await Xvnc.StartAsync(app.Lan.Machine, 5901))
        {
            await xvnc.ShowTerminalAsync();
            app.Target = xvnc.Target() with { Site = site };
            await using var chromium = await Chromium.StartAsync();
            var page = await app.ShowAsync(chromium, "vnc", await app.AddPersonAsync(Roles.Staff));
            await page.WaitForSelectorAsync("[data-part=overlay]", new() { State = WaitForSelectorState.Hidden });
            await page.WaitForFunctionAsync(ShowsBlue);
            await page.Mouse.MoveAsync(300, 300);
            await page.Keyboard.TypeAsync("bonjour");
            await page.Keyboard.PressAsync("Enter");
            await DesktopsApp.UntilAsync(
                async () => File.Exists(xvnc.TypedFile) && await File.ReadAllTextAsync(xvnc.TypedFile) == "bonjour", TimeSpan.FromSeconds(20));
        }
    }

    [Fact]
    public async Task A_workstation_with_network_level_authentication_is_pinned_and_opened_by_a_native_client()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        await using (var shadow = await ShadowWorkstation.StartAsync(nla: true, app.Lan.Machine, 3389))
        {
            var administrator = await app.AdministratorAsync();
            var owner = await app.AddPersonAsync();
            var id = await administrator.EnrolAsync(new { name = $"Poste {site}", host = "10.1.0.5", owner = owner.UserName, site });
            using var browser = await app.SignInAsync(owner);
            using var saved = await browser.PostJsonAsync($"/api/workstations/{id}/rdp", new { });
            Assert.Equal(HttpStatusCode.OK, saved.StatusCode);
            Assert.Equal(Convert.ToHexStringLower(shadow.Pin), Convert.ToHexStringLower((await RowAsync(id)).Pin ?? []));
            var file = Path.Combine(app.DataFolder, $"{site}.rdp");
            await File.WriteAllBytesAsync(file, await saved.Content.ReadAsByteArrayAsync());
            await using var client = await FreeRdp.StartAsync(file, $"/u:{ShadowWorkstation.Anne.UserName}", $"/p:{ShadowWorkstation.Anne.Password}");
            await client.ShowsAsync();
        }
    }

    [Fact]
    public async Task A_shell_of_the_office_opens_with_its_host_key_pinned_and_not_when_the_agent_is_away()
    {
        var (site, _, agent, folder) = await app.StartSiteAsync();
        await using var sshd = await Sshd.StartAsync(app.Lan.Machine, 22);
        var administrator = await app.AdministratorAsync();
        var owner = await app.AddPersonAsync();
        var id = await administrator.EnrolAsync(new { name = $"Serveur {site}", host = "10.1.0.5", protocol = "ssh", owner = owner.UserName, site });
        using var browser = await app.SignInAsync(owner);
        await browser.SubmitAsync(await browser.GetAsync($"/workstations/{id}/account"), "account", ("UserName", Sshd.UserName), ("Key", sshd.UserKey), ("Keep", "true"));
        var (status, opened) = await browser.OpenAsync(id);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.NotNull((await RowAsync(id)).Pin);

        // Cut a moment ago: it is waited for, as after a restart.
        await agent.DisposeAsync();
        await app.ConnectedAsync(site, 0);
        var (waiting, progress) = await browser.OpenAsync(id);
        Assert.Equal((HttpStatusCode.Accepted, "site"), (waiting, progress.GetProperty("step").GetString()));

        app.Clock.Advance(TimeSpan.FromMinutes(2));
        var (away, problem) = await browser.OpenAsync(id);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "urn:relais:workstation-site-away"), (away, Workstations.TypeOf(problem)));
        Assert.Contains($"L’agent du site « {site} » n’est pas connecté", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(Reach.SiteAway, (await RowAsync(id)).Reach);

        await using var again = app.StartAgent(folder, ["agent", "--allow", "10.1.0.0/24:3389"]);
        await app.ConnectedAsync(site, 1, again);
        var (refused, why) = await browser.OpenAsync(id);
        Assert.Equal((HttpStatusCode.Forbidden, "urn:relais:workstation-site-refused"), (refused, Workstations.TypeOf(why)));
        Assert.NotEqual(default, opened);
    }

    [Fact]
    public async Task A_sleeping_workstation_of_the_office_is_woken_by_its_agent()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            using var listener = app.Lan.Machine.Socket(SocketType.Dgram);
            listener.Bind(new IPEndPoint(IPAddress.Any, MagicPacket.Port));
            var administrator = await app.AdministratorAsync();
            var owner = await app.AddPersonAsync();
            var id = await administrator.EnrolAsync(new { name = $"Dormeur {site}", host = "10.1.0.5", port = 3389, owner = owner.UserName, site, mac = "00:1A:2B:3C:4D:5E" });
            using var browser = await app.SignInAsync(owner);
            var (status, progress) = await browser.OpenAsync(id);
            Assert.Equal((HttpStatusCode.Accepted, "waking"), (status, progress.GetProperty("step").GetString()));
            var packet = new byte[200];
            using var late = new CancellationTokenSource(SitesApp.Patience);
            Assert.Equal(MagicPacket.LengthBytes, await listener.ReceiveAsync(packet, late.Token));
            Assert.Equal(MagicPacket.For([0x00, 0x1A, 0x2B, 0x3C, 0x4D, 0x5E]), packet[..MagicPacket.LengthBytes]);
        }
    }

    [Fact]
    public async Task Another_site_makes_it_another_machine()
    {
        var administrator = await app.AdministratorAsync();
        var id = await administrator.EnrolAsync(new { name = $"Poste {Guid.NewGuid():N}", host = "10.1.0.5", site = "un" });
        await app.InDesktopsAsync(db => db.Desktops.Workstations.Where(w => w.Id == id).ExecuteUpdateAsync(set => set.SetProperty(w => w.Pin, new byte[32])));
        using var changed = await administrator.SendJsonAsync(
            HttpMethod.Put, $"/api/workstations/{id}", new { name = $"Poste {Guid.NewGuid():N}", host = "10.1.0.5", site = "deux" });
        Assert.Equal(HttpStatusCode.NoContent, changed.StatusCode);
        Assert.Null((await RowAsync(id)).Pin);
    }

    [Fact]
    public async Task An_administrator_adds_a_site_gets_its_command_once_and_sees_its_agent()
    {
        var administrator = await app.AdministratorAsync();
        var name = $"Page-{Guid.NewGuid():N}"[..20];
        var page = await administrator.SubmitAsync(await administrator.GetAsync("/sites"), "new-site", ("Name", name));
        Assert.Contains("Aucun agent", page.Text, StringComparison.Ordinal);
        var again = await administrator.SubmitAsync(await administrator.GetAsync("/sites"), "new-site", ("Name", name.ToUpperInvariant()));
        Assert.Contains("déjà ce nom", again.Text, StringComparison.Ordinal);
        var malformed = await administrator.SubmitAsync(await administrator.GetAsync("/sites"), "new-site", ("Name", "<b>"));
        Assert.Contains("Seulement des lettres", malformed.Text, StringComparison.Ordinal);

        var shown = await administrator.SubmitAsync(page, "issue");
        var command = shown.Document.QuerySelector("#agent-command")!.TextContent;
        await using var agent = app.StartAgent("page", command.Replace("localhost", app.Lan.Server, StringComparison.Ordinal).Split(' ')[1..]);
        await app.ConnectedAsync(name, 1, agent);
        page = await administrator.GetAsync(page.Path);
        Assert.Null(page.Document.QuerySelector("#agent-command"));
        Assert.Contains("connecté", page.Text, StringComparison.Ordinal);
        Assert.Contains("accessible", (await administrator.GetAsync("/sites")).Text, StringComparison.Ordinal);

        var removed = await administrator.SubmitAsync(page, "remove");
        Assert.DoesNotContain(name, removed.Document.QuerySelector("table")?.TextContent ?? "", StringComparison.Ordinal);
        Assert.Equal(3, await agent.EndsAsync(SitesApp.Patience));
    }

    [Fact]
    public async Task Whoever_is_no_administrator_sees_no_sites()
    {
        using var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/sites")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.Client.GetAsync("/api/sites")).StatusCode);
    }

    [Fact]
    public async Task An_agent_goes_through_the_proxy_of_its_environment()
    {
        await using var proxy = new ConnectProxy(IPAddress.Parse(app.Lan.Server));
        var (site, _, arguments) = await app.AddSiteAsync();
        await using var agent = app.StartAgent("mandataire", arguments, ("HTTPS_PROXY", $"http://{app.Lan.Server}:{proxy.Port}"));
        await app.ConnectedAsync(site, 1, agent);
        using var listener = app.Lan.Machine.Listen(5907);
        await using var link = await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5907), CancellationToken.None);
        // Authority, enrolment, link and one connection.
        Assert.InRange(proxy.Tunnels, 3, 4);
    }

    private async Task<Workstation> RowAsync(Guid id) => await app.InDesktopsAsync(db => db.Desktops.Workstations.AsNoTracking().SingleAsync(w => w.Id == id));
}
