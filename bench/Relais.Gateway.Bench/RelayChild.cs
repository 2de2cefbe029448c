using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Gateway.Relay;

namespace Relais.Gateway.Bench;

/// <summary>The gateway's relay as a process, with nothing before or behind it.</summary>
internal static class RelayChild
{
    private static readonly RelayLimits Limits = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(15), RelayLimits.RdpDrain);

    public static async Task TcpAsync(int port, int target)
    {
        using var listener = new TcpListener(IPAddress.Loopback, port);
        listener.Start();
        while (true)
            _ = RelayAsync(await listener.AcceptSocketAsync(), target);
    }

    public static async Task WebSocketAsync(int port, int target)
    {
        var builder = WebApplication.CreateSlimBuilder();
        // Inline sockets alone do not help Kestrel, which hands each read and write to the pool once more.
        var inline = Environment.GetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS") is "1";
        builder.WebHost.UseSockets(sockets => sockets.UnsafePreferInlineScheduling = inline);
        builder.WebHost.UseUrls($"http://127.0.0.1:{port}");
        builder.Logging.ClearProviders();
        await using var app = builder.Build();
        app.UseWebSockets();
        app.Map("/", async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            await RelayAsync(RelaySide.Of(socket, end => (WebSocketCloseStatus.NormalClosure, end.ToString())), target);
        });
        await app.RunAsync();
    }

    private static async Task RelayAsync(Socket accepted, int target)
    {
        using (accepted)
        {
            accepted.NoDelay = true;
            await RelayAsync(RelaySide.Of(accepted), target);
        }
    }

    private static async Task RelayAsync(RelaySide browser, int target)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, target);
        await new ByteRelay(browser, RelaySide.Of(socket), new RelayCounters(), Limits, TimeProvider.System).RunAsync(null, CancellationToken.None);
    }
}
