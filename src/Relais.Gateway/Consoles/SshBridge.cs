using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Consoles;

/// <summary>
/// Gives SSH.NET, which connects only by itself, a link that is there already: a port of loopback that asks for a random password in the way
/// of an HTTP proxy (RFC 9110, 9.3.6), so that no other program of this machine is let in. Serves one connection.
/// </summary>
internal sealed class SshBridge : IAsyncDisposable
{
    public const string UserName = "relais";

    private const int RequestLimit = 1024;
    private static readonly byte[] Accepted = [.. "HTTP/1.0 200 OK\r\n\r\n"u8];
    private static readonly byte[] RequestEnd = [.. "\r\n\r\n"u8];
    private static readonly TimeSpan RequestTime = TimeSpan.FromSeconds(2);

    private readonly TargetLink _link;
    private readonly TimeProvider _clock;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _credentials;
    private readonly Task _served;

    private SshBridge(TargetLink link, TimeProvider clock)
    {
        (_link, _clock) = (link, clock);
        _credentials = Encoding.ASCII.GetBytes(
            $"\r\nProxy-Authorization: Basic {Convert.ToBase64String(Encoding.ASCII.GetBytes($"{UserName}:{Password}"))}\r\n");
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(4);
        Address = _listener.LocalEndPoint as IPEndPoint ?? throw new InvalidOperationException("Not bound.");
        _served = ServeAsync();
    }

    public IPEndPoint Address { get; }

    public string Password { get; } = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <param name="link">The bridge's from now on.</param>
    public static SshBridge Over(TargetLink link, TimeProvider clock) => new(link, clock);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _served;
        await _link.DisposeAsync();
        _stop.Dispose();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                using var socket = await _listener.AcceptAsync(_stop.Token);
                if (!await AdmitAsync(socket))
                    continue;
                _listener.Close();
                socket.NoDelay = true;
                // The library's own times bound the session; the relay around this one counts and watches it.
                var limits = new RelayLimits(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan, RelayLimits.RdpDrain);
                await new ByteRelay(RelaySide.Of(socket), _link.Side, new RelayCounters(), limits, _clock).RunAsync(null, _stop.Token);
                return;
            }
        }
        catch (Exception e) when (ConnectionLoss.Explains(e))
        {
            // Nobody waits for it any more.
        }
    }

    private async Task<bool> AdmitAsync(Socket socket)
    {
        using var limit = new CancellationTokenSource(RequestTime, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, _stop.Token);
        var request = new byte[RequestLimit];
        var filled = 0;
        try
        {
            while (filled < request.Length && !request.AsSpan(0, filled).EndsWith(RequestEnd))
            {
                var read = await socket.ReceiveAsync(request.AsMemory(filled), either.Token);
                if (read == 0)
                    return false;
                filled += read;
            }

            // Another program has no use for the time that a comparison takes: the password is as long as a key and good for one connection.
            if (request.AsSpan(0, filled).IndexOf(_credentials) < 0)
                return false;
            await socket.SendAsync(Accepted, either.Token);
            return true;
        }
        catch (Exception e) when (ConnectionLoss.Explains(e) && !_stop.IsCancellationRequested)
        {
            return false;
        }
    }
}
