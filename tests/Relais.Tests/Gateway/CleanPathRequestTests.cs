using Relais.Gateway.Protocols.Rdp;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

public sealed class CleanPathRequestTests
{
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(15);

    [Fact]
    public async Task A_request_that_comes_byte_by_byte_is_read()
    {
        using var browser = await Loopback.ConnectAsync();
        var reception = CleanPathRequest.ReceiveAsync(RelaySide.Of(browser.Near).Stream, default, default);
        foreach (var octet in Browser.RequestFor())
            await browser.Stream.WriteAsync(new[] { octet });
        var request = Assert.IsType<Reception.Received>(await reception).Request;
        Assert.Equal(("jeton", "bureau"), (request.Token, request.Destination));
    }

    [Fact]
    public async Task A_request_that_trickles_for_too_long_is_given_up()
    {
        using var browser = await Loopback.ConnectAsync();
        var clock = new ManualClock();
        using var limit = new CancellationTokenSource(Time, clock);
        var reception = CleanPathRequest.ReceiveAsync(RelaySide.Of(browser.Near).Stream, limit.Token, default);
        await browser.Stream.WriteAsync(Browser.RequestFor().AsMemory(0, 10));
        clock.Advance(Time);
        Assert.Equal(new Reception.Refused(HandshakeFailure.RequestTooSlow), await reception);
    }

    [Fact]
    public async Task A_request_longer_than_any_is_refused_by_its_header()
    {
        using var browser = await Loopback.ConnectAsync();
        var reception = CleanPathRequest.ReceiveAsync(RelaySide.Of(browser.Near).Stream, default, default);
        await browser.Stream.WriteAsync(new byte[] { 0x30, 0x84, 0x7F, 0xFF, 0xFF, 0xFF });
        Assert.Equal(new Reception.Refused(HandshakeFailure.RequestTooLong), await reception);
    }

    [Theory]
    [InlineData("474554202F20485454502F312E310D0A", nameof(HandshakeFailure.RequestMalformed))]
    [InlineData("3008A00402020D3E0500", nameof(HandshakeFailure.RequestMalformed))]
    [InlineData("3006A00402020D3E", nameof(HandshakeFailure.RequestMalformed))] // no X.224 request
    [InlineData("3016A00402020D3DA2030C0164A3030C0174A60404020300", nameof(HandshakeFailure.VersionUnsupported))]
    [InlineData("3016A00402020D3EA2030C0164A3030C0174A60404020300", nameof(HandshakeFailure.NegotiationMalformed))]
    [InlineData("", nameof(HandshakeFailure.BrowserLeft))]
    public async Task What_is_no_request_is_refused_by_name(string hex, string expected)
    {
        using var browser = await Loopback.ConnectAsync();
        await browser.Stream.WriteAsync(Convert.FromHexString(hex));
        browser.Far.Shutdown(System.Net.Sockets.SocketShutdown.Send);
        var reception = await CleanPathRequest.ReceiveAsync(RelaySide.Of(browser.Near).Stream, default, default);
        Assert.Equal(expected, Assert.IsType<Reception.Refused>(reception).Why.ToString());
    }

    [Fact]
    public async Task A_client_that_cannot_do_tls_is_refused()
    {
        using var browser = await Loopback.ConnectAsync();
        await browser.Stream.WriteAsync(Browser.RequestFor(protocols: SecurityProtocols.Rdp));
        var reception = await CleanPathRequest.ReceiveAsync(RelaySide.Of(browser.Near).Stream, default, default);
        Assert.Equal(new Reception.Refused(HandshakeFailure.NegotiationMalformed), reception);
    }

    [Fact]
    public async Task A_client_that_does_not_wait_for_its_answer_is_refused()
    {
        using var browser = await Loopback.ConnectAsync();
        await browser.Stream.WriteAsync((byte[])[.. Browser.RequestFor(), 0x03]);
        var reception = await CleanPathRequest.ReceiveAsync(RelaySide.Of(browser.Near).Stream, default, default);
        Assert.Equal(new Reception.Refused(HandshakeFailure.RequestMalformed), reception);
    }
}
