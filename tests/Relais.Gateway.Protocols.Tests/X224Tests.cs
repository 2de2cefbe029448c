using Relais.Gateway.Protocols.Rdp;
using Xunit;

namespace Relais.Gateway.Protocols.Tests;

public sealed class X224Tests
{
    [Fact]
    public void A_real_request_gives_its_protocols_and_the_length_of_its_cookie()
    {
        Assert.True(X224Request.TryRead(Capture.Request, out var request));
        Assert.Equal(new X224Request(SecurityProtocols.Tls, 0, "Cookie: mstshash=rlsdesk\r\n".Length), request);
    }

    [Fact]
    public void The_cookie_does_not_reach_the_target()
    {
        Assert.True(X224Request.TryRead(Capture.Request, out var request));
        var sent = request.Write();
        Assert.Equal("030000130EE000000000000100080001000000", Convert.ToHexString(sent));
        Assert.True(X224Request.TryRead(sent, out var again));
        Assert.Equal(request with { Cookie = 0 }, again);
    }

    [Theory]
    [InlineData("0300000B06E00000000000", true)] // no negotiation at all
    [InlineData("0300000B05E00000000000", false)] // length indicator is not the frame's
    [InlineData("0300000C06E00000000000", false)]
    [InlineData("0300000B06D00000000000", false)] // a confirm
    [InlineData("030000130EE000000000000100080003000000", true)]
    [InlineData("030000130EE000000000000100090003000000", false)] // negotiation of nine bytes
    [InlineData("030000130EE000000000000200080003000000", false)] // a response where a request belongs
    [InlineData("030000130EE000000000000108080003000000", false)] // a correlation announced and absent
    [InlineData("030000140FE00000000000010008000300000000", false)]
    [InlineData("0300000D08E000000000004142", false)] // a cookie without its end
    [InlineData("", false)]
    public void A_request_is_read_or_refused(string hex, bool read) =>
        Assert.Equal(read, X224Request.TryRead(Convert.FromHexString(hex), out _));

    [Fact]
    public void A_correlation_id_is_understood_and_not_passed_on()
    {
        var hex = "0300003732E0000000000001080800030000000600" + "2400" + new string('0', 64);
        Assert.True(X224Request.TryRead(Convert.FromHexString(hex), out var request));
        Assert.Equal("030000130EE000000000000100080003000000", Convert.ToHexString(request.Write()));
    }

    [Fact]
    public void A_real_confirm_gives_what_the_target_chose()
    {
        Assert.True(X224Confirm.TryRead(Capture.Confirm, out var confirm));
        Assert.Equal(new X224Confirm(SecurityProtocols.Tls, null), confirm);
    }

    [Theory]
    [InlineData("0300000B06D00000123400", true, SecurityProtocols.Rdp, null)]
    [InlineData("030000130ED000001234000300080005000000", true, SecurityProtocols.Rdp, 5)] // HYBRID_REQUIRED_BY_SERVER
    [InlineData("030000130ED000001234000200080008000000", true, SecurityProtocols.HybridEx, null)]
    [InlineData("030000130ED000001234000100080001000000", false, SecurityProtocols.Rdp, null)]
    [InlineData("030000130ED0000012340002000800", false, SecurityProtocols.Rdp, null)]
    [InlineData("0300000B06E00000123400", false, SecurityProtocols.Rdp, null)]
    public void A_confirm_is_read_or_refused(string hex, bool read, SecurityProtocols selected, int? failure)
    {
        Assert.Equal(read, X224Confirm.TryRead(Convert.FromHexString(hex), out var confirm));
        if (read)
            Assert.Equal(new X224Confirm(selected, (uint?)failure), confirm);
    }
}
