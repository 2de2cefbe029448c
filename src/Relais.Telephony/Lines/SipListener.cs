using System.Net;
using System.Net.Sockets;

namespace Relais.Telephony.Lines;

/// <summary>Where operators connect to us over TCP. Whoever is none of ours is hung up on without a word.</summary>
internal sealed class SipListener : IAsyncDisposable
{
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;

    private SipListener(Socket socket, Func<Socket, bool> take)
    {
        _socket = socket;
        _accepting = Task.Run(() => AcceptAsync(take));
    }

    /// <param name="take">Gets each connection; false where nobody there is known.</param>
    public static SipListener Open(IPEndPoint local, Func<Socket, bool> take)
    {
        var socket = new Socket(local.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(local);
            socket.Listen(64);
            return new SipListener(socket, take);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync(Func<Socket, bool> take)
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var socket = await _socket.AcceptAsync(_stop.Token);
                if (!take(socket))
                    socket.Dispose();
            }
            catch (SocketException)
            {
                // Whoever connected was gone before.
            }
            catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
