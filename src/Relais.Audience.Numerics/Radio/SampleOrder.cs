namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// The respondents stratum by stratum, and cluster by cluster within, with the targets of each: what every pass over a sample needs. Passes add in this order whatever the number
/// of threads, so a table comes out the same to the last bit.
/// </summary>
internal sealed class SampleOrder
{
    private readonly int[] _firstTarget;
    private readonly int[] _targets;

    public SampleOrder(RadioSample sample, IReadOnlyList<Target> targets)
    {
        Sample = sample;
        TargetCount = targets.Count;
        Interviews = new int[targets.Count];
        var strata = sample.Strata;
        StratumStart = new int[sample.StratumSizes.Length + 1];
        for (var stratum = 0; stratum < sample.StratumSizes.Length; stratum++)
            StratumStart[stratum + 1] = StratumStart[stratum] + sample.StratumSizes[stratum];

        Respondents = new int[sample.Respondents];
        var next = StratumStart.AsSpan(0, sample.StratumSizes.Length).ToArray();
        for (var i = 0; i < strata.Length; i++)
            Respondents[next[strata[i]]++] = i;
        if (!sample.Clusters.IsEmpty)
            (ClusterStart, FirstCluster) = ByCluster(sample.Clusters);

        foreach (var target in targets)
        {
            if (target.Mask.Respondents != sample.Respondents)
                throw new ArgumentException($"Target '{target.Name}' is of another sample: {target.Mask.Respondents} respondents.", nameof(targets));
        }

        _firstTarget = new int[sample.Respondents + 1];
        var members = new List<int>(sample.Respondents * Math.Min(4, targets.Count));
        for (var place = 0; place < Respondents.Length; place++)
        {
            for (var target = 0; target < targets.Count; target++)
            {
                if (!targets[target].Mask[Respondents[place]])
                    continue;
                members.Add(target);
                Interviews[target]++;
            }

            _firstTarget[place + 1] = members.Count;
        }

        _targets = [.. members];
    }

    public RadioSample Sample { get; }

    public int TargetCount { get; }

    /// <summary>How many respondents each target has.</summary>
    public int[] Interviews { get; }

    /// <summary>The respondents by place in this order.</summary>
    public int[] Respondents { get; }

    /// <summary>Where each stratum starts, and at the end where the last one ends.</summary>
    public int[] StratumStart { get; }

    /// <summary>Whether respondents were drawn in clusters; if not, everybody is a unit of their own and there are no <see cref="ClusterStart"/>.</summary>
    public bool IsClustered => ClusterStart.Length > 0;

    /// <summary>The place at which each cluster starts, and at the end where the last one ends.</summary>
    public int[] ClusterStart { get; } = [];

    /// <summary>The first cluster of each stratum, and at the end how many there are.</summary>
    public int[] FirstCluster { get; } = [];

    /// <summary>How many units a stratum has that were drawn independently: clusters, or respondents.</summary>
    public int Units(int stratum) => IsClustered ? FirstCluster[stratum + 1] - FirstCluster[stratum] : StratumStart[stratum + 1] - StratumStart[stratum];

    /// <summary>The first unit of a stratum.</summary>
    public int FirstUnit(int stratum) => IsClustered ? FirstCluster[stratum] : StratumStart[stratum];

    /// <summary>The places of a unit's respondents.</summary>
    public (int From, int To) Places(int unit) => IsClustered ? (ClusterStart[unit], ClusterStart[unit + 1]) : (unit, unit + 1);

    public ReadOnlySpan<int> TargetsAt(int place) => _targets.AsSpan(_firstTarget[place].._firstTarget[place + 1]);

    private (int[] Start, int[] First) ByCluster(ReadOnlySpan<int> clusters)
    {
        var (starts, first) = (new List<int>(), new int[StratumStart.Length]);
        for (var stratum = 0; stratum < StratumStart.Length - 1; stratum++)
        {
            var here = Respondents.AsSpan(StratumStart[stratum]..StratumStart[stratum + 1]);
            // By cluster, and within it in the sample's order.
            var keys = new (int Cluster, int Respondent)[here.Length];
            for (var i = 0; i < keys.Length; i++)
                keys[i] = (clusters[here[i]], here[i]);
            keys.AsSpan().Sort(here);
            first[stratum] = starts.Count;
            for (var i = 0; i < keys.Length; i++)
            {
                if (i == 0 || keys[i].Cluster != keys[i - 1].Cluster)
                    starts.Add(StratumStart[stratum] + i);
            }
        }

        first[^1] = starts.Count;
        starts.Add(Respondents.Length);
        return ([.. starts], first);
    }
}
