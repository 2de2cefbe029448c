namespace Relais.Audience.Numerics.Calibration;

/// <summary>What can be seen to be wrong before anything is computed.</summary>
internal static class InputChecks
{
    public static List<Refusal> Of(CalibrationProblem problem, CalibrationSettings settings)
    {
        var refusals = new List<Refusal>();
        var weights = problem.DesignWeights;
        for (var i = 0; i < weights.Length; i++)
        {
            if (!(weights[i] > 0 && double.IsFinite(weights[i])))
                refusals.Add(new Refusal.BadWeight(i, weights[i]));
        }

        if (problem.Households is { } households)
            AddUneven(refusals, households, weights);
        foreach (var margin in problem.Margins.OfType<CellMargin>())
            AddCells(refusals, margin);
        if (refusals.Count == 0)
            AddSums(refusals, problem, settings.Tolerance);
        return refusals;
    }

    private static void AddUneven(List<Refusal> refusals, int[] households, double[] weights)
    {
        var first = new Dictionary<int, int>();
        for (var i = 0; i < households.Length; i++)
        {
            if (!first.TryAdd(households[i], i) && weights[first[households[i]]] != weights[i])
                refusals.Add(new Refusal.UnevenHousehold(first[households[i]], i, weights[first[households[i]]], weights[i]));
        }
    }

    private static void AddCells(List<Refusal> refusals, CellMargin margin)
    {
        var (counts, first) = (new int[margin.Columns], new int[margin.Columns]);
        for (var i = margin.Codes.Length - 1; i >= 0; i--)
        {
            counts[margin.Codes[i]]++;
            first[margin.Codes[i]] = i;
        }

        for (var k = 0; k < margin.Columns; k++)
        {
            var total = margin.Totals[k];
            if (double.IsNaN(total))
            {
                if (counts[k] > 0)
                    refusals.Add(new Refusal.NoTotal(margin.ColumnName(k), counts[k], first[k]));
            }
            else if (total < 0 || !double.IsFinite(total) || (total == 0 && counts[k] > 0))
            {
                refusals.Add(new Refusal.ImpossibleTotal(margin.ColumnName(k), total, counts[k]));
            }
            else if (total > 0 && counts[k] == 0)
            {
                refusals.Add(new Refusal.EmptyCell(margin.ColumnName(k), total));
            }
        }
    }

    private static void AddSums(List<Refusal> refusals, CalibrationProblem problem, double tolerance)
    {
        (string Name, double Sum)? reference = null;
        foreach (var margin in problem.Margins)
        {
            // The size of the population is the total of a variable that is 1 for everybody.
            double? sum = margin switch
            {
                CellMargin cell => Weighted.Sum(Known(cell)),
                TotalMargin total when total.Values.AsSpan().IndexOfAnyExcept(1.0) < 0 => total.Total(0),
                _ => null,
            };
            if (sum is not { } here)
                continue;
            if (reference is not { } known)
                reference = (margin.Name, here);
            // Sums of decimal totals carry rounding of their own.
            else if (Math.Abs(here - known.Sum) > Math.Max(tolerance, 1e-12) * Math.Max(here, known.Sum))
                refusals.Add(new Refusal.SumsDisagree(margin.Name, here, known.Name, known.Sum));
        }
    }

    private static double[] Known(CellMargin cell) => [.. cell.Totals.ToArray().Where(t => !double.IsNaN(t))];
}
