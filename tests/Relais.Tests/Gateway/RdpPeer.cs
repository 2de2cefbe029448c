using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Tests.Gateway;

/// <summary>A target that speaks X.224 and TLS on a real socket, and anything wrong that a test wants.</summary>
internal sealed class RdpPeer : IAsyncDisposable
{
    public const string TlsChosen = "030000130ED000001234000200080001000000";

    public const string HybridChosen = "030000130ED000001234000200080002000000";

    public const string HybridExChosen = "030000130ED000001234000200080008000000";

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _served;

    private RdpPeer(Func<RdpPeer, Socket, Task> serve)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        Address = (IPEndPoint)_listener.LocalEndPoint!;
        _served = ServeAsync(serve);
    }

    public IPEndPoint Address { get; }

    public X509Certificate2 Certificate { get; } = SelfSigned();

    public byte[] Pin => SHA256.HashData(Certificate.RawData);

    /// <summary>Completes when the gateway has hung up, or this peer has.</summary>
    public Task Served => _served;

    public bool WasDialled { get; private set; }

    /// <summary>The X.224 request as it arrived.</summary>
    public byte[] Request { get; private set; } = [];

    /// <summary>Completes when the X.224 request has arrived.</summary>
    public TaskCompletionSource Asked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Reads the request, answers these bytes and goes on by hand.</summary>
    public static RdpPeer Answering(string confirm, Func<Socket, Task> then) => new(async (peer, socket) =>
    {
        await peer.ReadRequestAsync(socket);
        await socket.SendAsync(Convert.FromHexString(confirm));
        await then(socket);
    });

    /// <summary>A target in good order, given its plaintext.</summary>
    public static RdpPeer Tls(Func<SslStream, Task> serve) => Choosing(TlsChosen, serve);

    /// <summary>The same with another choice of security.</summary>
    public static RdpPeer Choosing(string confirm, Func<SslStream, Task> serve) => new(async (peer, socket) =>
    {
        await peer.ReadRequestAsync(socket);
        await socket.SendAsync(Convert.FromHexString(confirm));
        await using var tls = new SslStream(new NetworkStream(socket, ownsSocket: false));
        await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = peer.Certificate });
        await serve(tls);
    });

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _served;
        Certificate.Dispose();
    }

    private async Task ReadRequestAsync(Socket socket)
    {
        var buffer = new byte[300];
        var read = await socket.ReceiveAsync(buffer);
        Request = buffer[..read];
        Asked.SetResult();
    }

    private async Task ServeAsync(Func<RdpPeer, Socket, Task> serve)
    {
        try
        {
            using var socket = await _listener.AcceptAsync();
            WasDialled = true;
            await serve(this, socket);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or System.Security.Authentication.AuthenticationException)
        {
            // The gateway hung up, or nobody came.
        }
    }

    public static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=desk", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(200));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
