using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;

namespace Relais.Gateway.Relay;

/// <summary>One end of a relay: its bytes, and how to say on it that no more will come while still listening.</summary>
/// <param name="Stream">Full duplex. The relay reads and writes it, and does not dispose it.</param>
/// <param name="Finish">Sends the end of stream. May fail: the other end may be gone.</param>
/// <param name="HalfCloses">Whether it may still be listening after it said that it sends no more. A WebSocket is not.</param>
internal sealed record RelaySide(Stream Stream, Func<RelayEnd, CancellationToken, ValueTask> Finish, bool HalfCloses = true)
{
    /// <summary>The socket that carries this side and nothing else; null when there is none, or when writing to the other side may block.</summary>
    public Socket? Socket { get; init; }

    /// <param name="socket">A connected one.</param>
    /// <param name="owned">Whether disposing the stream closes it.</param>
    public static RelaySide Of(Socket socket, bool owned = false) => new(new NetworkStream(socket, owned), (_, _) =>
    {
        socket.Shutdown(SocketShutdown.Send);
        return ValueTask.CompletedTask;
    }) { Socket = socket };

    /// <param name="carrier">The socket under it, where there is one.</param>
    public static RelaySide Of(SslStream tls, Socket? carrier) =>
        new(tls, async (_, cancel) => await tls.ShutdownAsync().WaitAsync(cancel)) { Socket = carrier };

    // The words are the close code and reason that tell the page why.
    public static RelaySide Of(WebSocket socket, Func<RelayEnd, (WebSocketCloseStatus Code, string Reason)> words) =>
        new(WebSocketStream.Create(socket, WebSocketMessageType.Binary), async (end, cancel) =>
        {
            var (code, reason) = words(end);
            if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await socket.CloseOutputAsync(code, reason, cancel);
        }, HalfCloses: false);
}
