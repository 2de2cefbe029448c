using Relais.Audience.Numerics.Variance;

namespace Relais.Audience.Numerics.Tests.Variance;

public sealed class SurveyDesignTests
{
    // Strata 0 (three clusters) and 7 (one cluster).
    private static readonly double[] Weights = [2, 2, 2, 3];
    private static readonly int[] Strata = [0, 0, 0, 7];
    private static readonly double[] Values = [1, 2, 6, 4];

    [Fact]
    public void A_stratum_of_one_cluster_is_refused_by_its_name() =>
        Assert.Equal(7, Assert.Throws<LonelyStratumException>(() => new SurveyDesign(Weights, Strata)).Stratum);

    // The first stratum: sums 2, 4 and 12, squared distances from their mean 16 + 4 + 36, by 3/2: 84. The other's sum is 12.
    [Theory]
    [InlineData(LonelyStrata.Certainty, 84)]
    [InlineData(LonelyStrata.Adjust, 84 + 144)]
    [InlineData(LonelyStrata.Average, 2 * 84)]
    public void A_stratum_of_one_cluster_counts_as_asked(LonelyStrata lonely, double variance) =>
        Assert.Equal(variance, new SurveyDesign(Weights, Strata, lonely: lonely).VarianceOf(Values), 1e-9);

    [Fact]
    public void The_same_cluster_name_in_two_strata_means_two_clusters() =>
        Assert.Equal((4, 2, 2), Counts(new SurveyDesign([1, 1, 1, 1], [0, 0, 1, 1], [5, 6, 5, 6])));

    [Fact]
    public void A_population_as_large_as_the_sample_leaves_no_variance() =>
        Assert.Equal(0, new SurveyDesign([1, 1, 1], populations: [3, 3, 3]).VarianceOf([1, 5, 7]));

    [Fact]
    public void Sampling_fractions_are_taken_for_population_sizes() =>
        Assert.Equal(
            new SurveyDesign([1, 1, 1], populations: [6, 6, 6]).VarianceOf([1, 5, 7]),
            new SurveyDesign([1, 1, 1], populations: [0.5, 0.5, 0.5]).VarianceOf([1, 5, 7]));

    private static (int, int, int) Counts(SurveyDesign design) => (design.Clusters, design.Strata, design.DegreesOfFreedom);
}
