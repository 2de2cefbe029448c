using System.Net.Security;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Relay;

/// <summary>A target reached over TLS, before its first RDP byte.</summary>
internal sealed class TargetConnection(
    TargetLink link, SslStream tls, ReadOnlyMemory<byte> confirm, SecurityProtocols? signedIn, IReadOnlyList<ReadOnlyMemory<byte>> certificates,
    byte[] certificateSha256)
    : IAsyncDisposable
{
    public RelaySide Side { get; } = RelaySide.Of(tls, link.Side.Socket);

    /// <summary>The X.224 confirm for the browser: as the target sent it, or with TLS alone when the gateway did the rest.</summary>
    public ReadOnlyMemory<byte> Confirm { get; } =
        signedIn is null ? confirm : X224Confirm.Select(confirm.Span, SecurityProtocols.Tls);

    /// <summary>What the target selected, when the gateway signed in and the browser was told TLS; otherwise null.</summary>
    public SecurityProtocols? SignedIn { get; } = signedIn;

    /// <summary>DER, leaf first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; } = certificates;

    /// <summary>For the caller to pin when it had no pin.</summary>
    public byte[] CertificateSha256 { get; } = certificateSha256;

    public async ValueTask DisposeAsync()
    {
        await tls.DisposeAsync();
        await link.DisposeAsync();
    }
}
