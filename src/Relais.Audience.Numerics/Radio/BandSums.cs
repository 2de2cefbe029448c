using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// One pass over the sample for one band: for each row and target the totals of a (listened, 0 or 1), q (de-duplicated quarter hours) and v (volume),
/// and the covariances of these totals with each other, with the target's weight (1) and with the volume of all stations (t).
/// </summary>
/// <remarks>
/// Only listeners are visited. A cluster's totals take the place of a respondent's values where there are clusters. Standard errors of totals and ratios follow from the covariances, because the linearised variable of a ratio is
/// (y - R u) / U and a variance is a quadratic form: Var = (C_yy - 2 R C_yu + R^2 C_uu) / U^2 (Sarndal, Swensson, Wretman 1992, 5.5).
/// </remarks>
internal sealed class BandSums
{
    private readonly SampleOrder _order;
    private readonly TargetSums _targets;
    private readonly First[] _stratum;
    private readonly double[] _stratumVolume;
    private readonly Second[] _second;
    private readonly ClusterSums? _cluster;

    public BandSums(SampleOrder order, TargetSums targets, BandAudience audience, QuarterHours band, int rows)
    {
        (_order, _targets) = (order, targets);
        var cells = rows * order.TargetCount;
        Totals = new First[cells];
        Listeners = new int[cells];
        Covariances = new Covariance[cells];
        _second = new Second[cells];
        _stratum = new First[cells];
        Volume = new double[order.TargetCount];
        VolumeVariance = new double[order.TargetCount];
        _stratumVolume = new double[order.TargetCount];
        _cluster = order.IsClustered ? new ClusterSums(cells, order.TargetCount) : null;
        for (var stratum = 0; stratum < order.StratumStart.Length - 1; stratum++)
            Add(stratum, audience, band);
        Finish();
    }

    public First[] Totals { get; }

    public int[] Listeners { get; }

    public Covariance[] Covariances { get; }

    /// <summary>For each target the volume of all stations.</summary>
    public double[] Volume { get; }

    public double[] VolumeVariance { get; }

    private void Add(int stratum, BandAudience audience, QuarterHours band)
    {
        var (scale, inflate) = TargetSums.Factors(_order, stratum);
        if (_cluster is not null)
        {
            for (var cluster = _order.FirstUnit(stratum); cluster < _order.FirstUnit(stratum) + _order.Units(stratum); cluster++)
                AddCluster(_cluster, cluster, inflate, audience, band);
            Close(scale, _targets.OfStratum(stratum));
            return;
        }

        var targets = _order.TargetCount;
        for (var place = _order.StratumStart[stratum]; place < _order.StratumStart[stratum + 1]; place++)
        {
            var respondent = _order.Respondents[place];
            var rows = audience.Of(respondent, band, out var volume);
            if (volume == 0)
                continue;

            var members = _order.TargetsAt(place);
            var weight = _order.Sample.Weights[respondent];
            var square = inflate * weight * weight;
            foreach (var target in members)
            {
                _stratumVolume[target] += weight * volume;
                VolumeVariance[target] += square * volume * volume;
            }

            foreach (var row in rows)
            {
                var first = new First(weight, weight * row.QuarterHours, weight * row.Volume);
                var second = new Second(square, square * row.QuarterHours, square * row.QuarterHours * row.QuarterHours,
                    square * row.Volume * row.Volume, square * row.Volume * volume);
                var start = row.Row * targets;
                foreach (var target in members)
                {
                    _stratum[start + target].Add(first);
                    _second[start + target].Add(second);
                    Listeners[start + target]++;
                }
            }
        }

        Close(scale, _targets.OfStratum(stratum));
    }

    private void AddCluster(ClusterSums sums, int cluster, double inflate, BandAudience audience, QuarterHours band)
    {
        var (from, to) = _order.Places(cluster);
        for (var place = from; place < to; place++)
        {
            var respondent = _order.Respondents[place];
            var rows = audience.Of(respondent, band, out var volume);
            if (volume == 0)
                continue;

            var weight = _order.Sample.Weights[respondent];
            foreach (var target in _order.TargetsAt(place))
            {
                sums.AddVolume(target, weight * volume);
                foreach (var row in rows)
                {
                    var cell = row.Row * _order.TargetCount + target;
                    sums.Add(cell, new First(weight, weight * row.QuarterHours, weight * row.Volume));
                    Listeners[cell]++;
                }
            }
        }

        var weights = _targets.OfCluster(cluster);
        foreach (var cell in sums.Cells)
        {
            var target = cell % _order.TargetCount;
            Covariances[cell].Subtract(-inflate, sums[cell], weights[target], sums.Volume(target));
            _stratum[cell].Add(sums[cell]);
        }

        foreach (var target in sums.Targets)
        {
            VolumeVariance[target] += inflate * sums.Volume(target) * sums.Volume(target);
            _stratumVolume[target] += sums.Volume(target);
        }

        sums.Clear();
    }

    // What a stratum's own totals take from the sums of squares, and on to the next stratum.
    private void Close(double scale, ReadOnlySpan<double> weights)
    {
        var targets = _order.TargetCount;
        for (var cell = 0; cell < _stratum.Length; cell++)
        {
            ref var here = ref _stratum[cell];
            if (here is { A: 0, Q: 0 })
                continue;

            var target = cell % targets;
            Covariances[cell].Subtract(scale, here, weights[target], _stratumVolume[target]);
            Totals[cell].Add(here);
            here = default;
        }

        for (var target = 0; target < targets; target++)
        {
            var volume = _stratumVolume[target];
            if (volume == 0)
                continue;
            Volume[target] += volume;
            VolumeVariance[target] -= scale * volume * volume;
            _stratumVolume[target] = 0;
        }
    }

    private void Finish()
    {
        for (var cell = 0; cell < _second.Length; cell++)
            Covariances[cell].Add(_second[cell]);
    }

    [StructLayout(LayoutKind.Auto)]
    internal record struct First(double A, double Q, double V)
    {
        public void Add(First other) => (A, Q, V) = (A + other.A, Q + other.Q, V + other.V);
    }

    [StructLayout(LayoutKind.Auto)]
    internal record struct Second(double A, double Q, double Qq, double Vv, double Vt)
    {
        public void Add(Second other)
        {
            A += other.A;
            Q += other.Q;
            Qq += other.Qq;
            Vv += other.Vv;
            Vt += other.Vt;
        }
    }

    /// <summary>Covariances of the totals a, q and v with each other, with the target's weight (1) and with the volume of all stations (t).</summary>
    [StructLayout(LayoutKind.Auto)]
    internal record struct Covariance(double Aa, double Aq, double A1, double Qq, double Q1, double Vv, double Vt)
    {
        public void Subtract(double scale, First of, double weight, double volume)
        {
            Aa -= scale * of.A * of.A;
            Aq -= scale * of.A * of.Q;
            A1 -= scale * of.A * weight;
            Qq -= scale * of.Q * of.Q;
            Q1 -= scale * of.Q * weight;
            Vv -= scale * of.V * of.V;
            Vt -= scale * of.V * volume;
        }

        // a is 0 or 1, and q is 0 where a is: a a = a 1 = a, and a q = q.
        public void Add(Second of)
        {
            Aa += of.A;
            A1 += of.A;
            Aq += of.Q;
            Q1 += of.Q;
            Qq += of.Qq;
            Vv += of.Vv;
            Vt += of.Vt;
        }
    }
}
