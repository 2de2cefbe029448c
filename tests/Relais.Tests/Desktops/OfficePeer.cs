using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relais.Tests.Gateway;

namespace Relais.Tests.Desktops;

/// <summary>A machine of the office on a real socket: answers X.224 and TLS as often as it is asked, with the certificate that it has at the moment.</summary>
internal sealed class OfficePeer : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _served;

    public OfficePeer(int port = 0)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen(16);
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
        _served = ServeAsync();
    }

    public int Port { get; }

    public X509Certificate2 Certificate { get; private set; } = RdpPeer.SelfSigned();

    public string Sha256 => Convert.ToHexStringLower(SHA256.HashData(Certificate.RawData));

    public void Reinstall() => Certificate = RdpPeer.SelfSigned();

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _served;
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
                await AnswerAsync(await _listener.AcceptAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task AnswerAsync(Socket socket)
    {
        using (socket)
        {
            try
            {
                if (await socket.ReceiveAsync(new byte[300]) == 0)
                    return;
                await socket.SendAsync(Convert.FromHexString(RdpPeer.TlsChosen));
                await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = Certificate });
                await tls.ReadExactlyAsync(new byte[1]);
            }
            catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // Whoever knocked has seen enough.
            }
        }
    }
}
