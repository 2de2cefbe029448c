using System.Net;
using System.Net.Sockets;

namespace Relais.Telephony.Lines;

/// <summary>The UDP ports of a leg.</summary>
internal static class VoicePorts
{
    private const int Tries = 16;

    /// <summary>Opens an even port and the odd one after it (RFC 3550, 11); without reports where no such pair is free.</summary>
    public static (Socket Voice, Socket? Reports) Open(IPAddress address)
    {
        for (var tried = 0; tried < Tries; tried++)
        {
            var socket = Bind(address, 0);
            var port = ((IPEndPoint)socket.LocalEndPoint!).Port;
            if (port % 2 == 0 && TryBind(address, port + 1) is { } reports)
                return (socket, reports);
            socket.Dispose();
        }

        return (Bind(address, 0), null);
    }

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static Socket? TryBind(IPAddress address, int port)
    {
        try
        {
            return Bind(address, port);
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
