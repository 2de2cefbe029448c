using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Relay;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Sites;

/// <summary>Agents as processes, in an office whose machines the server cannot reach.</summary>
[Collection(NetworkTests.Name)]
public sealed class AgentTests(SitesApp app) : IClassFixture<SitesApp>
{
    private const int Refused = 3;
    private const int TargetBroke = 1011;
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task A_shell_in_an_office_without_any_inbound_port_opens_through_its_agent()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        await using (var sshd = await Sshd.StartAsync(app.Lan.Machine, 22))
        {
            // Nothing gets in: what listens on the agent's machine itself does not answer either.
            using var listener = app.Lan.Router.Listen(2222);
            using var knocking = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => knocking.ConnectAsync(app.Lan.Router.Address, 2222, patience.Token).AsTask());

            app.Target = SitesApp.TargetOf(sshd, site);
            var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
            using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
            await TypeAsync(socket, "echo de-$((40+2))-loin\n");
            await ShownAsync(socket, "de-42-loin");
        }
    }

    [Fact]
    public async Task A_site_without_its_agent_is_not_reached_some_other_way()
    {
        using var listener = TestPlace.Here.Listen(0);
        var away = await Assert.ThrowsAsync<SiteException>(() => app.Dial.Through("nulle-part")((IPEndPoint)listener.LocalEndPoint!, CancellationToken.None));
        Assert.Equal(SiteFault.Away, away.Fault);
        Assert.False(listener.Poll(0, SelectMode.SelectRead));
    }

    [Fact]
    public async Task An_agent_goes_only_where_its_own_rules_lead()
    {
        var (site, _, agent, _) = await app.StartSiteAsync("--allow", "10.1.0.0/24:22,5900-5999", "--allow", "0.0.0.0/0:7000");
        await using (agent)
        {
            using var allowed = app.Lan.Machine.Listen(5901);
            using var otherPort = app.Lan.Machine.Listen(8080);
            using var loopback = app.Lan.Router.Listen(7000, IPAddress.Loopback);
            await using (await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5901), CancellationToken.None))
                (await allowed.AcceptAsync()).Dispose();
            foreach (var refused in new[] { new IPEndPoint(app.Lan.Machine.Address, 8080), new IPEndPoint(IPAddress.Loopback, 7000), IPEndPoint.Parse("[::ffff:127.0.0.1]:7000") })
                Assert.Equal(SiteFault.NotAllowed, (await Assert.ThrowsAsync<SiteException>(() => app.Dial.Through(site)(refused, CancellationToken.None))).Fault);
            Assert.False(otherPort.Poll(0, SelectMode.SelectRead) || loopback.Poll(0, SelectMode.SelectRead));
            // Who refuses is the target itself, and that is told apart.
            var closed = await Assert.ThrowsAsync<SocketException>(() => app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 22), CancellationToken.None));
            Assert.Equal(SocketError.ConnectionRefused, closed.SocketErrorCode);
        }
    }

    [Fact]
    public async Task An_agent_killed_in_mid_session_cuts_it_and_a_new_start_brings_it_back()
    {
        var (site, _, agent, folder) = await app.StartSiteAsync();
        await using var sshd = await Sshd.StartAsync(app.Lan.Machine, 2201);
        await agent.DisposeAsync();
        await app.ConnectedAsync(site, 0);

        // Without the token: it has become somebody by now. Its secret is its own user's alone.
        var kept = Path.Combine(app.DataFolder, folder, "agent.json");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(kept));
        await using (var again = app.StartAgent(folder, ["agent", "--allow", "10.1.0.0/24:2201"]))
        {
            await app.ConnectedAsync(site, 1, again);
            app.Target = SitesApp.TargetOf(sshd, site);
            var browser = await app.SignInAsync(await app.AddPersonAsync(Roles.Staff));
            using var socket = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
            await TypeAsync(socket, "echo encore-$((1+1))\n");
            await ShownAsync(socket, "encore-2");

            await again.DisposeAsync();
            Assert.Equal(TargetBroke, await ConsolesApp.ClosedAsync(socket));
            Assert.Equal(SiteState.Returning, await app.Services.GetRequiredService<OfficeSites>().StateAsync(site, CancellationToken.None));
            using var refused = await app.ConnectAsync(browser, "/gateway/ssh", await ConsolesApp.TokenAsync(browser));
            Assert.Equal(TargetBroke, await ConsolesApp.ClosedAsync(refused));
        }

        await using var third = app.StartAgent(folder, ["agent", "--allow", "10.1.0.0/24:2201"]);
        await app.ConnectedAsync(site, 1, third);
        await using var link = await app.Dial.Through(site)(sshd.Address, CancellationToken.None);
    }

    [Fact]
    public async Task A_revoked_agent_is_cut_with_what_it_carries_and_does_not_come_back()
    {
        var (site, id, agent, folder) = await app.StartSiteAsync();
        await using (agent)
        {
            using var listener = app.Lan.Machine.Listen(5902);
            await using var link = await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5902), CancellationToken.None);
            using var target = await listener.AcceptAsync();

            var administrator = await app.AdministratorAsync();
            var page = await administrator.GetAsync($"/sites/{id}");
            var form = page.Document.QuerySelector("form input[name=Agent]")!.Closest("form")!.QuerySelector("input[name=_handler]")!.GetAttribute("value")!;
            page = await administrator.SubmitAsync(page, form);
            Assert.Contains("révoqué", page.Text, StringComparison.Ordinal);

            Assert.Equal(Refused, await agent.EndsAsync(Late));
            Assert.Equal(0, await ReadAsync(target));
            await app.ConnectedAsync(site, 0);
            await using var again = app.StartAgent(folder, ["agent"]);
            Assert.Equal(Refused, await again.EndsAsync(Late));
            Assert.Contains("does not know this agent", again.Said, StringComparison.Ordinal);
            Assert.Equal(1, await app.AuditedAsync("agent.revoked", id));
        }
    }

    [Fact]
    public async Task A_token_makes_one_machine_an_agent_once_and_in_time()
    {
        var (site, id, arguments) = await app.AddSiteAsync();
        await using (var first = app.StartAgent("jeton-1", arguments))
            await app.ConnectedAsync(site, 1, first);
        await RefusedAsync("jeton-2", arguments, "was used already");
        await RefusedAsync("jeton-3", [.. arguments[..^1], "jeton"], "no token of this server");

        var late = await app.CommandAsync(id);
        app.Clock.Advance(TimeSpan.FromMinutes(31));
        await RefusedAsync("jeton-4", late, "has expired");
        Assert.Equal((1, 2), (await app.AuditedAsync("agent.enrolled", id), await app.AuditedAsync("agent.token-refused", id)));
    }

    [Fact]
    public async Task A_server_whose_authority_is_not_the_pinned_one_gets_no_token()
    {
        var (_, id, arguments) = await app.AddSiteAsync();
        var pin = Array.IndexOf(arguments, "--pin");
        await RefusedAsync("pin-1", [.. arguments[..(pin + 1)], new string('a', 64), .. arguments[(pin + 2)..]], "does not show the authority");
        // Without the pin, the system's authorities decide, and they do not know this one.
        await using (var unpinned = app.StartAgent("pin-2", [.. arguments[..pin], .. arguments[(pin + 2)..]]))
            Assert.Equal(1, await unpinned.EndsAsync(Late));
        Assert.Equal(0, await app.AuditedAsync("agent.enrolled", id));
    }

    [Fact]
    public async Task Either_of_two_agents_serves()
    {
        var (site, id, first, _) = await app.StartSiteAsync();
        await using var second = app.StartAgent("deuxieme", await app.CommandAsync(id));
        await app.ConnectedAsync(site, 2, second);
        await first.DisposeAsync();
        await app.ConnectedAsync(site, 1, second);
        using var listener = app.Lan.Machine.Listen(5903);
        await using var link = await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5903), CancellationToken.None);
        using var target = await listener.AcceptAsync();
        await link.Stream.WriteAsync(new byte[] { 7 });
        Assert.Equal(1, await ReadAsync(target));
    }

    [Fact]
    public async Task An_agent_comes_back_by_itself_after_the_server_was_started_again()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            await app.RestartAsync();
            await app.ConnectedAsync(site, 1, agent);
            using var listener = app.Lan.Machine.Listen(5904);
            await using var link = await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5904), CancellationToken.None);
        }
    }

    [Fact]
    public async Task Each_direction_may_end_by_itself()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            using var listener = app.Lan.Machine.Listen(5905);
            await using var link = await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5905), CancellationToken.None);
            using var target = await listener.AcceptAsync();
            await link.Side.Finish(RelayEnd.BrowserLeft, CancellationToken.None);
            Assert.Equal(0, await ReadAsync(target));
            await target.SendAsync(new byte[] { 1, 2, 3 });
            target.Shutdown(SocketShutdown.Send);
            var late = new byte[3];
            await link.Stream.ReadExactlyAsync(late);
            Assert.Equal(0, await link.Stream.ReadAsync(new byte[1]));
        }
    }

    [Fact]
    public async Task A_reader_that_is_behind_stops_the_target_and_costs_the_agent_no_memory()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            using var listener = app.Lan.Machine.Listen(5906);
            await using var link = await app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5906), CancellationToken.None);
            using var target = await listener.AcceptAsync();
            target.Blocking = false;
            var chunk = new byte[64 * 1024];
            var sent = 0L;
            // Until every buffer on the way is full.
            using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
            for (var still = 0; still < 100; still++)
            {
                while (TrySend(target, chunk) is > 0 and var more)
                    (sent, still) = (sent + more, 0);
                await tick.WaitForNextTickAsync();
            }

            Assert.InRange(sent, 1, 48 * 1024 * 1024);
            // And nothing of it is lost.
            target.Blocking = true;
            target.Shutdown(SocketShutdown.Send);
            var (got, buffer) = (0L, new byte[256 * 1024]);
            while (await link.Stream.ReadAsync(buffer) is > 0 and var read)
                got += read;
            Assert.Equal(sent, got);
        }
    }

    [Fact]
    public async Task The_magic_packet_is_broadcast_in_the_agents_network()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            using var listener = app.Lan.Machine.Socket(SocketType.Dgram);
            listener.Bind(new IPEndPoint(IPAddress.Any, MagicPacket.Port));
            byte[] hardware = [0x00, 0x1A, 0x2B, 0x3C, 0x4D, 0x5E];
            Assert.True(await app.Services.GetRequiredService<OfficeSites>().WakeAsync(site, hardware, CancellationToken.None));
            var packet = new byte[200];
            using var late = new CancellationTokenSource(Late);
            Assert.Equal(MagicPacket.LengthBytes, await listener.ReceiveAsync(packet, late.Token));
            Assert.Equal(MagicPacket.For(hardware), packet[..MagicPacket.LengthBytes]);
        }
    }

    [Fact]
    public async Task Every_agent_of_a_site_broadcasts_the_magic_packet()
    {
        var (site, id, first, _) = await app.StartSiteAsync();
        await using var one = first;
        await using var two = app.StartAgent("reveil", await app.CommandAsync(id));
        await app.ConnectedAsync(site, 2, two);
        using var listener = app.Lan.Machine.Socket(SocketType.Dgram);
        listener.Bind(new IPEndPoint(IPAddress.Any, MagicPacket.Port));
        Assert.True(await app.Services.GetRequiredService<OfficeSites>().WakeAsync(site, new byte[] { 0, 1, 2, 3, 4, 5 }, CancellationToken.None));
        using var late = new CancellationTokenSource(Late);
        for (var packets = 0; packets < 2; packets++)
            Assert.Equal(MagicPacket.LengthBytes, await listener.ReceiveAsync(new byte[200], late.Token));
    }

    [Fact]
    public async Task An_agent_that_does_not_answer_keeps_no_workstation_asleep()
    {
        var (site, id, _) = await app.AddSiteAsync();
        using var silent = await app.HoldSilentlyAsync(id);
        await app.ConnectedAsync(site, 1);
        var sites = app.Services.GetRequiredService<OfficeSites>();
        using (var soon = new CancellationTokenSource())
        {
            var asleep = sites.WakeAsync(site, new byte[] { 0, 1, 2, 3, 4, 5 }, soon.Token);
            await soon.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asleep);
        }

        await using var agent = app.StartAgent("alerte", await app.CommandAsync(id));
        await app.ConnectedAsync(site, 2, agent);
        Assert.True(await sites.WakeAsync(site, new byte[] { 0, 1, 2, 3, 4, 5 }, CancellationToken.None).WaitAsync(Late));
    }

    [Fact]
    public async Task Many_connections_opened_at_once_are_each_carried()
    {
        // As many as a listener of the office holds for its program.
        const int Many = 16;
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using var running = agent;
        using var listener = app.Lan.Machine.Listen(5908);
        var target = new IPEndPoint(app.Lan.Machine.Address, 5908);
        using var late = new CancellationTokenSource(SitesApp.Patience);
        var dialled = Enumerable.Range(0, Many).Select(_ => app.Dial.Through(site)(target, late.Token)).ToList();
        for (var i = 0; i < Many; i++)
        {
            using var accepted = await listener.AcceptAsync(late.Token);
            await accepted.SendAsync(new byte[] { 7 });
        }

        foreach (var link in await Task.WhenAll(dialled))
        {
            await using (link)
                Assert.Equal(1, await link.Stream.ReadAsync(new byte[1], late.Token));
        }
    }

    [Fact]
    public async Task A_machine_whose_name_cannot_be_kept_is_told_so_and_keeps_its_token()
    {
        var (_, _, arguments) = await app.AddSiteAsync();
        foreach (var name in new[] { "", "  ", "poste\0", "poste\a", "poste\u202Eexe", new string('p', 101) })
        {
            using var refused = await EnrolAsync(name);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Equal((HttpStatusCode.BadRequest, "urn:relais:agent-name"), (refused.StatusCode, problem.GetProperty("type").GetString()));
            Assert.Contains("100 caractères", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }

        using var enrolled = await EnrolAsync("poste-de-l’accueil");
        Assert.Equal(HttpStatusCode.OK, enrolled.StatusCode);

        Task<HttpResponseMessage> EnrolAsync(string name) =>
            app.OpenBrowser().Client.PostAsJsonAsync("/api/agent/enrolments", new { token = arguments[^1], name });
    }

    [Fact]
    public async Task A_name_is_looked_up_in_the_office_and_only_an_address_that_is_dialled_is_told()
    {
        var (site, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            var sites = app.Services.GetRequiredService<OfficeSites>();
            Assert.Empty(await sites.ResolveAsync(site, "localhost", CancellationToken.None) ?? []);
            Assert.Equal([IPAddress.Parse("10.1.0.5")], await sites.ResolveAsync(site, "10.1.0.5", CancellationToken.None));
            Assert.Null(await sites.ResolveAsync("nulle-part", "poste.bureau", CancellationToken.None));
        }
    }

    [Fact]
    public async Task Whoever_is_no_agent_carries_nothing()
    {
        var (_, _, agent, _) = await app.StartSiteAsync();
        await using (agent)
        {
            foreach (var path in new[] { "/gateway/agent/link", "/gateway/agent/carry" })
            {
                using var answer = await app.OpenBrowser().Client.GetAsync(path);
                Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
                using var socket = app.ShellSocket("secret", "poste");
                await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri($"wss://localhost:{app.Address.Port}{path}"), CancellationToken.None));
                Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
            }
        }
    }

    private async Task RefusedAsync(string folder, IEnumerable<string> arguments, string why)
    {
        await using var agent = app.StartAgent(folder, arguments);
        Assert.Equal(Refused, await agent.EndsAsync(Late));
        Assert.Contains(why, agent.Said, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(app.DataFolder, folder, "agent.json")));
    }

    private static int TrySend(Socket socket, byte[] chunk)
    {
        try
        {
            return socket.Send(chunk);
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
        {
            return 0;
        }
    }

    private static async Task<int> ReadAsync(Socket socket)
    {
        using var late = new CancellationTokenSource(Late);
        return await socket.ReceiveAsync(new byte[1], late.Token);
    }

    private static Task TypeAsync(ClientWebSocket socket, string text)
    {
        var bytes = System.Text.Encoding.UTF8.GetBytes(text);
        return socket.SendAsync((byte[])[0, 0, (byte)bytes.Length, .. bytes], WebSocketMessageType.Binary, true, CancellationToken.None);
    }

    private static async Task ShownAsync(ClientWebSocket socket, string text)
    {
        using var late = new CancellationTokenSource(Late);
        var (buffer, shown) = (new byte[64 * 1024], "");
        while (!shown.Contains(text, StringComparison.Ordinal))
        {
            var received = await socket.ReceiveAsync(buffer, late.Token);
            Assert.NotEqual(WebSocketMessageType.Close, received.MessageType);
            shown += System.Text.Encoding.UTF8.GetString(buffer, 0, received.Count);
        }
    }
}
