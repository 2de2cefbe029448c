using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Relais.Tests.Gateway.Sites;

/// <summary>An HTTP proxy as companies have them: makes tunnels (RFC 9110, 9.3.6) and counts them.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _served;
    private int _tunnels;

    public ConnectProxy(IPAddress address)
    {
        _listener.Bind(new IPEndPoint(address, 0));
        _listener.Listen(16);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _served = ServeAsync();
    }

    public int Port { get; }

    /// <summary>From now on it makes no new tunnel, and says so.</summary>
    public bool Refuses { get; set; }

    public int Tunnels => Volatile.Read(ref _tunnels);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _served;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        var tunnels = new List<Task>();
        try
        {
            while (true)
                tunnels.Add(TunnelAsync(await _listener.AcceptAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(tunnels);
        }
    }

    private async Task TunnelAsync(Socket socket)
    {
        using var client = new NetworkStream(socket, ownsSocket: true);
        try
        {
            var request = "";
            var one = new byte[1];
            while (!request.EndsWith("\r\n\r\n", StringComparison.Ordinal) && await client.ReadAsync(one, _stop.Token) == 1)
                request += (char)one[0];
            if (request.Split(' ') is not ["CONNECT", var authority, ..])
                return;
            if (Refuses)
            {
                await client.WriteAsync("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), _stop.Token);
                return;
            }

            using var target = new TcpClient();
            await target.ConnectAsync(IPEndPoint.Parse(authority), _stop.Token);
            Interlocked.Increment(ref _tunnels);
            await client.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\n\r\n"), _stop.Token);
            var server = target.GetStream();
            await Task.WhenAny(client.CopyToAsync(server, _stop.Token), server.CopyToAsync(client, _stop.Token));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One of the two is gone, or the test is over.
        }
    }
}
