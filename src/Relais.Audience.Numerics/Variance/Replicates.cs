namespace Relais.Audience.Numerics.Variance;

/// <summary>
/// Replicate weights, an independent check of linearised standard errors and the way to those of any function of the weights. A replicate is
/// a factor for each primary unit.
/// </summary>
public sealed class Replicates
{
    private readonly SurveyDesign _design;
    private readonly Action<int, double[]> _fill;
    private readonly Func<int, double> _scale;

    private Replicates(SurveyDesign design, int count, Action<int, double[]> fill, Func<int, double> scale) =>
        (_design, Count, _fill, _scale) = (design, count, fill, scale);

    /// <summary>How many there are.</summary>
    public int Count { get; }

    /// <summary>
    /// Rescaled bootstrap (Rao and Wu 1988): in each stratum of n clusters, n - 1 are drawn with replacement. The same seed gives the same
    /// replicates everywhere.
    /// </summary>
    /// <param name="design">With at least two clusters in each stratum; a lonely one keeps its weight.</param>
    /// <param name="count">Some hundreds: the Monte Carlo error of a standard error is about 1 / sqrt(2 count) of it.</param>
    /// <param name="seed">Any number.</param>
    public static Replicates Bootstrap(SurveyDesign design, int count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        var members = Members(design);
        return new Replicates(design, count, (replicate, factors) =>
        {
            // A stream of its own for each replicate, so that any of them can be made alone. Mixed, because streams that begin at
            // neighbouring states are one another's, a step later.
            var random = new SplitMix64(SplitMix64.Mix(seed + SplitMix64.Mix((ulong)replicate + 1)));
            for (var h = 0; h < members.Length; h++)
            {
                var n = members[h].Length;
                if (n == 1)
                {
                    factors[members[h][0]] = 1;
                    continue;
                }

                var shrink = Math.Sqrt(1 - design.SampledShares[h]);
                foreach (var cluster in members[h])
                    factors[cluster] = 1 - shrink;
                for (var draw = 0; draw < n - 1; draw++)
                    factors[members[h][random.Below(n)]] += shrink * n / (n - 1);
            }
        }, _ => 1.0 / count);
    }

    /// <summary>Jackknife: each cluster is left out once, and the others of its stratum stand for it.</summary>
    public static Replicates Jackknife(SurveyDesign design)
    {
        var clusters = Enumerable.Range(0, design.Clusters).Where(c => design.Sizes[design.StratumOf[c]] > 1).ToArray();
        return new Replicates(
            design, clusters.Length,
            (replicate, factors) =>
            {
                var (left, stratum) = (clusters[replicate], design.StratumOf[clusters[replicate]]);
                var n = (double)design.Sizes[stratum];
                for (var c = 0; c < factors.Length; c++)
                    factors[c] = design.StratumOf[c] == stratum ? n / (n - 1) : 1;
                factors[left] = 0;
            },
            replicate =>
            {
                var stratum = design.StratumOf[clusters[replicate]];
                var n = (double)design.Sizes[stratum];
                return (1 - design.SampledShares[stratum]) * (n - 1) / n;
            });
    }

    /// <summary>The weights of one replicate.</summary>
    /// <param name="replicate">From 0.</param>
    /// <param name="weights">The weights to multiply: the design's final ones, or those before a calibration that is done again on each replicate.</param>
    public double[] Weights(int replicate, double[] weights)
    {
        var factors = new double[_design.Clusters];
        _fill(replicate, factors);
        var replicated = new double[weights.Length];
        for (var i = 0; i < weights.Length; i++)
            replicated[i] = weights[i] * factors[_design.ClusterOf[i]];
        return replicated;
    }

    /// <summary>An estimate and its standard error over the replicates, about the estimate of the whole sample.</summary>
    /// <param name="quantity">A function of the weights, smooth for the jackknife.</param>
    /// <param name="weights">The weights to multiply; null for the design's.</param>
    public Estimate Of(Func<double[], double> quantity, double[]? weights = null)
    {
        weights ??= _design.Weights;
        var (whole, variance) = (quantity(weights), 0.0);
        for (var replicate = 0; replicate < Count; replicate++)
        {
            var distance = quantity(Weights(replicate, weights)) - whole;
            variance += _scale(replicate) * distance * distance;
        }

        return new Estimate(whole, Math.Sqrt(variance));
    }

    private static int[][] Members(SurveyDesign design)
    {
        var (members, filled) = (design.Sizes.Select(n => new int[n]).ToArray(), new int[design.Strata]);
        for (var c = 0; c < design.Clusters; c++)
        {
            var h = design.StratumOf[c];
            members[h][filled[h]++] = c;
        }

        return members;
    }

    /// <summary>Steele, Lea and Flood 2014: a few lines, the same on every platform and version.</summary>
    private struct SplitMix64(ulong state)
    {
        private ulong _state = state;

        // The product's upper half: biased by less than 2^-32 for any number of clusters.
        public int Below(int n) => (int)(((Next() >> 32) * (ulong)n) >> 32);

        public static ulong Mix(ulong z)
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
            return z ^ (z >> 31);
        }

        private ulong Next() => Mix(_state += 0x9E3779B97F4A7C15UL);
    }
}
