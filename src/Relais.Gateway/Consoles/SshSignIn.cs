using System.Security.Cryptography;
using System.Text;
using Renci.SshNet;
using Renci.SshNet.Common;

namespace Relais.Gateway.Consoles;

/// <summary>How the gateway signs in to an SSH target: account, secret, and the host key that it must show.</summary>
internal static class SshSignIn
{
    private const string PrivateKeyMark = "-----BEGIN ";

    /// <summary>One preference for enrolment and connections, so that a host with several keys always shows the same one.</summary>
    private static readonly string[] HostKeys = ["ssh-ed25519", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "rsa-sha2-512", "rsa-sha2-256"];

    /// <param name="secret">A password, or a private key in PEM or OpenSSH's format, without a passphrase.</param>
    /// <param name="bridge">How the address is reached; null for a connection of the library's own.</param>
    /// <exception cref="SshException">The private key is none.</exception>
    public static ConnectionInfo Of(System.Net.IPEndPoint address, string userName, string secret, TimeSpan time, SshBridge? bridge = null)
    {
        var (host, methods) = (address.Address.ToString(), Methods(userName, secret));
        var connection = bridge is null
            ? new ConnectionInfo(host, address.Port, userName, methods) { Timeout = time }
            : new ConnectionInfo(
                host, address.Port, userName, ProxyTypes.Http, bridge.Address.Address.ToString(), bridge.Address.Port, SshBridge.UserName, bridge.Password, methods)
            {
                Timeout = time,
            };
        var known = connection.HostKeyAlgorithms.ToDictionary(StringComparer.Ordinal);
        connection.HostKeyAlgorithms.Clear();
        foreach (var name in HostKeys.Where(known.ContainsKey))
            connection.HostKeyAlgorithms.Add(name, known[name]);
        return connection;
    }

    /// <summary>Hash of a host key as SSH encodes it: what <c>ssh-keygen -l</c> shows as SHA256, in bytes.</summary>
    public static byte[] HashOf(HostKeyEventArgs shown) => SHA256.HashData(shown.HostKey);

    private static AuthenticationMethod[] Methods(string userName, string secret)
    {
        if (secret.StartsWith(PrivateKeyMark, StringComparison.Ordinal))
        {
            using var pem = new MemoryStream(Encoding.ASCII.GetBytes(secret));
            return [new PrivateKeyAuthenticationMethod(userName, new PrivateKeyFile(pem))];
        }

        // Many servers ask for the password through PAM's conversation. Only what is not to be seen is answered with it.
        var conversation = new KeyboardInteractiveAuthenticationMethod(userName);
        conversation.AuthenticationPrompt += (_, asked) =>
        {
            foreach (var prompt in asked.Prompts.Where(p => !p.IsEchoed))
                prompt.Response = secret;
        };
        return [new PasswordAuthenticationMethod(userName, secret), conversation];
    }
}
