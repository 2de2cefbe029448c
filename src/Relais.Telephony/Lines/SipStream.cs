using System.IO.Pipelines;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Relais.Telephony.Protocols.Sip;
using SipRead = Relais.Telephony.Protocols.ReadResult;

namespace Relais.Telephony.Lines;

/// <summary>
/// The way to an operator over TCP or TLS (RFC 3261, 18): one connection, made when something is to be said, used for all that follows, and made again after it broke. What
/// the operator says comes over it too, or over one that the operator made, which is then used from there on.
/// </summary>
/// <param name="tls">Null for TCP.</param>
internal sealed class SipStream(IPEndPoint peer, SslClientAuthenticationOptions? tls, TimeProvider clock, ILogger log) : IAsyncDisposable
{
    private const int MostWaiting = 2000;
    private const int MostOpen = 16;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    // After a failure messages fail at once for so long, so that calls go to another trunk without waiting.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly Channel<SipMessage> _waiting = Channel.CreateBounded<SipMessage>(new BoundedChannelOptions(MostWaiting) { SingleReader = true });
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly HashSet<Stream> _open = [];
    private Stream? _current;
    private Action<SipMessage?, SipFault?, IPEndPoint> _take = (_, _, _) => { };
    private Action _broken = () => { };
    private Task _writing = Task.CompletedTask;
    private long _failedAt = long.MinValue;

    /// <summary>Begins to carry messages.</summary>
    /// <param name="take">Gets each message that comes.</param>
    /// <param name="failed">Gets each message that could not be sent.</param>
    /// <param name="broken">Told when the connection broke: what was written last may not have arrived.</param>
    public void Open(Action<SipMessage?, SipFault?, IPEndPoint> take, Action<SipMessage> failed, Action broken)
    {
        (_take, _broken) = (take, broken);
        _writing = Task.Run(() => WriteAllAsync(failed));
    }

    /// <returns>False where too much waits already.</returns>
    public bool TrySend(SipMessage message) => _waiting.Writer.TryWrite(message);

    /// <summary>Takes a connection that the operator made.</summary>
    public void Adopt(Socket socket)
    {
        lock (_lock)
        {
            // An operator that forgets its connections gets no more of them.
            if (_open.Count >= MostOpen)
            {
                socket.Dispose();
                return;
            }
        }

        socket.NoDelay = true;
        Use(new NetworkStream(socket, ownsSocket: true));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_waiting.Writer.TryComplete())
            return;
        // What was said last, a BYE above all, still goes out.
        await _writing.WaitAsync(Patience, clock).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _stop.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        List<Stream> open;
        lock (_lock)
            open = [.. _open];
        foreach (var stream in open)
            await stream.DisposeAsync();
        _stop.Dispose();
    }

    private async Task WriteAllAsync(Action<SipMessage> failed)
    {
        try
        {
            await foreach (var message in _waiting.Reader.ReadAllAsync(_stop.Token))
            {
                if (!await WriteAsync(message))
                    failed(message);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task<bool> WriteAsync(SipMessage message)
    {
        var bytes = message.ToBytes();
        // A connection that was there may have broken without a word: then once more, over a new one.
        for (var old = Current() is not null; ; old = false)
        {
            var stream = Current() ?? await ConnectAsync();
            if (stream is null)
                return false;
            using var late = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            late.CancelAfter(Patience);
            try
            {
                await stream.WriteAsync(bytes, late.Token);
                return true;
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
            {
                Drop(stream);
                if (!old || _stop.IsCancellationRequested)
                    return false;
            }
        }
    }

    private async Task<Stream?> ConnectAsync()
    {
        if (_failedAt != long.MinValue && clock.GetElapsedTime(_failedAt) < Pause)
            return null;
        var socket = new Socket(peer.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        late.CancelAfter(Patience);
        try
        {
            await socket.ConnectAsync(peer, late.Token);
            stream = new NetworkStream(socket, ownsSocket: true);
            if (tls is not null)
            {
                var secure = new SslStream(stream, leaveInnerStreamOpen: false);
                stream = secure;
                await secure.AuthenticateAsClientAsync(tls, late.Token);
            }

            _failedAt = long.MinValue;
            Use(stream);
            return stream;
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException or OperationCanceledException)
        {
            if (stream is not null)
                await stream.DisposeAsync();
            socket.Dispose();
            if (_failedAt == long.MinValue && !_stop.IsCancellationRequested)
                TelephonyLog.NotConnected(log, peer.ToString(), e);
            _failedAt = clock.GetTimestamp();
            return null;
        }
    }

    private Stream? Current()
    {
        lock (_lock)
            return _current;
    }

    private void Use(Stream stream)
    {
        lock (_lock)
        {
            _open.Add(stream);
            _current = stream;
        }

        _ = Task.Run(() => ReadAsync(stream));
    }

    private void Drop(Stream stream)
    {
        bool broke;
        lock (_lock)
        {
            broke = _open.Remove(stream) && _current == stream;
            if (broke)
                _current = null;
        }

        stream.Dispose();
        if (broke && !_stop.IsCancellationRequested)
            _broken();
    }

    private async Task ReadAsync(Stream stream)
    {
        var reader = PipeReader.Create(stream);
        try
        {
            while (await ReadSomeAsync(reader))
            {
                // Until it ends, or cannot be followed any more (18.3).
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            // Broken: the next message makes another.
        }
        finally
        {
            Drop(stream);
            await reader.CompleteAsync();
        }
    }

    private async Task<bool> ReadSomeAsync(PipeReader reader)
    {
        var read = await reader.ReadAsync(_stop.Token);
        var buffer = read.Buffer;
        while (true)
        {
            switch (SipParser.TryRead(ref buffer, out var message, out var fault))
            {
                case SipRead.Complete:
                    _take(message, fault, peer);
                    continue;
                case SipRead.Malformed:
                    return false;
            }

            break;
        }

        reader.AdvanceTo(buffer.Start, buffer.End);
        return !read.IsCompleted;
    }
}
