using System.Net.Security;
using System.Net.Sockets;

namespace Relais.Gateway.Relay;

/// <summary>A target reached over TLS, before its first RDP byte.</summary>
internal sealed class TargetConnection(
    Socket socket, SslStream tls, ReadOnlyMemory<byte> confirm, IReadOnlyList<ReadOnlyMemory<byte>> certificates, byte[] certificateSha256)
    : IAsyncDisposable
{
    public RelaySide Side { get; } = RelaySide.Of(tls);

    /// <summary>The X.224 confirm as the target sent it.</summary>
    public ReadOnlyMemory<byte> Confirm { get; } = confirm;

    /// <summary>DER, leaf first.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Certificates { get; } = certificates;

    /// <summary>For the caller to pin when it had no pin.</summary>
    public byte[] CertificateSha256 { get; } = certificateSha256;

    public async ValueTask DisposeAsync()
    {
        await tls.DisposeAsync();
        socket.Dispose();
    }
}
