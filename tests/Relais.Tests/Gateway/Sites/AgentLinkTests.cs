using System.Net;
using System.Net.WebSockets;
using Relais.Gateway.Contracts;
using Relais.Gateway.Relay;
using Relais.Gateway.Sites;

namespace Relais.Tests.Gateway.Sites;

/// <summary>An agent's link that ends while somebody still has hold of it.</summary>
public sealed class AgentLinkTests
{
    [Fact]
    public async Task A_link_that_was_given_up_may_be_ended_again_and_is_away_for_whoever_asks()
    {
        using var socket = Socket();
        var link = new AgentLink(socket, Guid.NewGuid(), "LILLE");
        link.Dispose();

        link.End();
        link.End();
        Assert.True(link.Closed.IsCancellationRequested);
        var told = false;
        await using (link.Closed.Register(() => told = true))
            Assert.True(told);
        var away = await Assert.ThrowsAsync<SiteException>(() => link.DialAsync(new IPEndPoint(IPAddress.Loopback, 22), CancellationToken.None));
        Assert.Equal(SiteFault.Away, away.Fault);
    }

    [Fact]
    public async Task A_link_may_be_ended_while_it_is_given_up()
    {
        for (var i = 0; i < 2000; i++)
        {
            using var socket = Socket();
            var link = new AgentLink(socket, Guid.NewGuid(), "LILLE");
            using var together = new Barrier(3);
            await Task.WhenAll(
                Task.Run(() => Together(link.Dispose)),
                Task.Run(() => Together(link.End)),
                Task.Run(() => Together(() => link.Closed.Register(socket.Abort).Dispose())));
            Assert.True(link.Closed.IsCancellationRequested);

            void Together(Action act)
            {
                together.SignalAndWait();
                act();
            }
        }
    }

    private static WebSocket Socket() =>
        WebSocket.CreateFromStream(new MemoryStream(), new WebSocketCreationOptions { IsServer = true });
}
