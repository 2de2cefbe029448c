using System.Runtime.CompilerServices;

namespace Relais.Audience.Numerics.Calibration;

/// <summary>A row a respondent: a one in one column of each categorical margin, told by its code, and the numeric values.</summary>
internal sealed class CodedRows : ModelRows
{
    private readonly (ushort[] Codes, int Offset)[] _cells;
    private readonly (double[] Values, int Column)[] _numbers;

    public CodedRows(CalibrationProblem problem)
        : base(problem.Respondents, problem.Columns, problem.DesignWeights)
    {
        var (cells, numbers, offset) = (new List<(ushort[], int)>(), new List<(double[], int)>(), 0);
        foreach (var margin in problem.Margins)
        {
            if (margin is CellMargin cell)
                cells.Add((cell.Codes, offset));
            else if (margin is TotalMargin total)
                numbers.Add((total.Values, offset));
            offset += margin.Columns;
        }

        (_cells, _numbers) = ([.. cells], [.. numbers]);
    }

    protected override void Predict(ReadOnlySpan<double> lambda, int from, Span<double> u)
    {
        u.Clear();
        foreach (var (codes, offset) in _cells)
            AddLevels(lambda[offset..], codes.AsSpan(from, u.Length), u);
        foreach (var (values, column) in _numbers)
        {
            var factor = lambda[column];
            var x = values.AsSpan(from, u.Length);
            for (var i = 0; i < x.Length; i++)
                u[i] += factor * x[i];
        }
    }

    protected override void AddTotals(ReadOnlySpan<double> a, int from, Span<double> totals)
    {
        foreach (var (codes, offset) in _cells)
            AddByLevel(a, codes.AsSpan(from, a.Length), totals[offset..]);
        foreach (var (values, column) in _numbers)
        {
            var sum = 0.0;
            var x = values.AsSpan(from, a.Length);
            for (var i = 0; i < x.Length; i++)
                sum += a[i] * x[i];
            totals[column] += sum;
        }
    }

    protected override void AddOuter(ReadOnlySpan<double> h, int from, Span<double> matrix)
    {
        var size = h.Length;
        for (var first = 0; first < _cells.Length; first++)
        {
            var (codes, offset) = _cells[first];
            var rows = codes.AsSpan(from, size);
            AddDiagonal(h, rows, matrix[(offset * Columns + offset)..], Columns + 1);
            for (var second = first + 1; second < _cells.Length; second++)
                AddPairs(h, rows, _cells[second].Codes.AsSpan(from, size), matrix[(offset * Columns + _cells[second].Offset)..], Columns);
        }

        Span<double> hx = stackalloc double[size];
        for (var first = 0; first < _numbers.Length; first++)
        {
            var (values, column) = _numbers[first];
            for (var i = 0; i < size; i++)
                hx[i] = h[i] * values[from + i];
            foreach (var (codes, offset) in _cells)
            {
                // The upper triangle: whichever column comes first is the row.
                if (offset < column)
                    AddDiagonal(hx, codes.AsSpan(from, size), matrix[(offset * Columns + column)..], Columns);
                else
                    AddDiagonal(hx, codes.AsSpan(from, size), matrix[(column * Columns + offset)..], 1);
            }

            for (var second = first; second < _numbers.Length; second++)
            {
                var sum = 0.0;
                var other = _numbers[second].Values.AsSpan(from, size);
                for (var i = 0; i < size; i++)
                    sum += hx[i] * other[i];
                matrix[column * Columns + _numbers[second].Column] += sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddLevels(ReadOnlySpan<double> lambda, ReadOnlySpan<ushort> codes, Span<double> u)
    {
        for (var i = 0; i < codes.Length; i++)
            u[i] += lambda[codes[i]];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddByLevel(ReadOnlySpan<double> a, ReadOnlySpan<ushort> codes, Span<double> totals)
    {
        for (var i = 0; i < codes.Length; i++)
            totals[codes[i]] += a[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddDiagonal(ReadOnlySpan<double> h, ReadOnlySpan<ushort> codes, Span<double> matrix, int stride)
    {
        for (var i = 0; i < codes.Length; i++)
            matrix[codes[i] * stride] += h[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddPairs(ReadOnlySpan<double> h, ReadOnlySpan<ushort> rows, ReadOnlySpan<ushort> columns, Span<double> matrix, int stride)
    {
        for (var i = 0; i < rows.Length; i++)
            matrix[rows[i] * stride + columns[i]] += h[i];
    }
}
