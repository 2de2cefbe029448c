using System.Net;
using Relais.Telephony.Bench.Impaired;

namespace Relais.Telephony.Protocols.Tests.Impaired;

/// <summary>The bad network of measurements does what it says, or they would say nothing.</summary>
public sealed class BadNetworkTests
{
    private const string Sdp =
        "v=0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\na=candidate:1 1 udp 2122260223 10.0.0.7 50123 typ host generation 0\r\na=candidate:2 1 tcp 1518280447 10.0.0.7 9 typ host tcptype active\r\n"
        + "a=candidate:3 1 udp 2122194687 fd00::7 50124 typ host\r\na=ice-ufrag:abcd\r\na=end-of-candidates\r\na=mid:0\r\n";

    [Theory]
    [InlineData(1, 20, false)]
    [InlineData(2, 20, true)]
    [InlineData(3, 40, true)]
    [InlineData(0, 10, true)]
    public void A_stream_behind_it_has_the_loss_and_the_jitter_that_were_asked(double loss, double jitter, bool reorders)
    {
        var network = new BadNetwork(loss, jitter, reorders);
        Assert.InRange(new Impairment(network, 7).JitterOf(20_000), jitter * 0.93, jitter * 1.07);
        var passed = Passed(network, 7, 20_000);
        Assert.InRange(100.0 * passed.Count(at => at is null) / passed.Count, loss * 0.85, (loss * 1.15) + 0.001);
    }

    [Fact]
    public void The_same_seed_does_the_same_and_another_one_something_else()
    {
        var network = new BadNetwork(2, 20, Reorders: true);
        Assert.Equal(Passed(network, 3, 500), Passed(network, 3, 500));
        Assert.NotEqual(Passed(network, 3, 500), Passed(network, 4, 500));
    }

    [Fact]
    public void Packets_overtake_one_another_only_where_they_may_and_none_is_faster_than_the_way()
    {
        foreach (var reorders in (bool[])[false, true])
        {
            var all = Passed(new BadNetwork(0, 20, reorders), 5, 2000).Select((at, i) => (At: at ?? default, Sent: TimeSpan.FromMilliseconds(20 * i))).ToList();
            Assert.All(all, p => Assert.True(p.At - p.Sent >= TimeSpan.FromMilliseconds(20)));
            Assert.Equal(reorders, all.Zip(all.Skip(1)).Any(two => two.Second.At < two.First.At));
        }

        Assert.All(Passed(new BadNetwork(0, 0, Reorders: false), 5, 100).Select((at, i) => (at, i)), p => Assert.Equal(TimeSpan.FromMilliseconds(20 + (20 * p.i)), p.at));
    }

    [Fact]
    public void A_description_names_the_proxy_alone_and_keeps_all_else()
    {
        Assert.Equal([new IPEndPoint(IPAddress.Parse("10.0.0.7"), 50123)], IceCandidates.Of(Sdp));
        var proxy = new IPEndPoint(IPAddress.Loopback, 4000);
        var changed = IceCandidates.Replace(Sdp, proxy);
        Assert.Equal([proxy], IceCandidates.Of(changed));
        Assert.DoesNotContain("10.0.0.7", changed, StringComparison.Ordinal);
        Assert.Contains("a=ice-ufrag:abcd\r\na=mid:0\r\na=candidate:", changed, StringComparison.Ordinal);
        Assert.Equal(changed, IceCandidates.Replace(changed, proxy));
        Assert.Empty(IceCandidates.Of("v=0\r\na=candidate:x\r\na=candidate:1 1 udp 1 nowhere 99999 typ host\r\n"));
    }

    private static List<TimeSpan?> Passed(BadNetwork network, int seed, int packets)
    {
        var impairment = new Impairment(network, seed);
        return [.. Enumerable.Range(0, packets).Select(i => impairment.Pass(TimeSpan.FromMilliseconds(20 * i)))];
    }
}
