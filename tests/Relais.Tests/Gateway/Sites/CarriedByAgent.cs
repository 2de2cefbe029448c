using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.Extensions.DependencyInjection;
using Relais.Access.Contracts;
using Relais.Gateway.Contracts;
using Relais.Gateway.Relay;
using Relais.Tests.Gateway.Consoles;

namespace Relais.Tests.Gateway.Sites;

/// <summary>What agents, as processes, carry to machines that the server cannot reach.</summary>
[Collection(NetworkTests.Name)]
public sealed class CarriedByAgent(SitesApp app) : IClassFixture<SitesApp>
{
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
        Assert.Equal(1, await SitesApp.ReadAsync(target));
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
            Assert.Equal(0, await SitesApp.ReadAsync(target));
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
    public async Task An_agent_that_cannot_open_the_connection_to_carry_says_so_at_once()
    {
        await using var proxy = new ConnectProxy(IPAddress.Parse(app.Lan.Server));
        var (site, _, arguments) = await app.AddSiteAsync();
        await using var agent = app.StartAgent("sans-voie", arguments, ("HTTPS_PROXY", $"http://{app.Lan.Server}:{proxy.Port}"));
        await app.ConnectedAsync(site, 1, agent);
        proxy.Refuses = true;
        using var listener = app.Lan.Machine.Listen(5909);
        // Without an answer it would wait for as long as whoever asks.
        using var late = new CancellationTokenSource(SitesApp.Patience);
        var away = await Assert.ThrowsAsync<SiteException>(() => app.Dial.Through(site)(new IPEndPoint(app.Lan.Machine.Address, 5909), late.Token));
        Assert.Equal(SiteFault.NotCarried, away.Fault);
        Assert.False(late.IsCancellationRequested);
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
