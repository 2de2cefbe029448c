namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// The respondents stratum by stratum, with the targets of each: what every pass over a sample needs. Passes add in this order whatever the number
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

    public ReadOnlySpan<int> TargetsAt(int place) => _targets.AsSpan(_firstTarget[place].._firstTarget[place + 1]);
}
