using System.Net.Sockets;
using System.Net.WebSockets;

namespace Relais.Gateway.Relay;

internal static class ConnectionLoss
{
    /// <summary>True for what streams throw when a connection breaks. Kestrel's aborted connections come as cancellations.</summary>
    public static bool Explains(Exception e) =>
        e is IOException or WebSocketException or SocketException or ObjectDisposedException or OperationCanceledException;
}
