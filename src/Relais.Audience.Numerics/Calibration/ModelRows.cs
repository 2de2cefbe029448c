namespace Relais.Audience.Numerics.Calibration;

/// <summary>
/// The model matrix X, a row a unit (respondent or household) and a column a total, without its zeros. Sums over units are taken in two
/// fixed halves, each on a thread of its own where that helps, so that the same input gives the same bits on any machine.
/// </summary>
internal abstract class ModelRows(int units, int columns, double[] weights)
{
    private const int Block = 1024;
    private const int WorthAThread = 8192;

    public int Units { get; } = units;

    public int Columns { get; } = columns;

    /// <summary>Design weight of each unit; of a household, that of all its people.</summary>
    public double[] Weights { get; } = weights;

    public static ModelRows Of(CalibrationProblem problem) =>
        problem.Households is null ? new CodedRows(problem) : SparseRows.OfHouseholds(problem, problem.Households);

    /// <summary>u = X lambda, for the units from a first one on.</summary>
    protected abstract void Predict(ReadOnlySpan<double> lambda, int from, Span<double> u);

    /// <summary>totals += X' a.</summary>
    protected abstract void AddTotals(ReadOnlySpan<double> a, int from, Span<double> totals);

    /// <summary>The upper triangle of matrix += X' diag(h) X.</summary>
    protected abstract void AddOuter(ReadOnlySpan<double> h, int from, Span<double> matrix);

    /// <summary>
    /// At lambda: each unit's ratio g; the totals that it gives; the convex part of the dual; and, when asked, the normal matrix
    /// X' diag(d F') X, whole.
    /// </summary>
    public Evaluation Evaluate(Distance distance, double[] lambda, double[] g, bool withMatrix)
    {
        var halves = InHalves((from, to) =>
        {
            var part = new Evaluation(new double[Columns], withMatrix ? new double[Columns * Columns] : []);
            Span<double> u = stackalloc double[Block];
            Span<double> slope = stackalloc double[Block];
            for (var at = from; at < to; at += Block)
            {
                var size = Math.Min(Block, to - at);
                var here = u[..size];
                var d = Weights.AsSpan(at, size);
                var ratios = g.AsSpan(at, size);
                Predict(lambda, at, here);
                part.Convex += distance.Evaluate(here, d, ratios, slope[..size]);
                for (var i = 0; i < size; i++)
                {
                    here[i] = d[i] * ratios[i];
                    slope[i] *= d[i];
                }

                AddTotals(here, at, part.Totals);
                if (withMatrix)
                    AddOuter(slope[..size], at, part.Matrix);
            }

            return part;
        });
        var whole = halves.First.Plus(halves.Second);
        for (var row = 0; withMatrix && row < Columns; row++)
        {
            for (var column = 0; column < row; column++)
                whole.Matrix[row * Columns + column] = whole.Matrix[column * Columns + row];
        }

        return whole;
    }

    /// <summary>u = X lambda for every unit.</summary>
    public double[] Predict(double[] lambda)
    {
        var u = new double[Units];
        for (var at = 0; at < Units; at += Block)
            Predict(lambda, at, u.AsSpan(at, Math.Min(Block, Units - at)));
        return u;
    }

    /// <summary>X' a.</summary>
    public double[] TotalsOf(ReadOnlySpan<double> a)
    {
        var totals = new double[Columns];
        for (var at = 0; at < Units; at += Block)
            AddTotals(a.Slice(at, Math.Min(Block, Units - at)), at, totals);
        return totals;
    }

    /// <summary>X' diag(h) X, whole.</summary>
    public double[] Outer(double[] h)
    {
        var (first, second) = InHalves((from, to) =>
        {
            var part = new Evaluation([], new double[Columns * Columns]);
            for (var at = from; at < to; at += Block)
                AddOuter(h.AsSpan(at, Math.Min(Block, to - at)), at, part.Matrix);
            return part;
        });
        var matrix = first.Plus(second).Matrix;
        for (var row = 0; row < Columns; row++)
        {
            for (var column = 0; column < row; column++)
                matrix[row * Columns + column] = matrix[column * Columns + row];
        }

        return matrix;
    }

    /// <summary>Spreads one value a unit over the respondents.</summary>
    public virtual double[] ToRespondents(double[] ofUnits) => ofUnits;

    /// <summary>The mean of each unit's respondents.</summary>
    public virtual double[] ToUnits(ReadOnlySpan<double> ofRespondents) => ofRespondents.ToArray();

    private (Evaluation First, Evaluation Second) InHalves(Func<int, int, Evaluation> part)
    {
        var middle = Units / 2;
        if (Units < WorthAThread)
            return (part(0, middle), part(middle, Units));
        var second = Task.Run(() => part(middle, Units));
        var first = part(0, middle);
        return (first, second.GetAwaiter().GetResult());
    }
}

/// <summary>Sums over the units at one lambda.</summary>
internal sealed class Evaluation(double[] totals, double[] matrix)
{
    public double[] Totals { get; } = totals;

    public double[] Matrix { get; } = matrix;

    public double Convex { get; set; }

    public Evaluation Plus(Evaluation other)
    {
        Convex += other.Convex;
        for (var i = 0; i < Totals.Length; i++)
            Totals[i] += other.Totals[i];
        for (var i = 0; i < Matrix.Length; i++)
            Matrix[i] += other.Matrix[i];
        return this;
    }
}
