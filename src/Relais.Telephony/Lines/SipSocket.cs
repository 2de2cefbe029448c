using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Relais.Telephony.Protocols.Sip;

namespace Relais.Telephony.Lines;

/// <summary>The one UDP port at which this node speaks SIP with all operators.</summary>
internal sealed class SipSocket : IAsyncDisposable
{
    private const int SioUdpConnReset = -1744830452;

    private readonly Socket _socket;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private Task _reading = Task.CompletedTask;

    private SipSocket(Socket socket, ILogger log) => (_socket, _log) = (socket, log);

    public IPEndPoint Local => (IPEndPoint)(_socket.LocalEndPoint ?? new IPEndPoint(IPAddress.Any, 0));

    /// <summary>Datagrams that came from nobody whom we know: they get no answer at all, so that a scan finds nothing.</summary>
    public long Strangers { get; private set; }

    public static SipSocket Open(IPAddress address, int port, ILogger log)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (OperatingSystem.IsWindows())
                socket.IOControl(SioUdpConnReset, [0], null);
            socket.Bind(new IPEndPoint(address, port));
            return new SipSocket(socket, log);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <param name="take">Gets each message with where it came from; false where nobody there is known.</param>
    public void Listen(Func<SipMessage?, SipFault?, IPEndPoint, bool> take) => _reading = Task.Run(() => ReadAsync(take));

    /// <returns>False where it could not be sent.</returns>
    public bool TrySend(SipMessage message, IPEndPoint to)
    {
        try
        {
            // A datagram is handed to the kernel or dropped: it never blocks for long.
            _socket.SendTo(message.ToBytes(), to);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _socket.Dispose();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task ReadAsync(Func<SipMessage?, SipFault?, IPEndPoint, bool> take)
    {
        var buffer = new byte[SipParser.LongestBytes];
        var anybody = new IPEndPoint(_socket.AddressFamily == AddressFamily.InterNetworkV6 ? IPAddress.IPv6Any : IPAddress.Any, 0);
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var read = await _socket.ReceiveFromAsync(buffer, SocketFlags.None, anybody, _stop.Token);
                var message = SipParser.Read(buffer.AsSpan(0, read.ReceivedBytes), out var fault);
                if (!take(message, fault, (IPEndPoint)read.RemoteEndPoint))
                    Strangers++;
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException e)
            {
                // An ICMP message of a peer that is not there lands here.
                if (e.SocketErrorCode is not SocketError.ConnectionRefused and not SocketError.ConnectionReset)
                    TelephonyLog.SocketFailed(_log, e);
            }
        }
    }
}
