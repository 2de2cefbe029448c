using System.Net.WebSockets;

namespace Relais.Gateway.Sites;

/// <summary>Whole messages of a link, of a bounded length.</summary>
internal static class AgentMessages
{
    /// <summary>The next message, in the buffer; null when the other end closed, or sent one that is too long.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReceiveAsync(WebSocket socket, byte[] buffer, CancellationToken cancel)
    {
        var filled = 0;
        while (filled < buffer.Length)
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(filled), cancel);
            if (received.MessageType != WebSocketMessageType.Text)
                return null;
            filled += received.Count;
            if (received.EndOfMessage)
                return buffer.AsMemory(0, filled);
        }

        return null;
    }
}
