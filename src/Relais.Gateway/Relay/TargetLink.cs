using System.Net;
using System.Net.Sockets;

namespace Relais.Gateway.Relay;

/// <summary>Reaches an address: dials it, or has the agent of its site do so.</summary>
/// <exception cref="SocketException">The target could not be reached.</exception>
/// <exception cref="SiteException">Its site's agent is away, or does not go there.</exception>
internal delegate Task<TargetLink> ReachTarget(IPEndPoint address, CancellationToken cancel);

/// <summary>A connection to a target, wherever it stands.</summary>
internal sealed class TargetLink(RelaySide side) : IAsyncDisposable
{
    public RelaySide Side { get; } = side;

    public Stream Stream => Side.Stream;

    /// <summary>Dials from this server itself.</summary>
    public static async Task<TargetLink> DialAsync(IPEndPoint address, CancellationToken cancel)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, cancel);
            return new TargetLink(RelaySide.Of(socket, owned: true));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Stream.DisposeAsync();
}
