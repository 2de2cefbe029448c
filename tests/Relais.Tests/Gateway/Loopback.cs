using System.Net;
using System.Net.Sockets;

namespace Relais.Tests.Gateway;

/// <summary>Two ends of a real TCP connection.</summary>
internal sealed class Loopback : IDisposable
{
    private Loopback(Socket near, Socket far) => (Near, Far, Stream) = (near, far, new NetworkStream(far, ownsSocket: false));

    /// <summary>The end that the gateway holds.</summary>
    public Socket Near { get; }

    /// <summary>The end that plays the peer.</summary>
    public Socket Far { get; }

    /// <summary>The peer's bytes.</summary>
    public NetworkStream Stream { get; }

    public static async Task<Loopback> ConnectAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(1);
        var far = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await far.ConnectAsync(listener.LocalEndPoint!);
        var near = await listener.AcceptAsync();
        near.NoDelay = true;
        return new Loopback(near, far);
    }

    /// <summary>Breaks the connection with a RST.</summary>
    public void Reset()
    {
        Far.LingerState = new LingerOption(enable: true, seconds: 0);
        Far.Close();
    }

    public void Dispose()
    {
        Near.Dispose();
        Far.Dispose();
    }
}
