using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Relais.Gateway.Browser;
using Relais.Gateway.Contracts;
using Relais.Gateway.Relay;
using Relais.Gateway.Sites;
using Renci.SshNet;
using Renci.SshNet.Common;
using Renci.SshNet.Messages.Transport;
using Session = Relais.Gateway.Sessions.Session;

namespace Relais.Gateway.Consoles;

/// <summary>One terminal in a browser on one SSH target. SSH ends here: password and key stay in the gateway.</summary>
internal sealed class SshConnection(ServeConsole serve, DialTarget dial, IOptions<GatewayOptions> options, TimeProvider clock) : IBrowserConnection
{
    // Also finds out that a target vanished without a word.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    public Task RunAsync(WebSocket socket, HttpContext context, CancellationToken late) =>
        serve.RunAsync(socket, context, TargetProtocol.Ssh, EnterAsync, late);

    private async Task<Entry> EnterAsync(Session session, string secret, ConsoleHello hello, CancellationToken cancel)
    {
        SshBridge? bridge = null;
        SshClient? client = null;
        var keyChanged = false;
        try
        {
            bridge = session.Site is null ? null : SshBridge.Over(await dial.Through(session.Site)(session.EndPoint, cancel), clock);
            client = new SshClient(SshSignIn.Of(session.EndPoint, session.UserName, secret, options.Value.HandshakeTime, bridge)) { KeepAliveInterval = KeepAlive };
            client.HostKeyReceived += (_, shown) =>
            {
                shown.CanTrust = CryptographicOperations.FixedTimeEquals(SshSignIn.HashOf(shown), session.CertificateSha256);
                keyChanged = !shown.CanTrust;
            };
            await client.ConnectAsync(cancel);
            var console = await SshConsole.OpenAsync(client, bridge, hello.Columns, hello.Rows, cancel);
            (client, bridge) = (null, null);
            return new Entry.Entered(console);
        }
        catch (Exception e) when (e is SshException or SocketException or IOException or ObjectDisposedException or OperationCanceledException or InvalidOperationException)
        {
            return new Entry.Failed(keyChanged ? EntryFailure.KeyChanged : FailureOf(e), e.Message);
        }
        finally
        {
            client?.Dispose();
            if (bridge is not null)
                await bridge.DisposeAsync();
        }
    }

    private static EntryFailure FailureOf(Exception e) => e switch
    {
        SshAuthenticationException => EntryFailure.CredentialsRefused,
        // A key that cannot be read is a wrong credential too.
        SshPassPhraseNullOrEmptyException => EntryFailure.CredentialsRefused,
        SiteException site => EntryFailures.Of(site),
        SocketException => EntryFailure.Unreachable,
        SshOperationTimeoutException or OperationCanceledException => EntryFailure.TooSlow,
        SshConnectionException { DisconnectReason: DisconnectReason.TooManyConnections } => EntryFailure.TooManyAttempts,
        SshConnectionException { DisconnectReason: DisconnectReason.ProtocolVersionNotSupported or DisconnectReason.KeyExchangeFailed } => EntryFailure.NotSpoken,
        SshConnectionException or ObjectDisposedException or IOException => EntryFailure.Lost,
        _ => EntryFailure.NotSpoken,
    };
}
