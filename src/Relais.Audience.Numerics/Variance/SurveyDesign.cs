namespace Relais.Audience.Numerics.Variance;

/// <summary>What to do with a stratum of one cluster, which says nothing of its own variance.</summary>
public enum LonelyStrata
{
    /// <summary>Refuse: strata should be joined by somebody who knows them.</summary>
    Refuse,

    /// <summary>It was taken for certain and adds no variance.</summary>
    Certainty,

    /// <summary>Its distance from the mean of all clusters, 0 for a centred quantity, stands for its variance: too large rather than too small.</summary>
    Adjust,

    /// <summary>It adds as much as the others do on average.</summary>
    Average,
}

/// <summary>
/// How respondents were drawn: the first stage of a stratified, clustered sample, with replacement or with finite population correction.
/// </summary>
public sealed class SurveyDesign
{
    private readonly int[] _clusterOf;
    private readonly int[] _stratumOf;
    private readonly int[] _sizes;
    private readonly double[] _fractions;
    private readonly LonelyStrata _lonely;

    /// <param name="weights">The final weights, one a respondent; kept, not copied.</param>
    /// <param name="strata">For each respondent a number from 0 up that names the stratum; null for one stratum.</param>
    /// <param name="clusters">The same for the primary sampling unit, which is always meant within its stratum; null when everybody is one.</param>
    /// <param name="populations">
    /// For each respondent how many primary units their stratum has in the population, or, when no value is above 1, which share of them is in
    /// the sample; null for sampling with replacement.
    /// </param>
    /// <param name="lonely">What to do with a stratum of one cluster.</param>
    /// <exception cref="ArgumentException">Lengths disagree, a stratum has two population sizes, or fewer units in the population than in the sample.</exception>
    /// <exception cref="LonelyStratumException">A stratum has one cluster and that is to be refused.</exception>
    public SurveyDesign(double[] weights, int[]? strata = null, int[]? clusters = null, double[]? populations = null, LonelyStrata lonely = LonelyStrata.Refuse)
    {
        if ((strata ?? clusters ?? []) is { Length: > 0 } some && some.Length != weights.Length)
            throw new ArgumentException("every respondent needs a stratum and a cluster", nameof(strata));
        (Weights, _lonely) = (weights, lonely);
        (_clusterOf, _stratumOf) = Numbered(weights.Length, strata, clusters);
        _sizes = new int[_stratumOf.Length == 0 ? 0 : _stratumOf.Max() + 1];
        foreach (var stratum in _stratumOf)
            _sizes[stratum]++;
        _fractions = Fractions(populations);
        if (lonely == LonelyStrata.Refuse && FirstLonely() is >= 0 and var alone)
            throw new LonelyStratumException(strata is null ? 0 : strata[Array.FindIndex(_clusterOf, c => _stratumOf[c] == alone)]);
    }

    /// <summary>The final weights.</summary>
    public double[] Weights { get; }

    /// <summary>How many respondents.</summary>
    public int Respondents => Weights.Length;

    /// <summary>How many primary sampling units.</summary>
    public int Clusters => _stratumOf.Length;

    /// <summary>How many strata.</summary>
    public int Strata => _sizes.Length;

    /// <summary>Degrees of freedom of a variance: clusters less strata.</summary>
    public int DegreesOfFreedom => Clusters - Strata;

    /// <summary>For each respondent their primary unit, from 0 up.</summary>
    internal int[] ClusterOf => _clusterOf;

    /// <summary>For each primary unit its stratum, from 0 up.</summary>
    internal int[] StratumOf => _stratumOf;

    /// <summary>For each stratum its primary units.</summary>
    internal int[] Sizes => _sizes;

    /// <summary>For each stratum the share of its primary units that is in the sample; 0 with replacement.</summary>
    internal double[] SampledShares => _fractions;

    /// <summary>
    /// Variance of the sum of weight times u, where u is the linearised quantity of each respondent (or its residual):
    /// sum over strata of (1 - f) n/(n-1) times the squared distances of the clusters' sums from their mean.
    /// </summary>
    public double VarianceOf(ReadOnlySpan<double> u)
    {
        if (u.Length != Respondents)
            throw new ArgumentException("every respondent needs a value", nameof(u));
        var sums = new double[Clusters];
        for (var i = 0; i < u.Length; i++)
            sums[_clusterOf[i]] += Weights[i] * u[i];
        var means = new double[Strata];
        for (var c = 0; c < sums.Length; c++)
            means[_stratumOf[c]] += sums[c];
        for (var h = 0; h < means.Length; h++)
            means[h] = _sizes[h] > 1 || _lonely != LonelyStrata.Adjust ? means[h] / _sizes[h] : 0;
        var squares = new double[Strata];
        for (var c = 0; c < sums.Length; c++)
        {
            var distance = sums[c] - means[_stratumOf[c]];
            squares[_stratumOf[c]] += distance * distance;
        }

        var (variance, counted) = (0.0, 0);
        for (var h = 0; h < squares.Length; h++)
        {
            if (_sizes[h] == 1 && _lonely == LonelyStrata.Average)
                continue;
            counted++;
            var n = (double)_sizes[h];
            variance += squares[h] * (1 - _fractions[h]) * (n > 1 ? n / (n - 1) : 1);
        }

        return counted == 0 ? double.NaN : variance * Strata / counted;
    }

    private int FirstLonely() => Array.FindIndex(_sizes, n => n == 1);

    private double[] Fractions(double[]? populations)
    {
        var fractions = new double[Strata];
        if (populations is null)
            return fractions;
        if (populations.Length != Respondents)
            throw new ArgumentException("every respondent needs a population size", nameof(populations));
        var (seen, shares) = (new double[Strata], Array.TrueForAll(populations, p => p <= 1));
        for (var i = 0; i < populations.Length; i++)
        {
            var h = _stratumOf[_clusterOf[i]];
            if (!(populations[i] > 0))
                throw new ArgumentException($"respondent {i + 1} has the population size {populations[i]}", nameof(populations));
            if (seen[h] != 0 && seen[h] != populations[i])
                throw new ArgumentException($"one stratum has the population sizes {seen[h]} and {populations[i]}", nameof(populations));
            seen[h] = populations[i];
            fractions[h] = shares ? populations[i] : _sizes[h] / populations[i];
            if (fractions[h] > 1)
                throw new ArgumentException($"a stratum has {_sizes[h]} clusters in the sample and {populations[i]} in the population", nameof(populations));
        }

        return fractions;
    }

    private static (int[] ClusterOf, int[] StratumOf) Numbered(int respondents, int[]? strata, int[]? clusters)
    {
        var clusterOf = new int[respondents];
        if (clusters is null)
        {
            for (var i = 0; i < respondents; i++)
                clusterOf[i] = i;
        }

        var (strataSeen, clustersSeen, stratumOf) = (new Dictionary<int, int>(), new Dictionary<(int, int), int>(), new List<int>());
        for (var i = 0; i < respondents; i++)
        {
            var name = strata?[i] ?? 0;
            if (!strataSeen.TryGetValue(name, out var stratum))
                strataSeen.Add(name, stratum = strataSeen.Count);
            if (clusters is null)
            {
                stratumOf.Add(stratum);
                continue;
            }

            if (!clustersSeen.TryGetValue((stratum, clusters[i]), out var cluster))
            {
                clustersSeen.Add((stratum, clusters[i]), cluster = clustersSeen.Count);
                stratumOf.Add(stratum);
            }

            clusterOf[i] = cluster;
        }

        return (clusterOf, [.. stratumOf]);
    }
}

/// <summary>A stratum with one cluster, whose variance cannot be told.</summary>
/// <param name="stratum">The number that was given for it.</param>
public sealed class LonelyStratumException(int stratum) : Exception("A stratum has one cluster only.")
{
    /// <summary>The number that was given for it.</summary>
    public int Stratum { get; } = stratum;
}
