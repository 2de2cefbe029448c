using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Calibration;

/// <summary>
/// Respondents who are in the same cell of every margin, taken as one: for questions of what can be reached they are, whatever their number.
/// </summary>
internal static class Patterns
{
    /// <summary>The same totals over fewer rows; null when numeric values or households tell everybody apart.</summary>
    public static ModelRows? Of(CalibrationProblem problem)
    {
        if (problem.Households is not null || problem.Margins.Any(m => m is TotalMargin))
            return null;
        var margins = problem.Margins.OfType<CellMargin>().ToArray();
        // Each pattern a number in mixed base, which must fit.
        var (numbers, size) = (new ulong[problem.Respondents], 1.0);
        foreach (var margin in margins)
        {
            size *= margin.Columns;
            if (size > 1e18)
                return null;
            for (var i = 0; i < numbers.Length; i++)
                numbers[i] = numbers[i] * (ulong)margin.Columns + margin.Codes[i];
        }

        var (places, weights, first) = (new Dictionary<ulong, int>(), new List<double>(), new List<int>());
        for (var i = 0; i < numbers.Length; i++)
        {
            ref var place = ref CollectionsMarshal.GetValueRefOrAddDefault(places, numbers[i], out var known);
            if (!known)
            {
                place = weights.Count;
                weights.Add(0);
                first.Add(i);
            }

            weights[place] += problem.DesignWeights[i];
        }

        return new CodedRows(new CalibrationProblem([.. weights], [.. margins.Select(m =>
            new CellMargin(m.Name, m.Levels, [.. first.Select(i => m.Codes[i])], m.Totals.ToArray()))]));
    }
}
