using System.Net.Security;
using System.Security.Authentication;
using Relais.Gateway.Contracts;
using Relais.Gateway.Protocols.Rdp;

namespace Relais.Gateway.Native;

/// <summary>
/// Ends the RDP security of a native client here, so that the gateway sees, as it does for a browser, which channels are asked for and
/// puts in the desktop's account. The client sees the server's own certificate, as the one of its desktop.
/// </summary>
internal static class ClientTls
{
    private const byte TlsRequired = 1;

    /// <summary>Reads the client's X.224 request: exactly its bytes, because what follows is read by another.</summary>
    /// <returns>Null when it is none.</returns>
    public static async Task<X224Request?> ReadRequestAsync(Stream client, CancellationToken cancel)
    {
        var frame = new byte[X224Request.MaxLength];
        await client.ReadExactlyAsync(frame.AsMemory(0, Tpkt.HeaderLength), cancel);
        var length = (frame[2] << 8) | frame[3];
        if (frame[0] != Tpkt.Version || length <= Tpkt.HeaderLength || length > frame.Length)
            return null;
        await client.ReadExactlyAsync(frame.AsMemory(Tpkt.HeaderLength, length - Tpkt.HeaderLength), cancel);
        return X224Request.TryRead(frame.AsSpan(0, length), out var request) ? request : null;
    }

    /// <summary>Answers with the target's confirm, which chose TLS, and does TLS as a target does.</summary>
    /// <returns>Null when the client cannot do TLS.</returns>
    public static async Task<SslStream?> AcceptAsync(
        Stream client, X224Request request, ReadOnlyMemory<byte> confirm, ServerCertificate certificate, CancellationToken cancel)
    {
        if (!request.Protocols.HasFlag(SecurityProtocols.Tls))
        {
            // [MS-RDPBCGR] 2.2.1.2.2, SSL_REQUIRED_BY_SERVER.
            byte[] refusal = [3, 0, 0, 19, 14, 0xD0, 0, 0, 0, 0, 0, 3, 0, 8, 0, TlsRequired, 0, 0, 0];
            await client.WriteAsync(refusal, cancel);
            return null;
        }

        await client.WriteAsync(confirm, cancel);
        var tls = new SslStream(client, leaveInnerStreamOpen: true);
        try
        {
            await tls.AuthenticateAsServerAsync(
                new SslServerAuthenticationOptions
                {
                    ServerCertificateContext = certificate.Context,
                    EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
                },
                cancel);
            return tls;
        }
        catch
        {
            await tls.DisposeAsync();
            throw;
        }
    }
}
