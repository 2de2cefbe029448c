using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>One attempt to reach a target.</summary>
internal sealed class TargetDial(RdpTarget target, X224Request negotiation)
{
    private readonly X224Request _offer = target.SignIn is null ? negotiation : WithSignIn;
    private readonly List<ReadOnlyMemory<byte>> _certificates = [];
    private byte[] _fingerprint = [];
    private byte[] _subjectPublicKey = [];
    private SecurityProtocols _selected;
    private Phase _phase = Phase.Dial;

    private enum Phase
    {
        Dial,
        Negotiate,
        Secure,
        SignIn,
    }

    // Without the browser's flags: restricted admin would make the target expect no password.
    private static X224Request WithSignIn => new(SecurityProtocols.Tls | SecurityProtocols.Hybrid | SecurityProtocols.HybridEx, 0, 0);

    /// <summary>Why <see cref="ConnectAsync"/> gave null.</summary>
    public HandshakeFailure Failure { get; private set; }

    /// <summary>The target's X.224 answer, once there is one.</summary>
    public ReadOnlyMemory<byte>? Confirm { get; private set; }

    /// <summary>Dials, negotiates, secures and, where the target demands it, signs in.</summary>
    /// <returns>Null when the target answered and the answer will not do. What breaks on the way is thrown: see <see cref="Blame"/>.</returns>
    public async Task<TargetConnection?> ConnectAsync(CancellationToken cancel)
    {
        TargetLink? link = null;
        SslStream? tls = null;
        try
        {
            link = await target.Reach(target.Address, cancel);
            _phase = Phase.Negotiate;
            if (!await NegotiateAsync(link.Stream, cancel))
                return null;

            _phase = Phase.Secure;
            tls = new SslStream(link.Stream, leaveInnerStreamOpen: true);
            await tls.AuthenticateAsClientAsync(TlsOptions(), cancel);
            if (target.SignIn is { } account && !await SignInAsync(tls, account, cancel))
                return null;
            var connection = new TargetConnection(
                link, tls, Confirm.GetValueOrDefault(), target.SignIn is null ? null : _selected, _certificates, _fingerprint);
            (link, tls) = (null, null);
            return connection;
        }
        finally
        {
            if (tls is not null)
                await tls.DisposeAsync();
            if (link is not null)
                await link.DisposeAsync();
        }
    }

    /// <summary>What an exception of <see cref="ConnectAsync"/> means.</summary>
    public HandshakeFailure Blame(Exception e) => (_phase, e) switch
    {
        (Phase.Dial, SiteException { Fault: SiteFault.Away }) => HandshakeFailure.SiteAway,
        (Phase.Dial, SiteException) => HandshakeFailure.SiteRefused,
        (Phase.Dial, SocketException { SocketErrorCode: SocketError.ConnectionRefused }) => HandshakeFailure.TargetRefused,
        (Phase.Dial, SocketException { SocketErrorCode: SocketError.TimedOut }) => HandshakeFailure.TargetTooSlow,
        (Phase.Dial, _) => HandshakeFailure.TargetUnreachable,
        (Phase.Secure, _) when PinBroken => HandshakeFailure.CertificateChanged,
        (Phase.Secure, AuthenticationException) => HandshakeFailure.TlsFailed,
        _ => HandshakeFailure.TargetLost,
    };

    private bool PinBroken =>
        target.CertificateSha256 is { } pin && _fingerprint.Length > 0 && !CryptographicOperations.FixedTimeEquals(pin, _fingerprint);

    private async Task<bool> NegotiateAsync(Stream plain, CancellationToken cancel)
    {
        await plain.WriteAsync(_offer.Write(), cancel);
        var frame = new byte[X224Confirm.MaxLength];
        // Exactly the frame and no byte more: TLS follows at once.
        await plain.ReadExactlyAsync(frame.AsMemory(0, Tpkt.HeaderLength), cancel);
        var length = (frame[2] << 8) | frame[3];
        Failure = HandshakeFailure.ConfirmMalformed;
        if (frame[0] != Tpkt.Version || length <= Tpkt.HeaderLength || length > frame.Length)
            return false;
        await plain.ReadExactlyAsync(frame.AsMemory(Tpkt.HeaderLength, length - Tpkt.HeaderLength), cancel);
        if (!X224Confirm.TryRead(frame.AsSpan(0, length), out var confirm))
            return false;

        Confirm = frame.AsMemory(0, length);
        _selected = confirm.Selected;
        Failure = confirm.Failure is null ? HandshakeFailure.SecurityTooWeak : HandshakeFailure.NegotiationRefused;
        return confirm.Failure is null && RdCleanPathHandshake.Accepts(_offer.Protocols, _selected)
            && (target.SignIn is null || _selected != SecurityProtocols.Tls);
    }

    private async Task<bool> SignInAsync(SslStream tls, RdpCredentials account, CancellationToken cancel)
    {
        _phase = Phase.SignIn;
        var signIn = new CredSspSignIn(tls, _subjectPublicKey, $"TERMSRV/{target.Address.Address}", account);
        if (await signIn.RunAsync(_selected == SecurityProtocols.HybridEx, cancel) is not { } failure)
            return true;
        Failure = failure;
        return false;
    }

    private SslClientAuthenticationOptions TlsOptions() => new()
    {
        TargetHost = "",
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
        // A resumed session would not show the certificate that is to be compared.
        AllowTlsResume = false,
        CertificateChainPolicy = new X509ChainPolicy
        {
            // The pin decides, not a chain; and a target's certificate must not make the gateway fetch addresses that it names.
            DisableCertificateDownloads = true,
            RevocationMode = X509RevocationMode.NoCheck,
            TrustMode = X509ChainTrustMode.CustomRootTrust,
        },
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Inspect(certificate, chain),
    };

    private bool Inspect(X509Certificate? certificate, X509Chain? chain)
    {
        if (certificate is null)
            return false;
        var leaf = certificate.GetRawCertData();
        _fingerprint = SHA256.HashData(leaf);
        _subjectPublicKey = certificate.GetPublicKey();
        _certificates.Add(leaf);
        foreach (var above in chain?.ChainPolicy.ExtraStore ?? [])
        {
            if (_certificates.Count < 8 && !above.RawDataMemory.Span.SequenceEqual(leaf))
                _certificates.Add(above.RawData);
        }

        return !PinBroken;
    }
}
