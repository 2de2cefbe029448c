using System.Net;
using Relais.Traffic.Collector;

namespace Relais.Tests.Traffic;

/// <summary>What one network may send, whatever others do.</summary>
public sealed class NetworkLimitTests
{
    [Fact]
    public void Neighbouring_networks_have_a_limit_each()
    {
        var limit = new NetworkLimit(1);
        // A few of so many share a place by chance, as is said.
        Assert.InRange(Enumerable.Range(0, 250).Count(third => limit.Allows(IPAddress.Parse($"198.18.{third}.7"), 1, 1)), 235, 250);
        Assert.False(limit.Allows(IPAddress.Parse("198.18.0.9"), 1, 1));
        Assert.True(limit.Allows(IPAddress.Parse("198.18.0.9"), 2, 1));
    }
}
