using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Relais.Gateway.Contracts;

namespace Relais.Tests.Gateway.Sites;

/// <summary>Machines of an office that its agents wake up.</summary>
[Collection(NetworkTests.Name)]
public sealed class WakeThroughAgent(SitesApp app) : IClassFixture<SitesApp>
{
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(20);

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
}
