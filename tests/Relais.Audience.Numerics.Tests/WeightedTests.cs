namespace Relais.Audience.Numerics.Tests;

public sealed class WeightedTests
{
    [Fact]
    public void A_small_weight_is_not_lost_between_two_large_ones() =>
        Assert.Equal(2.0, Weighted.Sum([1.0, 1e100, 1.0, -1e100]));
}
