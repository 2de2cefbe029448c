namespace Relais.Audience.Numerics.Calibration;

/// <summary>
/// The totals nearest to the targets that ratios within bounds can give: least sum of squared misses over the size of the total. Bounded least
/// squares, by the proximal point method (Rockafellar 1976): each round keeps the ratios near those of the round before, which makes it a
/// truncated linear calibration with a penalty on the misses, solved by Newton steps in as many unknowns as there are totals. The misses
/// left over are a proof (Farkas) that nothing within the bounds does better, and tell by how much the bounds fall short.
/// </summary>
internal sealed class NearestTotals(ModelRows rows, Misses misses, Action<string, double>? watch = null)
{
    // How weakly a round holds the ratios: ever less, so that few rounds do; weaker still, multipliers would grow until their differences
    // lose digits.
    private static readonly double[] Softnesses = [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7];

    private const int MostRounds = 30;
    private const int MostSteps = 40;
    private const int MostOpenings = 60;
    private const double Met = 1e-9;
    private readonly double[] _sizes = Sizes(rows, misses);

    /// <param name="Totals">The nearest.</param>
    /// <param name="Direction">Target less nearest, over size: the direction in which the bounds hold the totals back.</param>
    /// <param name="Miss">The largest relative miss.</param>
    public sealed record Answer(double[] Totals, double[] Direction, double Miss);

    public Answer Within(Bounds bounds, CancellationToken cancel)
    {
        var centre = new double[rows.Units];
        Array.Fill(centre, Math.Clamp(1, bounds.Lower, bounds.Upper));
        var lambda = new double[rows.Columns];
        var before = At(lambda, centre, bounds);
        var nearest = before;
        for (var round = 0; round < MostRounds; round++)
        {
            var softness = Softnesses[Math.Min(round, Softnesses.Length - 1)];
            var now = before;
            for (var step = 0; step < MostSteps; step++)
            {
                cancel.ThrowIfCancellationRequested();
                var gradient = Gradient(lambda, now, softness);
                if (Relative(gradient) <= 1e-13 || Improve(lambda, gradient, centre, bounds, now, softness) is not var (there, next))
                    break;
                (lambda, now) = (there, next);
            }

            var moved = new double[rows.Columns];
            for (var j = 0; j < moved.Length; j++)
                moved[j] = now.Totals[j] - nearest.Totals[j];
            centre = now.Ratios;
            nearest = now;
            watch?.Invoke("looking for what can be met", misses.Largest(now.Totals).Size);
            if (round >= Softnesses.Length && Relative(moved) <= 1e-11)
                break;
            // The next round begins where this one ended. With misses left, its multipliers are these again, at its own softness.
            var weaker = Softnesses[Math.Min(round + 1, Softnesses.Length - 1)];
            var (same, none) = (Array.ConvertAll(lambda, l => l * softness / weaker), new double[rows.Columns]);
            var (withSame, withNone) = (At(same, centre, bounds), At(none, centre, bounds));
            (lambda, before) = Dual(same, withSame, weaker) >= Dual(none, withNone, weaker) ? (same, withSame) : (none, withNone);
        }

        var direction = new double[rows.Columns];
        for (var j = 0; j < direction.Length; j++)
            direction[j] = (misses.Targets[j] - nearest.Totals[j]) / _sizes[j];
        return new Answer(nearest.Totals, direction, misses.Largest(nearest.Totals).Size);
    }

    /// <summary>
    /// The least t at which bounds that open in a straight line reach the totals, or null when no t does. Each unreachable t gives a
    /// direction, and that direction the next t, below which nothing reaches (Dinkelbach 1967): from below, in a few rounds.
    /// </summary>
    public Opening? LeastOpening(Func<double, Bounds> open, CancellationToken cancel)
    {
        var t = 0.0;
        for (var round = 0; round < MostOpenings; round++)
        {
            var answer = Within(open(t), cancel);
            if (answer.Miss <= Met)
                return Reached(open, t, cancel);
            var u = rows.Predict(answer.Direction);
            var (asked, closed, opened) = (Dot(misses.Targets, answer.Direction), Support(u, open(0)), Support(u, open(1)));
            // No opening moves the totals in this direction.
            if (opened - closed <= 1e-12 * (Math.Abs(opened) + Math.Abs(closed)))
                return null;
            var next = (asked - closed) / (opened - closed);
            if (!(next > t * (1 + 1e-10) + 1e-12))
                return answer.Miss <= 1e-5 ? Reached(open, t, cancel) : null;
            t = next;
            if (t > 1e9)
                return null;
        }

        return null;
    }

    // Below t nothing reaches; how little above it something does is tried out.
    private Opening? Reached(Func<double, Bounds> open, double t, CancellationToken cancel)
    {
        for (var more = 1e-9; more < 1e-2; more *= 10)
        {
            var wider = t + more * (1 + t);
            if (Within(open(wider), cancel).Miss > Met)
                continue;
            var (least, bounds) = (open(t), open(wider));
            var moved = double.IsFinite(bounds.Upper) ? bounds.Upper - least.Upper : 0;
            return new Opening(bounds, Math.Max(moved, least.Lower - bounds.Lower));
        }

        return null;
    }

    // The most that ratios within bounds give along u.
    private double Support(double[] u, Bounds bounds)
    {
        // Against an infinite bound, a positive u that is only rounding must not count.
        var (sum, none) = (0.0, double.IsFinite(bounds.Upper) ? 0 : 1e-6 * u.Max(Math.Abs));
        for (var i = 0; i < u.Length; i++)
        {
            if (u[i] > none || u[i] < 0)
                sum += rows.Weights[i] * u[i] * (u[i] > 0 ? bounds.Upper : bounds.Lower);
        }

        return sum;
    }

    private (double[] Lambda, Point At)? Improve(double[] lambda, double[] gradient, double[] centre, Bounds bounds, Point now, double softness)
    {
        var matrix = rows.Outer(now.Free);
        for (var j = 0; j < rows.Columns; j++)
            matrix[j * rows.Columns + j] += softness * _sizes[j];
        var step = RankedCholesky.Of(matrix, rows.Columns, dependent: 1e-14).Solve(gradient);
        var (before, slope, size) = (Dual(lambda, now, softness), Dot(gradient, step), Relative(gradient));
        for (var length = 1.0; length > 1e-9; length /= 2)
        {
            var there = new double[lambda.Length];
            for (var j = 0; j < there.Length; j++)
                there[j] = lambda[j] + length * step[j];
            var at = At(there, centre, bounds);
            // Near the end the dual no longer shows the difference, and its gradient does.
            if (Dual(there, at, softness) > before + 1e-4 * length * slope || Relative(Gradient(there, at, softness)) < size / 2)
                return (there, at);
        }

        return null;
    }

    private double[] Gradient(double[] lambda, Point at, double softness)
    {
        var gradient = new double[rows.Columns];
        for (var j = 0; j < gradient.Length; j++)
            gradient[j] = misses.Targets[j] - at.Totals[j] - softness * _sizes[j] * lambda[j];
        return gradient;
    }

    private Point At(double[] lambda, double[] centre, Bounds bounds)
    {
        var ratios = rows.Predict(lambda);
        var (free, weighted, convex) = (new double[rows.Units], new double[rows.Units], 0.0);
        for (var i = 0; i < ratios.Length; i++)
        {
            var (d, u) = (rows.Weights[i], ratios[i]);
            var inside = Math.Clamp(u, bounds.Lower - centre[i], bounds.Upper - centre[i]);
            ratios[i] = Math.Clamp(centre[i] + inside, bounds.Lower, bounds.Upper);
            free[i] = inside == u ? d : 0;
            weighted[i] = d * ratios[i];
            convex += d * (inside * (centre[i] + inside / 2) + (u - inside) * ratios[i]);
        }

        return new Point(ratios, free, rows.TotalsOf(weighted), convex);
    }

    private double Dual(double[] lambda, Point at, double softness)
    {
        var value = Dot(misses.Targets, lambda) - at.Convex;
        for (var j = 0; j < lambda.Length; j++)
            value -= softness / 2 * _sizes[j] * lambda[j] * lambda[j];
        return value;
    }

    private double Relative(double[] differences)
    {
        var largest = 0.0;
        for (var j = 0; j < differences.Length; j++)
            largest = Math.Max(largest, misses.Scale(j) > 0 ? Math.Abs(differences[j]) / misses.Scale(j) : 0);
        return largest;
    }

    // Squared misses are weighed by what counts in a total, so that respondents in it count alike; never by zero.
    private static double[] Sizes(ModelRows rows, Misses misses)
    {
        var outer = rows.Outer(rows.Weights);
        var sizes = new double[rows.Columns];
        for (var j = 0; j < sizes.Length; j++)
            sizes[j] = Math.Max(outer[j * rows.Columns + j], Math.Max(misses.Scale(j) * 1e-9, 1e-300));
        return sizes;
    }

    private static double Dot(double[] a, double[] b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++)
            sum += a[j] * b[j];
        return sum;
    }

    /// <param name="Free">Design weight of those whose ratio is not held by a bound; 0 for the others.</param>
    private sealed record Point(double[] Ratios, double[] Free, double[] Totals, double Convex);
}
