namespace Relais.Audience.Numerics.Calibration;

/// <summary>Post-stratification, and raking by iterative proportional fitting: margins in turn, in the order given.</summary>
internal static class Proportions
{
    private const int PatienceWithoutProgress = 100;

    /// <summary>One scaling of each cell of one margin; a single pass over it is the whole of post-stratification.</summary>
    public static IterationEnd Rake(IReadOnlyList<CellMargin> margins, double[] design, Misses misses, CalibrationSettings settings, CancellationToken cancel)
    {
        var weights = design.ToArray();
        var factors = margins.Select(m => new double[m.Columns]).ToArray();
        var sums = margins.Select(m => new double[m.Columns]).ToArray();
        var totals = new double[misses.Targets.Length];
        var (best, sinceBest) = (double.PositiveInfinity, 0);
        Sum(margins[0].Codes, weights, sums[0]);
        for (var pass = 1; ; pass++)
        {
            cancel.ThrowIfCancellationRequested();
            for (var m = 0; m < margins.Count; m++)
            {
                var margin = margins[m];
                for (var k = 0; k < margin.Columns; k++)
                    factors[m][k] = sums[m][k] > 0 ? margin.Totals[k] / sums[m][k] : 0;
                // The sums of the next margin come out of the same walk over the respondents.
                var next = (m + 1) % margins.Count;
                Scale(margin.Codes, factors[m], weights, margins[next].Codes, sums[next]);
            }

            // After the last margin only the first's sums are known: the others' are taken when the first is nearly met.
            var (size, worst) = LargestOf(margins, sums, 0, misses, totals);
            if (size <= settings.Tolerance)
            {
                for (var m = 1; m < margins.Count; m++)
                    Sum(margins[m].Codes, weights, sums[m]);
                (size, worst) = LargestOf(margins, sums, null, misses, totals);
            }

            settings.Watch?.Invoke("weighing", size);
            (best, sinceBest) = size < best * 0.98 ? (size, 0) : (best, sinceBest + 1);
            if (size <= settings.Tolerance || pass >= settings.MaxPasses || sinceBest > PatienceWithoutProgress)
            {
                for (var i = 0; i < weights.Length; i++)
                    weights[i] /= design[i];
                return new IterationEnd(weights, pass, size, worst, size <= settings.Tolerance);
            }
        }
    }

    private static (double Size, int Column) LargestOf(IReadOnlyList<CellMargin> margins, double[][] sums, int? only, Misses misses, double[] totals)
    {
        var offset = 0;
        for (var m = 0; m < margins.Count; m++)
        {
            if (only is null || only == m)
                sums[m].CopyTo(totals, offset);
            else
                misses.Targets.AsSpan(offset, margins[m].Columns).CopyTo(totals.AsSpan(offset));
            offset += margins[m].Columns;
        }

        return misses.Largest(totals);
    }

    private static void Sum(ushort[] codes, double[] weights, double[] sums)
    {
        Array.Clear(sums);
        for (var i = 0; i < codes.Length; i++)
            sums[codes[i]] += weights[i];
    }

    private static void Scale(ushort[] codes, double[] factors, double[] weights, ushort[] nextCodes, double[] nextSums)
    {
        Array.Clear(nextSums);
        for (var i = 0; i < weights.Length; i++)
        {
            var weight = weights[i] * factors[codes[i]];
            weights[i] = weight;
            nextSums[nextCodes[i]] += weight;
        }
    }
}
