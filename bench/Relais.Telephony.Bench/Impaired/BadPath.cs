using System.Net;
using System.Net.Sockets;

namespace Relais.Telephony.Bench.Impaired;

/// <summary>
/// A bad network between a browser and a voice server, over UDP: each of them is told that the other is here, and what either sends (ICE, DTLS, voice, reports) comes out on the other side as the
/// network leaves it.
/// </summary>
internal sealed class BadPath : IDisposable
{
    private readonly IPAddress _address;
    private readonly Socket _toBrowser;
    private readonly Socket _toServer;
    private readonly PriorityQueue<(byte[] Datagram, bool Up), TimeSpan> _waiting = new();
    private readonly object _lock = new();
    private readonly Impairment _up;
    private readonly Impairment _down;
    private readonly long _began = TimeProvider.System.GetTimestamp();
    private IPEndPoint? _browser;
    private IPEndPoint? _server;
    private bool _over;

    /// <param name="address">This machine's own, which both reach.</param>
    public BadPath(IPAddress address, BadNetwork network, int seed)
    {
        (_address, _toBrowser, _toServer) = (address, Open(address), Open(address));
        (_up, _down) = (new Impairment(network, seed), new Impairment(network, seed + 1));
        new Thread(() => Hear(_toBrowser, up: true)) { IsBackground = true }.Start();
        new Thread(() => Hear(_toServer, up: false)) { IsBackground = true }.Start();
        new Thread(Pass) { IsBackground = true }.Start();
    }

    /// <summary>The browser's offer, as the server is to get it.</summary>
    public string Offer(string sdp) => IceCandidates.Replace(sdp, (IPEndPoint)_toServer.LocalEndPoint!);

    /// <summary>The server's answer, as the browser is to get it.</summary>
    public string Answer(string sdp)
    {
        var all = IceCandidates.Of(sdp);
        lock (_lock)
            _server = all.FirstOrDefault(c => c.Address.Equals(_address)) ?? all[0];
        return IceCandidates.Replace(sdp, (IPEndPoint)_toBrowser.LocalEndPoint!);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _over = true;
            Monitor.PulseAll(_lock);
        }

        _toBrowser.Dispose();
        _toServer.Dispose();
    }

    private static Socket Open(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private void Hear(Socket socket, bool up)
    {
        var buffer = new byte[2048];
        EndPoint from = new IPEndPoint(IPAddress.Any, 0);
        while (true)
        {
            try
            {
                var read = socket.ReceiveFrom(buffer, ref from);
                lock (_lock)
                    Take(buffer.AsSpan(0, read), up, (IPEndPoint)from);
            }
            catch (SocketException) when (!Over)
            {
                // An ICMP message of a port that closed.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private bool Over
    {
        get
        {
            lock (_lock)
                return _over;
        }
    }

    private void Take(ReadOnlySpan<byte> datagram, bool up, IPEndPoint from)
    {
        // The browser may send from any of its ports: the last one is the chosen one.
        if (up)
            _browser = from;
        if ((up ? _up : _down).Pass(TimeProvider.System.GetElapsedTime(_began)) is not { } at)
            return;
        _waiting.Enqueue((datagram.ToArray(), up), at);
        Monitor.PulseAll(_lock);
    }

    private void Pass()
    {
        lock (_lock)
        {
            while (!_over)
            {
                if (!_waiting.TryPeek(out var next, out var at))
                {
                    Monitor.Wait(_lock);
                    continue;
                }

                var wait = at - TimeProvider.System.GetElapsedTime(_began);
                if (wait > TimeSpan.Zero)
                {
                    Monitor.Wait(_lock, Math.Max(1, (int)wait.TotalMilliseconds));
                    continue;
                }

                _waiting.Dequeue();
                Send(next.Datagram, next.Up);
            }
        }
    }

    private void Send(byte[] datagram, bool up)
    {
        try
        {
            if ((up ? _server : _browser) is { } to)
                (up ? _toServer : _toBrowser).SendTo(datagram, to);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Whoever it was for is gone.
        }
    }
}
