using System.Net;
using System.Net.Sockets;
using Relais.Gateway.Protocols.CleanPath;
using Relais.Gateway.Relay;

namespace Relais.Tests.Gateway;

public sealed class RdCleanPathHandshakeTests
{
    [Fact]
    public async Task The_browser_gets_the_targets_confirm_and_certificate_and_never_its_address()
    {
        await using var peer = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        using var browser = await Loopback.ConnectAsync();
        var made = await Browser.ConnectAsync(browser, new RdpTarget(peer.Address, peer.Pin));
        await using var target = Assert.IsType<Handshake.Connected>(made).Target;
        var answer = await Browser.ReadPduAsync(browser.Stream);
        Assert.Equal(RdpPeer.TlsChosen, Convert.ToHexString(answer.X224!.Value.Span));
        Assert.Equal(peer.Certificate.RawData, answer.Certificates![0].ToArray());
        Assert.True(IPEndPoint.TryParse(answer.ServerAddress!, out var shown));
        Assert.NotEqual(peer.Address.Port, shown!.Port);
        Assert.Equal("030000130EE000000000000100080001000000", Convert.ToHexString(peer.Request));
    }

    [Fact]
    public async Task Without_a_pin_the_first_certificate_is_trusted_and_reported()
    {
        await using var peer = RdpPeer.Tls(async tls => await tls.CopyToAsync(Stream.Null));
        using var browser = await Loopback.ConnectAsync();
        var made = await Browser.ConnectAsync(browser, new RdpTarget(peer.Address, null));
        await using var target = Assert.IsType<Handshake.Connected>(made).Target;
        Assert.Equal(peer.Pin, target.CertificateSha256);
    }

    [Fact]
    public async Task A_changed_certificate_is_refused_and_no_rdp_byte_is_sent()
    {
        var received = new List<byte>();
        await using var peer = RdpPeer.Tls(async tls =>
        {
            var buffer = new byte[100];
            for (int read; (read = await tls.ReadAsync(buffer)) > 0;)
                received.AddRange(buffer[..read]);
        });
        using var browser = await Loopback.ConnectAsync();
        var pin = peer.Pin;
        pin[31] ^= 1;
        await ShouldFailAsync(browser, new RdpTarget(peer.Address, pin), HandshakeFailure.CertificateChanged, CleanPathError.Tls(42));
        Assert.Empty(received);
    }

    [Fact]
    public async Task An_empty_pin_matches_nothing()
    {
        await using var peer = RdpPeer.Tls(_ => Task.CompletedTask);
        using var browser = await Loopback.ConnectAsync();
        await ShouldFailAsync(browser, new RdpTarget(peer.Address, []), HandshakeFailure.CertificateChanged, CleanPathError.Tls(42));
    }

    [Fact]
    public async Task A_closed_port_is_told_as_a_refused_connection()
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using var browser = await Loopback.ConnectAsync();
        await ShouldFailAsync(
            browser, new RdpTarget((IPEndPoint)unused.LocalEndPoint!, null), HandshakeFailure.TargetRefused, CleanPathError.Winsock(10061));
    }

    [Fact]
    public async Task A_target_that_resets_after_the_request_is_lost()
    {
        await using var peer = RdpPeer.Answering("", socket =>
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
            return Task.CompletedTask;
        });
        using var browser = await Loopback.ConnectAsync();
        await ShouldFailAsync(browser, new RdpTarget(peer.Address, null), HandshakeFailure.TargetLost, CleanPathError.Winsock(10054));
    }

    [Fact]
    public async Task A_target_that_resets_within_tls_is_lost()
    {
        await using var peer = RdpPeer.Answering(RdpPeer.TlsChosen, async socket =>
        {
            await socket.ReceiveAsync(new byte[100]);
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
            socket.Close();
        });
        using var browser = await Loopback.ConnectAsync();
        await ShouldFailAsync(browser, new RdpTarget(peer.Address, null), HandshakeFailure.TargetLost, CleanPathError.Winsock(10054));
    }

    [Fact]
    public async Task A_target_that_speaks_no_tls_is_told_apart()
    {
        await using var peer = RdpPeer.Answering(RdpPeer.TlsChosen, async socket =>
        {
            await socket.ReceiveAsync(new byte[1000]);
            await socket.SendAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
            await socket.ReceiveAsync(new byte[1000]);
        });
        using var browser = await Loopback.ConnectAsync();
        await ShouldFailAsync(browser, new RdpTarget(peer.Address, null), HandshakeFailure.TlsFailed, CleanPathError.Tls(40));
    }

    [Fact]
    public async Task A_silent_target_is_given_up_in_time()
    {
        await using var peer = RdpPeer.Answering("", async socket => await socket.ReceiveAsync(new byte[1]));
        using var browser = await Loopback.ConnectAsync();
        var clock = new ManualClock();
        var connecting = Browser.ConnectAsync(browser, new RdpTarget(peer.Address, null), clock);
        await peer.Asked.Task;
        clock.Advance(Browser.Patience);
        Assert.Equal(new Handshake.Failed(HandshakeFailure.TargetTooSlow), await connecting);
        Assert.Equal(CleanPathError.Winsock(10060), (await Browser.ReadPduAsync(browser.Stream)).Error);
    }

    [Fact]
    public async Task A_targets_refusal_reaches_the_browser_as_it_was_said()
    {
        const string HybridRequired = "030000130ED000001234000300080005000000";
        await using var peer = RdpPeer.Answering(HybridRequired, _ => Task.CompletedTask);
        using var browser = await Loopback.ConnectAsync();
        var made = await Browser.ConnectAsync(browser, new RdpTarget(peer.Address, null));
        Assert.Equal(new Handshake.Failed(HandshakeFailure.NegotiationRefused), made);
        var answer = await Browser.ReadPduAsync(browser.Stream);
        Assert.Equal(CleanPathError.Negotiation, answer.Error?.Code);
        Assert.Equal(HybridRequired, Convert.ToHexString(answer.X224!.Value.Span));
    }

    [Theory]
    [InlineData("0300000B06D00000123400")] // RDP's own security
    [InlineData("030000130ED000001234000200080002000000")] // CredSSP, which was not offered
    [InlineData("030000130ED000001234000200080010000000")]
    public async Task Weaker_or_other_security_than_offered_is_refused(string confirm)
    {
        await using var peer = RdpPeer.Answering(confirm, _ => Task.CompletedTask);
        using var browser = await Loopback.ConnectAsync();
        await ShouldFailAsync(browser, new RdpTarget(peer.Address, null), HandshakeFailure.SecurityTooWeak, CleanPathError.Tls(71));
    }

    [Theory]
    [InlineData("03000003")]
    [InlineData("0300FFFF")]
    [InlineData("5353482D322E302D")] // SSH
    [InlineData("030000130ED000001234000900080001000000")]
    public async Task A_target_that_speaks_another_protocol_is_refused(string confirm)
    {
        await using var peer = RdpPeer.Answering(confirm, _ => Task.CompletedTask);
        using var browser = await Loopback.ConnectAsync();
        await ShouldFailAsync(browser, new RdpTarget(peer.Address, null), HandshakeFailure.ConfirmMalformed, CleanPathError.Http(502));
    }

    [Fact]
    public async Task Another_destination_than_the_granted_one_is_refused_without_dialling()
    {
        await using var peer = RdpPeer.Tls(_ => Task.CompletedTask);
        using var browser = await Loopback.ConnectAsync();
        await ShouldFailAsync(
            browser, new RdpTarget(peer.Address, null, "autre"), HandshakeFailure.DestinationRefused, CleanPathError.Http(403));
        Assert.False(peer.WasDialled);
    }

    private static async Task ShouldFailAsync(Loopback browser, RdpTarget target, HandshakeFailure why, CleanPathError told)
    {
        Assert.Equal(new Handshake.Failed(why), await Browser.ConnectAsync(browser, target));
        Assert.Equal(told, (await Browser.ReadPduAsync(browser.Stream)).Error);
    }
}
