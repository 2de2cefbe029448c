using System.Net.Sockets;
using System.Net.WebSockets;
using System.Threading.Channels;
using Relais.Gateway.Relay;
using Relais.Gateway.Sessions;

namespace Relais.Gateway.Browser;

/// <summary>
/// A page's WebSocket: what is relayed goes in binary messages, and between them notices in text messages. A WebSocket takes one message at
/// a time, so they wait for each other here.
/// </summary>
internal sealed class PageSocket(WebSocket socket, Socket? carrier = null) : DuplexStream
{
    // A WebSocket is lost when a message is cancelled in its midst, and the close code with it: what has begun may end, for this long.
    private static readonly TimeSpan Finishing = TimeSpan.FromSeconds(1);

    private readonly WebSocketStream _bytes = WebSocketStream.Create(socket, WebSocketMessageType.Binary, ownsWebSocket: false);
    private readonly SemaphoreSlim _sending = new(1, 1);
    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenSource _stuck = new();
    private Task _telling = Task.CompletedTask;

    /// <summary>What carries it and nothing else, where it is known.</summary>
    public Socket? Carrier => carrier;

    protected override bool AwaitsWithoutBuffer => true;

    /// <summary>From now on tells the page what it is to know. Once for a socket.</summary>
    public void TellOf(LiveSession held) => _telling = TellAsync(held.Notices);

    // Its stream says that the page closes to one reader, who may have read nothing to wait for it, and is none any more for the next.
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        socket.State is WebSocketState.CloseReceived or WebSocketState.Closed ? ValueTask.FromResult(0) : _bytes.ReadAsync(buffer, cancellationToken);

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            var writing = _bytes.WriteAsync(buffer, _stuck.Token);
            if (writing.IsCompletedSuccessfully)
                return;
            await using var late = cancellationToken.Register(() => _stuck.CancelAfter(Finishing));
            await writing;
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Says why nothing more will come, when there is somebody to say it to.</summary>
    public async ValueTask CloseOutputAsync(WebSocketCloseStatus code, CancellationToken cancel)
    {
        await _sending.WaitAsync(cancel);
        try
        {
            if (CloseCodes.IsOpen(socket))
                await socket.CloseOutputAsync(code, "", cancel);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async Task TellAsync(ChannelReader<Notice> notices)
    {
        try
        {
            await foreach (var notice in notices.ReadAllAsync(_over.Token))
                await SendAsync(notice.Write());
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // The connection is over, or about to be: its relay says how.
        }
    }

    private async Task SendAsync(ReadOnlyMemory<byte> text)
    {
        await _sending.WaitAsync(_over.Token);
        try
        {
            // Not cancelled once begun: a half-sent message would take the socket with it, and the close code.
            if (socket.State == WebSocketState.Open)
                await socket.SendAsync(text, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        }
        finally
        {
            _sending.Release();
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        // A notice that is stuck in a reader that stalls ends with the socket, which is not ours to end.
        if (_telling.IsCompleted)
        {
            _sending.Dispose();
            _over.Dispose();
            _stuck.Dispose();
        }

        await _bytes.DisposeAsync();
        await base.DisposeAsync();
    }
}
