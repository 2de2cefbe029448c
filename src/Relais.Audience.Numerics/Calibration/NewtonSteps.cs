namespace Relais.Audience.Numerics.Calibration;

/// <summary>How an iteration ended.</summary>
internal sealed record IterationEnd(double[] Ratios, int Passes, double LargestMiss, int WorstColumn, bool Met);

/// <summary>
/// Newton's method on the concave dual of the calibration problem, targets'lambda - sum d Phi(x'lambda), whose gradient is the miss of the
/// totals (Deville, Särndal and Sautory 1993). Steps are halved until the dual rises, so that it converges whenever weights exist.
/// </summary>
internal static class NewtonSteps
{
    private const int MostHalvings = 40;
    private const int PatienceWithoutProgress = 25;
    private const double Armijo = 1e-4;

    public static IterationEnd Run(ModelRows rows, Distance distance, Misses misses, double[] lambda, CalibrationSettings settings, CancellationToken cancel)
    {
        var ratios = new double[rows.Units];
        var tried = new double[rows.Units];
        var now = rows.Evaluate(distance, lambda, ratios, withMatrix: true);
        var columns = RankedCholesky.Of(now.Matrix, rows.Columns).Kept;
        var (size, worst) = misses.Largest(now.Totals);
        var (ridge, best, sinceBest) = (0.0, size, 0);
        var diagonal = Diagonal(now.Matrix, rows.Columns);
        for (var pass = 1; ; pass++)
        {
            if (size <= settings.Tolerance || pass > settings.MaxPasses || sinceBest > PatienceWithoutProgress)
                return new IterationEnd(ratios, pass, size, worst, size <= settings.Tolerance);

            cancel.ThrowIfCancellationRequested();
            for (var j = 0; j < rows.Columns; j++)
                now.Matrix[j * rows.Columns + j] += ridge * diagonal[j];
            var miss = Difference(misses.Targets, now.Totals);
            var step = RankedCholesky.Of(now.Matrix, rows.Columns, columns).Solve(miss);
            var (before, slope) = (Dot(misses.Targets, lambda) - now.Convex, Dot(miss, step));
            Evaluation? next = null;
            var (length, halvings) = (1.0, 0);
            for (; halvings < MostHalvings; halvings++, length /= 2)
            {
                var at = Along(lambda, step, length);
                var there = rows.Evaluate(distance, at, tried, withMatrix: true);
                var reached = misses.Largest(there.Totals).Size;
                // Near the end the dual no longer shows the difference, and the miss does.
                if (!(Dot(misses.Targets, at) - there.Convex >= before + Armijo * length * slope) && !(reached < size))
                    continue;
                if (!double.IsFinite(reached))
                    continue;
                (next, lambda) = (there, at);
                (ratios, tried) = (tried, ratios);
                break;
            }

            if (next is null && ridge > 0.1)
                return new IterationEnd(ratios, pass, size, worst, Met: false);
            // Where most ratios lie on their bounds the matrix says little: shorter, surer steps.
            ridge = next is null || halvings > 6 ? Math.Max(ridge * 100, 1e-8) : ridge / 100;
            if (next is null)
            {
                now = rows.Evaluate(distance, lambda, ratios, withMatrix: true);
                continue;
            }

            now = next;
            settings.Watch?.Invoke("weighing", size);
            (size, worst) = misses.Largest(now.Totals);
            (best, sinceBest) = size < best * 0.98 ? (size, 0) : (best, sinceBest + 1);
        }
    }

    private static double[] Diagonal(double[] matrix, int size)
    {
        var diagonal = new double[size];
        for (var j = 0; j < size; j++)
            diagonal[j] = matrix[j * size + j];
        return diagonal;
    }

    private static double[] Along(double[] from, double[] step, double length)
    {
        var to = new double[from.Length];
        for (var j = 0; j < to.Length; j++)
            to[j] = from[j] + length * step[j];
        return to;
    }

    private static double[] Difference(double[] a, double[] b)
    {
        var difference = new double[a.Length];
        for (var j = 0; j < a.Length; j++)
            difference[j] = a[j] - b[j];
        return difference;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }
}
