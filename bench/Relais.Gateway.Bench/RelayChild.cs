using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Gateway.Relay;
using Relais.Host.Tls;

namespace Relais.Gateway.Bench;

/// <summary>The gateway's relay as a process, with nothing before or behind it.</summary>
internal static class RelayChild
{
    public const string Verb = "relay";

    /// <summary>Set to 1, packets are handed to the pool as the runtime does by default.</summary>
    public const string PoolVariable = "RELAIS_BENCH_POOL";

    // As it was before: each packet handed to the pool, by Kestrel twice.
    private static readonly bool Pool = Environment.GetEnvironmentVariable(PoolVariable) is "1";

    private static readonly RelayLimits Limits = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(15), RelayLimits.RdpDrain);

    /// <param name="args">Kind, port, target's port, file with certificate and key.</param>
    public static Task RunAsync(IReadOnlyList<string> args)
    {
        var (kind, port, target) = (Enum.Parse<Kind>(args[0]), int.Parse(args[1], CultureInfo.InvariantCulture), int.Parse(args[2], CultureInfo.InvariantCulture));
        var certificate = kind is Kind.Tls or Kind.SecureWebSocket ? X509Certificate2.CreateFromPemFile(args[3]) : null;
        return kind is Kind.Tcp or Kind.Tls ? TcpAsync(port, target, certificate) : WebSocketAsync(port, target, certificate);
    }

    private static async Task TcpAsync(int port, int target, X509Certificate2? certificate)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start(backlog: 1024);
        // Once for all connections, as Kestrel does: with it goes what OpenSSL keeps for a certificate.
        var shown = certificate is null ? null : SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
        while (true)
            _ = AcceptedAsync(await listener.AcceptSocketAsync(), target, shown);
    }

    private static async Task WebSocketAsync(int port, int target, X509Certificate2? certificate)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = !Pool);
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen =>
        {
            if (certificate is null)
                return;
            listen.UseHttps(certificate);
            listen.UseWholeRecords();
        }));
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Map("/", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var side = RelaySide.Of(socket, end => (WebSocketCloseStatus.NormalClosure, end.ToString()));
            await RelayAsync(side with { Socket = InlineSockets.Of(context) }, target);
        });
        await app.RunAsync();
    }

    private static async Task AcceptedAsync(Socket accepted, int target, SslStreamCertificateContext? shown)
    {
        using (accepted)
        {
            accepted.NoDelay = true;
            if (shown is null)
            {
                await RelayAsync(RelaySide.Of(accepted), target);
                return;
            }

            await using var tls = new SslStream(new NetworkStream(accepted, ownsSocket: false));
            try
            {
                await tls.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificateContext = shown });
                await RelayAsync(RelaySide.Of(tls, accepted), target);
            }
            catch (IOException)
            {
                // It began a handshake and left.
            }
        }
    }

    private static async Task RelayAsync(RelaySide browser, int target)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, target);
        if (Pool)
            browser = browser with { Socket = null };
        await new ByteRelay(browser, RelaySide.Of(socket), new RelayCounters(), Limits, TimeProvider.System).RunAsync(null, CancellationToken.None);
    }
}
