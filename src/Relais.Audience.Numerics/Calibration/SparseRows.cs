namespace Relais.Audience.Numerics.Calibration;

/// <summary>
/// A row a household: the mean of its people's rows, only what is not zero, in the order of columns. With means, what is kept small is the
/// distance over people, whatever the sizes of households (Lemaître and Dufour 1987; R's <c>aggregate.stage</c>).
/// </summary>
internal sealed class SparseRows : ModelRows
{
    private readonly int[] _starts;
    private readonly int[] _columns;
    private readonly double[] _values;
    private readonly int[] _unitOf;
    private readonly int[] _people;

    private SparseRows(int columns, double[] weights, int[] starts, int[] columnsOfEntries, double[] values, int[] unitOf, int[] people)
        : base(weights.Length, columns, weights) => (_starts, _columns, _values, _unitOf, _people) = (starts, columnsOfEntries, values, unitOf, people);

    public static SparseRows OfHouseholds(CalibrationProblem problem, int[] households)
    {
        var count = households.Length == 0 ? 0 : households.Max() + 1;
        var entries = new SortedDictionary<int, double>[count];
        var weights = new double[count];
        var people = new int[count];
        for (var i = 0; i < households.Length; i++)
        {
            var row = entries[households[i]] ??= [];
            weights[households[i]] += problem.DesignWeights[i];
            people[households[i]]++;
            var offset = 0;
            foreach (var margin in problem.Margins)
            {
                var (column, value) = margin switch
                {
                    CellMargin cell => (offset + cell.Codes[i], 1.0),
                    TotalMargin total => (offset, total.Values[i]),
                    _ => throw new InvalidOperationException(margin.GetType().Name),
                };
                if (value != 0)
                    row[column] = row.GetValueOrDefault(column) + value;
                offset += margin.Columns;
            }
        }

        var starts = new int[count + 1];
        for (var unit = 0; unit < count; unit++)
            starts[unit + 1] = starts[unit] + (entries[unit]?.Count ?? 0);
        var filled = entries.SelectMany((e, unit) => (e ?? []).Select(entry => (entry.Key, Value: entry.Value / people[unit]))).ToList();
        return new SparseRows(problem.Columns, weights, starts, [.. filled.Select(e => e.Key)], [.. filled.Select(e => e.Value)], households, people);
    }

    public override double[] ToUnits(ReadOnlySpan<double> ofRespondents)
    {
        var means = new double[Units];
        for (var i = 0; i < ofRespondents.Length; i++)
            means[_unitOf[i]] += ofRespondents[i] / _people[_unitOf[i]];
        return means;
    }

    public override double[] ToRespondents(double[] ofUnits) => [.. _unitOf.Select(u => ofUnits[u])];

    protected override void Predict(ReadOnlySpan<double> lambda, int from, Span<double> u)
    {
        for (var i = 0; i < u.Length; i++)
        {
            var sum = 0.0;
            for (var e = _starts[from + i]; e < _starts[from + i + 1]; e++)
                sum += lambda[_columns[e]] * _values[e];
            u[i] = sum;
        }
    }

    protected override void AddTotals(ReadOnlySpan<double> a, int from, Span<double> totals)
    {
        for (var i = 0; i < a.Length; i++)
        {
            for (var e = _starts[from + i]; e < _starts[from + i + 1]; e++)
                totals[_columns[e]] += a[i] * _values[e];
        }
    }

    protected override void AddOuter(ReadOnlySpan<double> h, int from, Span<double> matrix)
    {
        for (var i = 0; i < h.Length; i++)
        {
            var end = _starts[from + i + 1];
            for (var e = _starts[from + i]; e < end; e++)
            {
                var (row, scaled) = (_columns[e] * Columns, h[i] * _values[e]);
                for (var f = e; f < end; f++)
                    matrix[row + _columns[f]] += scaled * _values[f];
            }
        }
    }
}
