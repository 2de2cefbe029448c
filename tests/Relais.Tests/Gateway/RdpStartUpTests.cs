using System.Text;
using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

public sealed class RdpStartUpTests
{
    private static readonly RdpConnectPlan Plan = new(ChannelPolicy.DisplayOnly, new RdpCredentials("bureau", "secret-du-bureau"), 0x040C);
    private static readonly RelayLimits Limits = new(TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(15), RelayLimits.RdpDrain);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    public async Task Through_tls_the_target_sees_its_own_account_and_then_every_byte(int size)
    {
        var seen = new TaskCompletionSource<byte[]>();
        await using var peer = RdpPeer.Tls(async tls =>
        {
            await tls.WriteAsync("hello"u8.ToArray());
            using var all = new MemoryStream();
            await tls.CopyToAsync(all);
            seen.SetResult(all.ToArray());
        });
        using var browser = await Loopback.ConnectAsync();
        await using var target = Assert.IsType<Handshake.Connected>(await Browser.ConnectAsync(browser, new RdpTarget(peer.Address, peer.Pin))).Target;
        await Browser.ReadPduAsync(browser.Stream);
        var counters = new RelayCounters();
        var startUp = new RdpStartUp(Plan);
        var relay = new ByteRelay(RelaySide.Of(browser.Near), target.Side, counters, Limits, TimeProvider.System).RunAsync(startUp, default);

        byte[] sent = [.. Browser.StartUp(), .. "afterwards"u8];
        for (var at = 0; at < sent.Length; at += size)
            await browser.Stream.WriteAsync(sent.AsMemory(at, Math.Min(size, sent.Length - at)));
        var hello = new byte[5];
        await browser.Stream.ReadExactlyAsync(hello);
        browser.Far.Shutdown(System.Net.Sockets.SocketShutdown.Send);

        Assert.Equal(RelayEnd.BrowserLeft, await relay);
        var arrived = await seen.Task;
        Assert.Equal("hello", Encoding.ASCII.GetString(hello));
        Assert.EndsWith("afterwards", Encoding.Latin1.GetString(arrived), StringComparison.Ordinal);
        Assert.DoesNotContain("cliprdr", Encoding.Latin1.GetString(arrived), StringComparison.Ordinal);
        Assert.True(arrived.AsSpan().IndexOf(Encoding.Unicode.GetBytes("secret-du-bureau")) > 0);
        Assert.True(arrived.AsSpan().IndexOf(Encoding.Unicode.GetBytes("Mot-de-passe-7")) < 0);
        Assert.Equal((sent.Length, 5L), (counters.FromBrowser, counters.ToBrowser));
    }

    [Fact]
    public async Task A_browser_that_dawdles_over_its_start_up_is_cut()
    {
        using var browser = await Loopback.ConnectAsync();
        using var target = await Loopback.ConnectAsync();
        var clock = new ManualClock();
        var relay = new ByteRelay(RelaySide.Of(browser.Near), RelaySide.Of(target.Near), new RelayCounters(), Limits, clock)
            .RunAsync(new RdpStartUp(Plan), default);
        await browser.Stream.WriteAsync(Browser.StartUp().AsMemory(0, 500));
        await target.Stream.ReadExactlyAsync(new byte[0x1D3]);
        clock.Advance(Limits.StartUp);
        Assert.Equal(RelayEnd.BrowserTooSlow, await relay);
    }

    [Fact]
    public async Task A_browser_that_sends_something_else_is_cut_and_the_target_sees_nothing()
    {
        using var browser = await Loopback.ConnectAsync();
        using var target = await Loopback.ConnectAsync();
        var startUp = new RdpStartUp(Plan);
        var relay = new ByteRelay(RelaySide.Of(browser.Near), RelaySide.Of(target.Near), new RelayCounters(), Limits, TimeProvider.System)
            .RunAsync(startUp, default);
        await browser.Stream.WriteAsync("SSH-2.0-x\r\n"u8.ToArray());
        Assert.Equal(RelayEnd.BrowserBrokeProtocol, await relay);
        Assert.Equal(RdpConnectFault.NotAFrame, startUp.Fault);
        Assert.Equal(0, await target.Stream.ReadAsync(new byte[1]));
    }
}
