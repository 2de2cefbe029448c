namespace Relais.Audience.Numerics.Radio;

/// <summary>Sums over targets alone, shared by all bands.</summary>
internal sealed class TargetSums
{
    private readonly double[] _byStratum;
    private readonly double[] _byCluster;

    public TargetSums(SampleOrder order)
    {
        var targets = order.TargetCount;
        var strata = order.StratumStart.Length - 1;
        _byStratum = new double[strata * targets];
        Weight = new double[targets];
        Square = new double[targets];
        Variance = new double[targets];
        _byCluster = order.IsClustered ? new double[(order.ClusterStart.Length - 1) * targets] : [];
        for (var stratum = 0; stratum < strata; stratum++)
        {
            var (scale, inflate) = Factors(order, stratum);
            var here = _byStratum.AsSpan(stratum * targets, targets);
            for (var place = order.StratumStart[stratum]; !order.IsClustered && place < order.StratumStart[stratum + 1]; place++)
            {
                var weight = order.Sample.Weights[order.Respondents[place]];
                foreach (var target in order.TargetsAt(place))
                {
                    here[target] += weight;
                    Square[target] += inflate * weight * weight;
                }
            }

            for (var cluster = order.FirstUnit(stratum); order.IsClustered && cluster < order.FirstUnit(stratum) + order.Units(stratum); cluster++)
                AddCluster(order, cluster, inflate, here);

            for (var target = 0; target < targets; target++)
            {
                if (here[target] == 0)
                    continue;
                Weight[target] += here[target];
                Variance[target] -= scale * here[target] * here[target];
            }
        }

        for (var target = 0; target < targets; target++)
            Variance[target] += Square[target];
    }

    /// <summary>Each target's weights, summed.</summary>
    public double[] Weight { get; }

    /// <summary>Sum of n/(n-1) w^2, the scale that a variance is compared with.</summary>
    public double[] Square { get; }

    /// <summary>The variance of <see cref="Weight"/>.</summary>
    public double[] Variance { get; }

    public ReadOnlySpan<double> OfStratum(int stratum) => _byStratum.AsSpan(stratum * Weight.Length, Weight.Length);

    public ReadOnlySpan<double> OfCluster(int cluster) => _byCluster.AsSpan(cluster * Weight.Length, Weight.Length);

    /// <summary>
    /// The variance of a total within a stratum of n units is n/(n-1) sum (z - mean z)^2 = n/(n-1) sum z^2 - 1/(n-1) (sum z)^2.
    /// A stratum of one makes it infinity less infinity: not a number, as it should be.
    /// </summary>
    public static (double Scale, double Inflate) Factors(SampleOrder order, int stratum)
    {
        double size = order.Units(stratum);
        return (1 / (size - 1), size / (size - 1));
    }

    private void AddCluster(SampleOrder order, int cluster, double inflate, Span<double> stratum)
    {
        var here = _byCluster.AsSpan(cluster * Weight.Length, Weight.Length);
        var (from, to) = order.Places(cluster);
        for (var place = from; place < to; place++)
        {
            foreach (var target in order.TargetsAt(place))
                here[target] += order.Sample.Weights[order.Respondents[place]];
        }

        for (var target = 0; target < here.Length; target++)
        {
            stratum[target] += here[target];
            Square[target] += inflate * here[target] * here[target];
        }
    }
}
