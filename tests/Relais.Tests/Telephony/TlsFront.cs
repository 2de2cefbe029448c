using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Relais.Tests.Telephony;

/// <summary>
/// Speaks TLS in front of an operator that speaks TCP, with a certificate of an authority of its own. It has one connection to the operator, whatever becomes of those before it:
/// SIPp ends when its connection does.
/// </summary>
internal sealed class TlsFront : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly List<TcpClient> _clients = [];
    private readonly X509Certificate2 _certificate;
    private readonly int _port;
    private readonly Task _accepting;
    private NetworkStream? _behind;
    private SslStream? _current;

    /// <param name="behind">The operator's TCP port.</param>
    /// <param name="name">An address, or a name, that the certificate is for.</param>
    public TlsFront(int behind, string name = "127.0.0.1")
    {
        _port = behind;
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=Autorité d'opérateur", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        using var authority = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(30));
        Authority = authority.ExportCertificatePem();

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var leaf = new CertificateRequest("CN=operator", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
            names.AddIpAddress(address);
        else
            names.AddDnsName(name);
        leaf.CertificateExtensions.Add(names.Build());
        using var signed = leaf.Create(authority, now.AddDays(-1), now.AddDays(20), [1, 2, 3]);
        using var whole = signed.CopyWithPrivateKey(key);
        _certificate = X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pfx), null);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>In PEM.</summary>
    public string Authority { get; }

    /// <summary>Handshakes that were finished.</summary>
    public int Opened { get; private set; }

    /// <summary>Cuts all connections without a word.</summary>
    public void Cut()
    {
        lock (_clients)
        {
            foreach (var client in _clients)
                client.Client?.Close(0);
            _clients.Clear();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        Cut();
        if (_behind is not null)
            await _behind.DisposeAsync();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _certificate.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            await CarryAsync(client);
        }
    }

    private async Task CarryAsync(TcpClient client)
    {
        lock (_clients)
            _clients.Add(client);
        var secure = new SslStream(client.GetStream());
        try
        {
            await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = _certificate }, _stop.Token);
            Opened++;
            _current = secure;
            if (_behind is null)
            {
                var behind = new TcpClient();
                await behind.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
                _behind = behind.GetStream();
                _ = PassAsync(_behind, () => _current);
            }

            _ = PassAsync(secure, () => _behind);
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException or OperationCanceledException or ObjectDisposedException)
        {
            // Refused: the certificate is not what they trust.
            await secure.DisposeAsync();
        }
    }

    private async Task PassAsync(Stream from, Func<Stream?> to)
    {
        var buffer = new byte[8192];
        try
        {
            int read;
            while ((read = await from.ReadAsync(buffer, _stop.Token)) > 0)
            {
                if (to() is { } stream)
                    await stream.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Cut.
        }
    }
}
