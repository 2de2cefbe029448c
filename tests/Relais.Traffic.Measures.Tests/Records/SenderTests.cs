using System.Net;
using System.Text;
using Relais.Traffic.Measures.Records;

namespace Relais.Traffic.Measures.Tests.Records;

public sealed class SenderTests
{
    private static readonly byte[] Salt = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36", false, DeviceKind.Desktop)]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Safari/604.1", false, DeviceKind.Mobile)]
    [InlineData("Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", false, DeviceKind.Mobile)]
    [InlineData("Mozilla/5.0 (Linux; Android 14; SM-X710) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", false, DeviceKind.Tablet)]
    [InlineData("Mozilla/5.0 (SMART-TV; LINUX; Tizen 8.0) AppleWebKit/537.36 Safari/537.36", false, DeviceKind.Television)]
    [InlineData("Sonos/83.1 (ZP)", false, DeviceKind.Speaker)]
    [InlineData("VLC/3.0.20 LibVLC/3.0.20", false, DeviceKind.Unknown)]
    [InlineData("Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", true, DeviceKind.Unknown)]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) HeadlessChrome/140.0", true, DeviceKind.Desktop)]
    [InlineData("curl/8.5.0", true, DeviceKind.Unknown)]
    [InlineData("", true, DeviceKind.Unknown)]
    public void A_user_agent_says_robot_and_device(string agent, bool robot, DeviceKind device)
    {
        var bytes = Encoding.UTF8.GetBytes(agent);
        Assert.Equal((robot, device), (UserAgents.IsRobot(bytes), UserAgents.DeviceOf(bytes)));
    }

    [Fact]
    public void A_visitor_is_the_same_all_day_on_one_site_and_nowhere_else()
    {
        var key = VisitorKeys.OfDay(Salt, 1, IPAddress.Parse("192.0.2.17"), "Firefox"u8);
        Assert.Equal(key, VisitorKeys.OfDay(Salt, 1, IPAddress.Parse("192.0.2.17"), "Firefox"u8));
        Assert.NotEqual(key, VisitorKeys.OfDay(Salt, 2, IPAddress.Parse("192.0.2.17"), "Firefox"u8));
        Assert.NotEqual(key, VisitorKeys.OfDay(Salt, 1, IPAddress.Parse("192.0.2.17"), "Safari"u8));
        Assert.NotEqual(key, VisitorKeys.OfDay(Salt, 1, IPAddress.Parse("192.0.3.17"), "Firefox"u8));
        Assert.NotEqual(key, VisitorKeys.OfDay([.. Salt.Reverse()], 1, IPAddress.Parse("192.0.2.17"), "Firefox"u8));
    }

    [Theory]
    [InlineData("192.0.2.17", "192.0.2.254")]
    [InlineData("192.0.2.17", "::ffff:192.0.2.99")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:ffff:1:2:3:4")]
    public void Addresses_of_one_network_are_one(string one, string other) =>
        Assert.Equal(VisitorKeys.OfDay(Salt, 1, IPAddress.Parse(one), "x"u8), VisitorKeys.OfDay(Salt, 1, IPAddress.Parse(other), "x"u8));

    [Fact]
    public void An_identifier_that_is_kept_makes_one_visitor_of_its_site()
    {
        var key = VisitorKeys.OfIdentifier(Salt, 1, "moi"u8);
        Assert.Equal(key, VisitorKeys.OfIdentifier(Salt, 1, "moi"u8));
        Assert.NotEqual(key, VisitorKeys.OfIdentifier(Salt, 2, "moi"u8));
        Assert.NotEqual(0UL, key);
    }
}
