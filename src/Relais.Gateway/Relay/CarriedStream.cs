using System.Net.WebSockets;

namespace Relais.Gateway.Relay;

/// <summary>
/// A connection between an agent and a target, carried by a WebSocket of its own. Either side may end its direction and go on listening, as
/// with TCP. Nothing is kept: what the reader does not take stays in the sender.
/// </summary>
internal sealed class CarriedStream(WebSocket socket) : DuplexStream
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _ended;

    /// <summary>Ends when the stream is disposed.</summary>
    public Task Over => _over.Task;

    public RelaySide Side => new(this, FinishAsync);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        // A TLS stream asks for nothing, to wait without a buffer; here it gets one at once and waits with it.
        while (!_ended && !buffer.IsEmpty)
        {
            var received = await socket.ReceiveAsync(buffer, cancellationToken);
            _ended = received.MessageType == WebSocketMessageType.Close;
            if (received.Count > 0)
                return received.Count;
        }

        return 0;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        buffer.IsEmpty ? ValueTask.CompletedTask : socket.SendAsync(buffer, WebSocketMessageType.Binary, endOfMessage: true, cancellationToken);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            socket.Dispose();
            _over.TrySetResult();
        }

        base.Dispose(disposing);
    }

    private async ValueTask FinishAsync(RelayEnd end, CancellationToken cancel)
    {
        if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            await socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", cancel);
    }
}
