namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// A second pass over one band, for calibrated weights: each cell's sums and covariances with the calibration's columns, which turn the covariances
/// of totals into those of residual totals. It holds the sums of a band at a time, so each thread has its own.
/// </summary>
internal sealed class CalibratedBand
{
    private readonly SampleOrder _order;
    private readonly CalibrationModel _model;
    private readonly CalibratedTargets _targets;
    private readonly ColumnSums _cells;
    private readonly ColumnSums _volume;
    private readonly int _firstStation;
    private readonly Regression _ofA;
    private readonly Regression _ofQ;
    private readonly Regression _ofV;
    private readonly Regression _ofAll;

    /// <param name="firstStation">Stations begin at this row; their volume is their quarter hours, so it is not summed twice.</param>
    public CalibratedBand(SampleOrder order, CalibrationModel model, CalibratedTargets targets, int rows, int firstStation)
    {
        (_order, _model, _targets, _firstStation) = (order, model, targets, firstStation);
        _cells = new ColumnSums(model, rows * order.TargetCount * 3, order.IsClustered);
        _volume = new ColumnSums(model, order.TargetCount, order.IsClustered);
        (_ofA, _ofQ, _ofV, _ofAll) = (new(model.Columns), new(model.Columns), new(model.Columns), new(model.Columns));
    }

    /// <summary>Replaces the covariances in the band's sums by those of residuals.</summary>
    public void Residualise(BandSums sums, BandAudience audience, QuarterHours band)
    {
        _cells.Clear();
        _volume.Clear();
        for (var stratum = 0; stratum < _order.StratumStart.Length - 1; stratum++)
        {
            var (scale, inflate) = TargetSums.Factors(_order, stratum);
            for (var unit = _order.FirstUnit(stratum); unit < _order.FirstUnit(stratum) + _order.Units(stratum); unit++)
            {
                var (from, to) = _order.Places(unit);
                for (var place = from; place < to; place++)
                    Add(audience.Of(_order.Respondents[place], band, out var volume), volume, place, inflate, band.Count == 1);
                if (!_order.IsClustered)
                    continue;
                _cells.CloseCluster(inflate, _model.OfCluster(unit));
                _volume.CloseCluster(inflate, _model.OfCluster(unit));
            }

            _cells.Close(scale, _model.OfStratum(stratum));
            _volume.Close(scale, _model.OfStratum(stratum));
        }

        for (var target = 0; target < _order.TargetCount; target++)
            Replace(sums, target, band.Count == 1);
    }

    private void Add(ReadOnlySpan<Heard> rows, int volume, int place, double inflate, bool isOneQuarter)
    {
        if (volume == 0)
            return;

        var (weight, before) = (_order.Sample.Weights[_order.Respondents[place]], _model.Before[place]);
        var columns = _model.At(place);
        foreach (var target in _order.TargetsAt(place))
        {
            _volume.Add(target, columns, volume, before, weight, inflate);
            foreach (var row in rows)
            {
                var variable = (row.Row * _order.TargetCount + target) * 3;
                // Who listened in a band of one quarter hour listened for one: both are the same.
                if (!isOneQuarter)
                    _cells.Add(variable, columns, 1, before, weight, inflate);
                _cells.Add(variable + 1, columns, row.QuarterHours, before, weight, inflate);
                if (row.Row < _firstStation)
                    _cells.Add(variable + 2, columns, row.Volume, before, weight, inflate);
            }
        }
    }

    private void Replace(BandSums sums, int target, bool isOneQuarter)
    {
        var all = _volume.Regress(target, _ofAll);
        var people = _targets.Regressions[target];
        sums.VolumeVariance[target] = all.Residual(sums.VolumeVariance[target], all);
        for (var cell = target; cell < sums.Totals.Length; cell += _order.TargetCount)
        {
            if (sums.Listeners[cell] == 0)
                continue;

            var q = _cells.Regress(cell * 3 + 1, _ofQ);
            var a = isOneQuarter ? q : _cells.Regress(cell * 3, _ofA);
            var v = cell / _order.TargetCount < _firstStation ? _cells.Regress(cell * 3 + 2, _ofV) : q;
            ref var covariance = ref sums.Covariances[cell];
            covariance = new(a.Residual(covariance.Aa, a), a.Residual(covariance.Aq, q), a.Residual(covariance.A1, people),
                q.Residual(covariance.Qq, q), q.Residual(covariance.Q1, people), v.Residual(covariance.Vv, v), v.Residual(covariance.Vt, all));
        }
    }
}

/// <summary>Each target's weight, regressed on the calibration's columns.</summary>
internal sealed class CalibratedTargets
{
    public CalibratedTargets(SampleOrder order, CalibrationModel model, TargetSums targets)
    {
        var sums = new ColumnSums(model, order.TargetCount, order.IsClustered);
        for (var stratum = 0; stratum < order.StratumStart.Length - 1; stratum++)
        {
            var (scale, inflate) = TargetSums.Factors(order, stratum);
            for (var unit = order.FirstUnit(stratum); unit < order.FirstUnit(stratum) + order.Units(stratum); unit++)
            {
                var (from, to) = order.Places(unit);
                for (var place = from; place < to; place++)
                {
                    foreach (var target in order.TargetsAt(place))
                        sums.Add(target, model.At(place), 1, model.Before[place], order.Sample.Weights[order.Respondents[place]], inflate);
                }

                if (order.IsClustered)
                    sums.CloseCluster(inflate, model.OfCluster(unit));
            }

            sums.Close(scale, model.OfStratum(stratum));
        }

        Regressions = [.. Enumerable.Range(0, order.TargetCount).Select(target => sums.Regress(target, new Regression(model.Columns)))];
        Variance = [.. Regressions.Select((regression, target) => regression.Residual(targets.Variance[target], regression))];
    }

    public Regression[] Regressions { get; }

    public double[] Variance { get; }
}

/// <summary>For each of many variables y the sums over d x y, and the covariances of its total with those of the columns x.</summary>
/// <param name="clustered">Whether <see cref="CloseCluster"/> is called after each cluster: covariances are then those of its totals.</param>
internal sealed class ColumnSums(CalibrationModel model, int variables, bool clustered)
{
    private readonly double[] _cluster = clustered ? new double[variables] : [];
    private readonly bool[] _met = clustered ? new bool[variables] : [];
    private readonly List<int> _variables = [];
    private readonly double[] _sums = new double[variables * model.Columns];
    private readonly double[] _covariances = new double[variables * model.Columns];
    private readonly double[] _stratum = new double[variables];

    public void Clear()
    {
        Array.Clear(_sums);
        Array.Clear(_covariances);
    }

    public void Add(int variable, ReadOnlySpan<(int Column, double Value)> columns, double y, double before, double weight, double inflate)
    {
        var start = variable * model.Columns;
        var (regression, square) = (before * y, inflate * weight * weight * y);
        if (clustered)
        {
            foreach (var (column, value) in columns)
                _sums[start + column] += regression * value;
            if (!_met[variable])
                _variables.Add(variable);
            _met[variable] = true;
            _cluster[variable] += weight * y;
            return;
        }

        foreach (var (column, value) in columns)
        {
            _sums[start + column] += regression * value;
            _covariances[start + column] += square * value;
        }

        _stratum[variable] += weight * y;
    }

    /// <param name="columns">The columns' totals over the cluster.</param>
    public void CloseCluster(double inflate, ReadOnlySpan<double> columns)
    {
        foreach (var variable in _variables)
        {
            var here = _covariances.AsSpan(variable * columns.Length, columns.Length);
            for (var column = 0; column < columns.Length; column++)
                here[column] += inflate * _cluster[variable] * columns[column];
            _stratum[variable] += _cluster[variable];
            (_cluster[variable], _met[variable]) = (0, false);
        }

        _variables.Clear();
    }

    public void Close(double scale, ReadOnlySpan<double> columns)
    {
        for (var variable = 0; variable < _stratum.Length; variable++)
        {
            if (_stratum[variable] == 0)
                continue;
            var here = _covariances.AsSpan(variable * columns.Length, columns.Length);
            var total = scale * _stratum[variable];
            for (var column = 0; column < columns.Length; column++)
                here[column] -= total * columns[column];
            _stratum[variable] = 0;
        }
    }

    public Regression Regress(int variable, Regression into) =>
        model.Regress(_sums.AsSpan(variable * model.Columns, model.Columns), _covariances.AsSpan(variable * model.Columns, model.Columns), into);
}
