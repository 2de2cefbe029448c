using System.Net;
using System.Net.Sockets;
using Relais.Gateway.Consoles;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Relais.Gateway.Contracts;

/// <summary>Finds the host key of an SSH target, to be pinned in <see cref="SessionTarget.CertificateSha256"/>.</summary>
public static class HostKeys
{
    /// <summary>
    /// Asks for the key that sessions will be shown, and signs in with nothing. Whoever answers at the address is believed: a person compares
    /// the result with what <c>ssh-keygen -l</c> says on the target.
    /// </summary>
    /// <returns>SHA-256 of the key as SSH encodes it; null when nobody there speaks SSH.</returns>
    public static Task<byte[]?> ReadAsync(IPEndPoint address, TimeSpan time, CancellationToken cancel) => ReadAsync(address, null, time, cancel);

    internal static async Task<byte[]?> ReadAsync(IPEndPoint address, SshBridge? bridge, TimeSpan time, CancellationToken cancel)
    {
        byte[]? hash = null;
        using var client = new SshClient(SshSignIn.Of(address, "relais", "", time, bridge));
        client.HostKeyReceived += (_, shown) =>
        {
            hash = SshSignIn.HashOf(shown);
            shown.CanTrust = false;
        };
        try
        {
            await client.ConnectAsync(cancel);
        }
        catch (Exception e) when (e is SshException or SocketException or IOException or ObjectDisposedException)
        {
            // Refusing the key ends the connection, which is all that was wanted.
        }

        return hash;
    }
}
