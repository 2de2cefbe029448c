using Relais.Audience.Inputs;
using Relais.Audience.Numerics;

namespace Relais.Audience.Runs;

/// <summary>Makes the report on a run's weights.</summary>
internal static class WeightSummary
{
    private const int Classes = 24;
    private const double ClassWidth = 0.125;

    public static WeightReport Of(Respondents respondents, double[] weights, FitReport fit, IReadOnlyList<MarginReport> margins)
    {
        var sum = Weighted.Sum(weights);
        var squares = Weighted.Sum([.. weights.Select(w => w * w)]);
        var mean = sum / weights.Length;
        var sorted = (double[])weights.Clone();
        Array.Sort(sorted);
        var histogram = new int[Classes];
        foreach (var weight in weights)
            histogram[Math.Clamp((int)(weight / mean / ClassWidth), 0, Classes - 1)]++;
        // The design weights may be on any scale: ratios are told against their own mean.
        var designMean = Weighted.Sum(respondents.Weights) / weights.Length;
        var ratios = weights.Select((w, i) => w / mean / (respondents.Weights[i] / designMean)).ToList();
        var effect = weights.Length * squares / (sum * sum);
        return new WeightReport(
            weights.Length, sum, effect, weights.Length / effect, sorted[0], sorted[sorted.Length / 2], sorted[^1], ratios.Min(), ratios.Max(),
            ClassWidth, histogram, fit, margins);
    }
}
