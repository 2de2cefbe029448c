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
        using var socket = Socket();
        var links = Enumerable.Range(0, 500).Select(_ => new AgentLink(socket, Guid.NewGuid(), "LILLE")).ToList();
        using var together = new Barrier(3);
        await Task.WhenAll(EachAsync(link => link.Dispose()), EachAsync(link => link.End()), EachAsync(link => link.Closed.Register(socket.Abort).Dispose()));
        Assert.All(links, link => Assert.True(link.Closed.IsCancellationRequested));

        // On threads of their own: the pool's are the servers' of the other tests.
        Task EachAsync(Action<AgentLink> act) => Task.Factory.StartNew(
            () =>
            {
                try
                {
                    foreach (var link in links)
                    {
                        together.SignalAndWait();
                        act(link);
                    }
                }
                finally
                {
                    together.RemoveParticipant();
                }
            },
            CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
    }

    private static WebSocket Socket() =>
        WebSocket.CreateFromStream(new MemoryStream(), new WebSocketCreationOptions { IsServer = true });
}
