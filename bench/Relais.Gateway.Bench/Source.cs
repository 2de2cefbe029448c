using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Relais.Gateway.Bench;

/// <summary>What stands behind every relay: sends as many bytes as it is asked for, or echoes. One blocking thread a connection.</summary>
internal sealed class Source : IDisposable
{
    /// <summary>Asks for an echo instead of a number of bytes.</summary>
    public const long Echo = -1;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public Source()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1024);
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public int Port => _listener.LocalEndPoint is IPEndPoint end ? end.Port : 0;

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.Accept();
                socket.NoDelay = true;
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // Disposed: the benchmark is over.
        }
    }

    private static void Serve(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        var buffer = new byte[256 * 1024];
        try
        {
            stream.ReadExactly(buffer, 0, sizeof(long));
            var left = BinaryPrimitives.ReadInt64LittleEndian(buffer);
            if (left == Echo)
            {
                for (int read; (read = stream.Read(buffer)) > 0;)
                    stream.Write(buffer, 0, read);
            }

            for (; left > 0; left -= Math.Min(left, buffer.Length))
                stream.Write(buffer, 0, (int)Math.Min(left, buffer.Length));
        }
        catch (IOException)
        {
            // The client has what it wanted.
        }
    }
}
