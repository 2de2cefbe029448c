using System.Net;
using Relais.Gateway.Agent;

namespace Relais.Tests.Gateway.Sites;

public sealed class AgentRules
{
    [Theory]
    [InlineData("10.9.8.7:3389", true)]
    [InlineData("172.31.0.9:22", true)]
    [InlineData("192.168.1.4:5901", true)]
    [InlineData("[fd12::5]:3389", true)]
    [InlineData("[::ffff:10.9.8.7]:3389", true)]
    [InlineData("10.9.8.7:443", false)]
    [InlineData("172.32.0.1:22", false)]
    [InlineData("8.8.8.8:22", false)]
    [InlineData("127.0.0.1:22", false)]
    [InlineData("[::1]:22", false)]
    [InlineData("[::ffff:127.0.0.1]:22", false)]
    [InlineData("169.254.169.254:22", false)]
    [InlineData("[fd00:ec2::254]:22", false)]
    [InlineData("[fe80::1]:22", false)]
    [InlineData("0.0.0.0:22", false)]
    public void Without_rules_an_agent_goes_to_private_networks_and_the_ports_of_remote_screens(string end, bool goes) =>
        Assert.Equal(goes, AgentPolicy.Default.Allows(IPEndPoint.Parse(end)));

    [Theory]
    [InlineData("0.0.0.0/0:1-65535", "127.0.0.1:22", false)]
    [InlineData("0.0.0.0/0:1-65535", "169.254.169.254:80", false)]
    [InlineData("0.0.0.0/0:1-65535", "203.0.113.9:80", true)]
    [InlineData("::/0", "[::1]:22", false)]
    [InlineData("127.0.0.0/8:22", "127.0.0.1:22", true)]
    [InlineData("127.0.0.1/32:22", "127.0.0.2:22", false)]
    [InlineData("[::1/128]:22", "[::1]:22", true)]
    [InlineData("[fd00:1::/32]:22,80-81", "[fd00:1::9]:81", true)]
    [InlineData("[fd00:1::/32]:22,80-81", "[fd00:1::9]:82", false)]
    [InlineData("10.1.0.7/32", "10.1.0.7:3389", true)]
    [InlineData("10.1.0.7/32", "10.1.0.8:3389", false)]
    public void A_rule_opens_what_it_names_and_a_large_one_nothing_particular(string rule, string end, bool goes) =>
        Assert.Equal(goes, AgentPolicy.Parse([rule])?.Allows(IPEndPoint.Parse(end)));

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.1/8")]
    [InlineData("10.0.0.0/8:")]
    [InlineData("10.0.0.0/8:0")]
    [InlineData("10.0.0.0/8:65536")]
    [InlineData("10.0.0.0/8:90-80")]
    [InlineData("10.0.0.0/8:1-2-3")]
    [InlineData("10.0.0.0/8:22,")]
    [InlineData("10.0.0.0/8:+22")]
    [InlineData("bureau")]
    public void What_is_no_rule_is_refused_at_the_start(string text) => Assert.Null(AgentPolicy.Parse(["10.0.0.0/8", text]));
}
