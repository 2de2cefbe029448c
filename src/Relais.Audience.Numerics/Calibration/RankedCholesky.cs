namespace Relais.Audience.Numerics.Calibration;

/// <summary>
/// Cholesky factor of a normal matrix whose columns may depend on one another: columns are taken in order, and one that the earlier ones
/// determine is left out (its coefficient is 0). The matrix is scaled to a unit diagonal first, so that units of measure do not matter.
/// </summary>
internal sealed class RankedCholesky
{
    // Of what remains of a column after the earlier ones, squared: rounding leaves 1e-15, and 1e-9 is a correlation of 0.999999999.
    private const double Dependent = 1e-11;

    private readonly int _size;
    private readonly double[] _scale;
    private readonly double[] _lower;

    private RankedCholesky(int size, int[] kept, double[] scale, double[] lower) => (_size, Kept, _scale, _lower) = (size, kept, scale, lower);

    /// <summary>The columns that are not determined by earlier ones, in order.</summary>
    public int[] Kept { get; }

    /// <param name="matrix">Symmetric, row by row.</param>
    /// <param name="among">The columns to consider; null for all.</param>
    /// <param name="dependent">What remains of a column that counts as determined.</param>
    public static RankedCholesky Of(double[] matrix, int size, int[]? among = null, double dependent = Dependent)
    {
        among ??= [.. Enumerable.Range(0, size)];
        var scale = new double[size];
        foreach (var j in among)
            scale[j] = matrix[j * size + j] > 0 ? 1 / Math.Sqrt(matrix[j * size + j]) : 0;
        var (kept, lower) = (new List<int>(among.Length), new double[among.Length * among.Length]);
        var row = new double[among.Length];
        foreach (var j in among)
        {
            if (scale[j] == 0)
                continue;
            var left = 1.0;
            for (var a = 0; a < kept.Count; a++)
            {
                var sum = matrix[j * size + kept[a]] * scale[j] * scale[kept[a]];
                var before = lower.AsSpan(a * among.Length, a);
                for (var b = 0; b < a; b++)
                    sum -= row[b] * before[b];
                row[a] = sum / lower[a * among.Length + a];
                left -= row[a] * row[a];
            }

            if (left < dependent)
                continue;
            row.AsSpan(0, kept.Count).CopyTo(lower.AsSpan(kept.Count * among.Length));
            lower[kept.Count * among.Length + kept.Count] = Math.Sqrt(left);
            kept.Add(j);
        }

        return new RankedCholesky(size, [.. kept], scale, lower);
    }

    /// <summary>x with matrix x = b on the kept columns; 0 on the others.</summary>
    public double[] Solve(ReadOnlySpan<double> b)
    {
        var x = new double[_size];
        Solve(b, x);
        return x;
    }

    /// <summary>The same, into an array that is there.</summary>
    public void Solve(ReadOnlySpan<double> b, Span<double> x)
    {
        var (width, rank) = ((int)Math.Sqrt(_lower.Length), Kept.Length);
        var y = rank <= 256 ? stackalloc double[rank] : new double[rank];
        for (var a = 0; a < rank; a++)
        {
            var sum = b[Kept[a]] * _scale[Kept[a]];
            for (var c = 0; c < a; c++)
                sum -= _lower[a * width + c] * y[c];
            y[a] = sum / _lower[a * width + a];
        }

        for (var a = rank - 1; a >= 0; a--)
        {
            var sum = y[a];
            for (var c = a + 1; c < rank; c++)
                sum -= _lower[c * width + a] * y[c];
            y[a] = sum / _lower[a * width + a];
        }

        x.Clear();
        for (var a = 0; a < rank; a++)
            x[Kept[a]] = y[a] * _scale[Kept[a]];
    }
}
