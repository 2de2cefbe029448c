namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// The interviews of a wave: listening, weights, and the design's strata and clusters. Clusters, or respondents where there are none, are independent
/// within a stratum and taken as drawn with replacement, so there is no finite population correction.
/// </summary>
public sealed class RadioSample
{
    private readonly double[] _weights;
    private readonly int[] _strata;
    private readonly int[] _clusters;
    private readonly int[] _sizes;

    /// <param name="listening">One entry a respondent.</param>
    /// <param name="weights">People that each respondent stands for; finite, and in the listening's order.</param>
    /// <param name="strata">Each respondent's stratum, numbered from 0 without a bound to keep; empty for one stratum.</param>
    /// <param name="clusters">
    /// Each respondent's primary sampling unit, such as the household or the commune, always meant within the stratum; empty when everybody is one.
    /// </param>
    /// <exception cref="ArgumentException">The lengths differ, or a weight is not a finite number, or a stratum is negative.</exception>
    public RadioSample(Listening listening, ReadOnlySpan<double> weights, ReadOnlySpan<int> strata = default, ReadOnlySpan<int> clusters = default)
    {
        if (weights.Length != listening.Respondents)
            throw new ArgumentException($"There are {listening.Respondents} respondents and {weights.Length} weights.", nameof(weights));
        if (!strata.IsEmpty && strata.Length != weights.Length)
            throw new ArgumentException($"There are {weights.Length} respondents and {strata.Length} strata.", nameof(strata));

        if (!clusters.IsEmpty && clusters.Length != weights.Length)
            throw new ArgumentException($"There are {weights.Length} respondents and {clusters.Length} clusters.", nameof(clusters));

        Listening = listening;
        _clusters = clusters.ToArray();
        _weights = weights.ToArray();
        _strata = strata.IsEmpty ? new int[weights.Length] : strata.ToArray();
        foreach (var weight in _weights)
        {
            if (!double.IsFinite(weight))
                throw new ArgumentException("A weight is not a finite number.", nameof(weights));
        }

        var most = 0;
        foreach (var stratum in _strata)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(stratum, nameof(strata));
            most = Math.Max(most, stratum);
        }

        _sizes = new int[most + 1];
        foreach (var stratum in _strata)
            _sizes[stratum]++;
    }

    public Listening Listening { get; }

    /// <summary>How many respondents there are.</summary>
    public int Respondents => _weights.Length;

    /// <summary>People that each respondent stands for.</summary>
    public ReadOnlySpan<double> Weights => _weights;

    /// <summary>Each respondent's stratum.</summary>
    public ReadOnlySpan<int> Strata => _strata;

    /// <summary>Each respondent's primary sampling unit within the stratum; empty when everybody is one.</summary>
    public ReadOnlySpan<int> Clusters => _clusters;

    /// <summary>How many respondents each stratum has; a number that nobody bears counts 0.</summary>
    public ReadOnlySpan<int> StratumSizes => _sizes;

    /// <summary>The weights' sum: the universe that the sample stands for.</summary>
    public double Universe => Weighted.Sum(_weights);

    /// <summary>
    /// The strata with a single cluster, or a single respondent where there are none. One says nothing about how they differ, so standard errors
    /// of whatever it is part of are not a number; merge the stratum with a neighbour first.
    /// </summary>
    public IEnumerable<int> LoneStrata
    {
        get
        {
            var units = _sizes;
            if (_clusters.Length > 0)
            {
                units = new int[_sizes.Length];
                foreach (var (stratum, _) in _strata.Zip(_clusters).Distinct())
                    units[stratum]++;
            }

            return Enumerable.Range(0, units.Length).Where(stratum => units[stratum] == 1);
        }
    }

    /// <summary>The same respondents with other weights, for instance those of a replicate or scaled to a known universe.</summary>
    public RadioSample Reweighted(ReadOnlySpan<double> weights) => new(Listening, weights, _strata, _clusters);
}
