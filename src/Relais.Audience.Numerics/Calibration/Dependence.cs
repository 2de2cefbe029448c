namespace Relais.Audience.Numerics.Calibration;

/// <summary>Totals that other totals determine on this sample: redundant when they agree, a contradiction when they do not.</summary>
internal static class Dependence
{
    /// <param name="redundant">Receives the names of those that agree.</param>
    public static List<Refusal> Check(CalibrationProblem problem, ModelRows rows, Misses misses, double tolerance, List<string> redundant)
    {
        var (contradictions, size) = (new List<Refusal>(), rows.Columns);
        var matrix = rows.Outer(rows.Weights);
        var factor = RankedCholesky.Of(matrix, size);
        var kept = factor.Kept.ToHashSet();
        for (var j = 0; j < size; j++)
        {
            if (kept.Contains(j))
                continue;
            // The column as a combination of the kept ones; a column of zeros is the empty combination.
            var weights = factor.Solve(matrix.AsSpan(j * size, size));
            var (implied, terms) = (0.0, Math.Abs(misses.Targets[j]));
            foreach (var k in factor.Kept)
            {
                implied += weights[k] * misses.Targets[k];
                terms += Math.Abs(weights[k] * misses.Targets[k]);
            }

            // The coefficients are good to about 1e-10 of the terms.
            if (Math.Abs(implied - misses.Targets[j]) <= Math.Max(tolerance, 1e-9) * terms)
            {
                if (misses.Scale(j) > 0)
                    redundant.Add(problem.ColumnName(j));
                continue;
            }

            var others = factor.Kept.Where(k => Math.Abs(weights[k]) > 1e-7 * Math.Sqrt(matrix[j * size + j] / matrix[k * size + k]));
            contradictions.Add(new Refusal.Contradiction(problem.ColumnName(j), misses.Targets[j], implied, [.. others.Select(problem.ColumnName)]));
        }

        return contradictions;
    }
}
