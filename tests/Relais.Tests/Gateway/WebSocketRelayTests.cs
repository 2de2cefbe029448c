using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

/// <summary>The relay behind a real Kestrel, with a real WebSocket client.</summary>
public sealed class WebSocketRelayTests : IAsyncLifetime
{
    private static readonly RelayLimits Limits = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(15), RelayLimits.RdpDrain);

    private readonly TaskCompletionSource<RelayEnd> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _stop = new();
    private readonly ClientWebSocket _browser = new();
    private Loopback _target = null!;
    private WebApplication _server = null!;

    public async ValueTask InitializeAsync()
    {
        _target = await Loopback.ConnectAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _server = builder.Build();
        _server.UseWebSockets();
        _server.MapFallback(async context =>
        {
            using var socket = await context.WebSockets.AcceptWebSocketAsync();
            var side = RelaySide.Of(socket, end => ((WebSocketCloseStatus)4000 + (int)end, end.ToString()));
            var relay = new ByteRelay(side, RelaySide.Of(_target.Near), new RelayCounters(), Limits, TimeProvider.System);
            var plan = new RdpConnectPlan(ChannelPolicy.DisplayOnly, new RdpCredentials("bureau", "secret"), 0x040C);
            _ended.SetResult(await relay.RunAsync(context.Request.Path == "/start-up" ? new RdpStartUp(plan) : null, _stop.Token));
        });
        await _server.StartAsync();
    }

    private Task ConnectAsync(string path) =>
        _browser.ConnectAsync(new Uri(_server.Urls.First().Replace("http", "ws", StringComparison.Ordinal) + path), default);

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _target.Dispose();
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    [Fact]
    public async Task Messages_become_bytes_and_bytes_messages()
    {
        await ConnectAsync("/rdp");
        await _browser.SendAsync("ab"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, default);
        await _browser.SendAsync("cd"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: false, default);
        await _browser.SendAsync("ef"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, default);
        var up = new byte[6];
        await _target.Stream.ReadExactlyAsync(up);
        Assert.Equal("abcdef", Encoding.ASCII.GetString(up));

        await _target.Stream.WriteAsync("picture"u8.ToArray());
        var down = new byte[100];
        var message = await _browser.ReceiveAsync(down, default);
        Assert.Equal((WebSocketMessageType.Binary, "picture"), (message.MessageType, Encoding.ASCII.GetString(down, 0, message.Count)));
    }

    [Fact]
    public async Task A_stopped_relay_tells_the_page_why()
    {
        await ConnectAsync("/rdp");
        await _stop.CancelAsync();
        var message = await _browser.ReceiveAsync(new byte[10], default);
        Assert.Equal(WebSocketMessageType.Close, message.MessageType);
        Assert.Equal((WebSocketCloseStatus)4000 + (int)RelayEnd.Stopped, message.CloseStatus);
        Assert.Equal("Stopped", message.CloseStatusDescription);
        await _browser.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(RelayEnd.Stopped, await _ended.Task);
    }

    [Fact]
    public async Task What_a_page_sends_after_it_was_stopped_reaches_nobody()
    {
        await ConnectAsync("/rdp");
        await _stop.CancelAsync();
        Assert.Equal(WebSocketMessageType.Close, (await _browser.ReceiveAsync(new byte[10], default)).MessageType);
        await _browser.SendAsync("late"u8.ToArray(), WebSocketMessageType.Binary, endOfMessage: true, default);
        await _browser.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(RelayEnd.Stopped, await _ended.Task);
        Assert.Equal(0, await _target.Stream.ReadAsync(new byte[10]));
    }

    [Fact]
    public async Task A_page_that_does_not_answer_its_goodbye_is_cut_all_the_same()
    {
        await ConnectAsync("/rdp");
        await _stop.CancelAsync();
        Assert.Equal(RelayEnd.Stopped, await _ended.Task);
    }

    [Fact]
    public async Task A_target_that_leaves_closes_the_page_in_good_order()
    {
        await ConnectAsync("/rdp");
        await _target.Stream.WriteAsync("bye"u8.ToArray());
        _target.Far.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        Assert.Equal(3, (await _browser.ReceiveAsync(new byte[10], default)).Count);
        var message = await _browser.ReceiveAsync(new byte[10], default);
        Assert.Equal("TargetLeft", message.CloseStatusDescription);
        await _browser.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(RelayEnd.TargetLeft, await _ended.Task);
    }

    [Fact]
    public async Task A_page_that_closes_is_answered_and_the_target_sees_the_end()
    {
        await ConnectAsync("/rdp");
        await _browser.CloseAsync(WebSocketCloseStatus.NormalClosure, null, default);
        Assert.Equal(RelayEnd.BrowserLeft, await _ended.Task);
        Assert.Equal(0, await _target.Stream.ReadAsync(new byte[1]));
        Assert.Equal("BrowserLeft", _browser.CloseStatusDescription);
    }

    [Fact]
    public async Task A_page_that_vanishes_is_lost_and_did_not_leave()
    {
        await ConnectAsync("/rdp");
        _browser.Abort();
        Assert.Equal(RelayEnd.BrowserLost, await _ended.Task);
    }

    [Fact]
    public async Task What_follows_the_end_of_the_start_up_is_a_message_of_its_own()
    {
        await ConnectAsync("/start-up");
        var control = Convert.FromHexString("0300002802F08068000503EB701A1A001700EE03EA03010000011A0014001A0004000000EA030000");
        var fontMap = Convert.FromHexString("0300002802F08068000503EB701A1A001700EE03EA03010000011A0028001A000000000003000400");
        await _target.Stream.WriteAsync((byte[])[.. control, .. fontMap, .. "picture"u8]);

        Assert.Equal(control, await MessageAsync());
        Assert.Equal(fontMap, await MessageAsync());
        Assert.Equal("picture"u8.ToArray(), await MessageAsync());
    }

    private async Task<byte[]> MessageAsync()
    {
        var buffer = new byte[1000];
        var received = await _browser.ReceiveAsync(buffer, default);
        Assert.True(received.EndOfMessage);
        return buffer[..received.Count];
    }
}
