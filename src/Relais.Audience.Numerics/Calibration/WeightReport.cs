using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Calibration;

/// <summary>What the weights look like and what they cost in precision.</summary>
/// <param name="Respondents">How many.</param>
/// <param name="Sum">Of the weights.</param>
/// <param name="Least">The smallest weight.</param>
/// <param name="Most">The largest weight.</param>
/// <param name="Median">The weight in the middle (the lower of two).</param>
/// <param name="LeastRatio">The smallest g, new weight by design weight.</param>
/// <param name="MostRatio">The largest g.</param>
/// <param name="DesignEffect">Kish (1965): n sum w² / (sum w)², the factor by which unequal weights alone raise the variance of a mean.</param>
/// <param name="DesignEffectBefore">The same of the design weights.</param>
/// <param name="EffectiveSize">n / design effect.</param>
/// <param name="Efficiency">1 / design effect, from 0 to 1.</param>
/// <param name="MassAtLower">Share of the sum of weights that lies on the lower bound.</param>
/// <param name="MassAtUpper">Share of the sum of weights that the upper bound cut to itself.</param>
/// <param name="Negative">How many weights are below zero.</param>
/// <param name="Histogram">Respondents by weight, in bars of equal width from the smallest to the largest.</param>
/// <param name="Totals">Every total: what was asked, what the design weights gave, what the weights give.</param>
public sealed record WeightReport(
    int Respondents, double Sum, double Least, double Most, double Median, double LeastRatio, double MostRatio,
    double DesignEffect, double DesignEffectBefore, double EffectiveSize, double Efficiency,
    double MassAtLower, double MassAtUpper, int Negative, IReadOnlyList<WeightReport.Bar> Histogram, IReadOnlyList<WeightReport.Line> Totals)
{
    /// <summary>Respondents whose weight is at least the first value and below the second (at most it, in the last bar).</summary>
    [StructLayout(LayoutKind.Auto)]
    public readonly record struct Bar(double From, double To, int Respondents);

    /// <summary>One total.</summary>
    /// <param name="Margin">Its margin.</param>
    /// <param name="Column">Such as <c>sex=F</c>.</param>
    /// <param name="Respondents">How many count in it: those of the cell, or those with a value other than 0.</param>
    /// <param name="Before">By the design weights.</param>
    /// <param name="Target">What was asked.</param>
    /// <param name="After">By the new weights.</param>
    public sealed record Line(string Margin, string Column, int Respondents, double Before, double Target, double After);

    private const int Bars = 20;

    /// <summary>Describes weights that a calibration gave.</summary>
    public static WeightReport Of(CalibrationProblem problem, double[] weights, Bounds? bounds = null)
    {
        var design = problem.DesignWeights;
        var (leastRatio, mostRatio, atLower, atUpper) = (double.PositiveInfinity, double.NegativeInfinity, 0.0, 0.0);
        for (var i = 0; i < weights.Length; i++)
        {
            var ratio = weights[i] / design[i];
            (leastRatio, mostRatio) = (Math.Min(leastRatio, ratio), Math.Max(mostRatio, ratio));
            if (bounds is not { } b)
                continue;
            if (ratio <= b.Lower + 1e-12 * Math.Abs(b.Lower))
                atLower += weights[i];
            else if (ratio >= b.Upper - 1e-12 * Math.Abs(b.Upper))
                atUpper += weights[i];
        }

        var sorted = weights.ToArray();
        Array.Sort(sorted);
        var (sum, effect) = (Weighted.Sum(weights), Kish(weights));
        return new WeightReport(
            weights.Length, sum, sorted[0], sorted[^1], sorted[(sorted.Length - 1) / 2], leastRatio, mostRatio,
            effect, Kish(design), weights.Length / effect, 1 / effect, atLower / sum, atUpper / sum,
            weights.Count(w => w < 0), BarsOf(sorted), LinesOf(problem, weights));
    }

    /// <summary>Kish's design effect of weighting, n sum w² / (sum w)².</summary>
    public static double Kish(ReadOnlySpan<double> weights)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var weight in weights)
        {
            sum += weight;
            squares += weight * weight;
        }

        return weights.Length * squares / (sum * sum);
    }

    private static Bar[] BarsOf(double[] sorted)
    {
        var (least, most) = (sorted[0], sorted[^1]);
        if (least == most)
            return [new Bar(least, most, sorted.Length)];
        var (bars, width, at) = (new Bar[Bars], (most - least) / Bars, 0);
        for (var bar = 0; bar < Bars; bar++)
        {
            var (to, from) = (bar == Bars - 1 ? most : least + (bar + 1) * width, at);
            while (at < sorted.Length && (bar == Bars - 1 || sorted[at] < to))
                at++;
            bars[bar] = new Bar(least + bar * width, to, at - from);
        }

        return bars;
    }

    private static List<Line> LinesOf(CalibrationProblem problem, double[] weights)
    {
        var lines = new List<Line>();
        foreach (var margin in problem.Margins)
        {
            var (counts, before, after) = (new int[margin.Columns], new double[margin.Columns], new double[margin.Columns]);
            for (var i = 0; i < weights.Length; i++)
            {
                var (column, value) = margin is CellMargin cell ? (cell.Codes[i], 1.0) : (0, ((TotalMargin)margin).Values[i]);
                counts[column] += value != 0 ? 1 : 0;
                before[column] += value * problem.DesignWeights[i];
                after[column] += value * weights[i];
            }

            for (var k = 0; k < margin.Columns; k++)
            {
                if (!double.IsNaN(margin.Total(k)))
                    lines.Add(new Line(margin.Name, margin.ColumnName(k), counts[k], before[k], margin.Total(k), after[k]));
            }
        }

        return lines;
    }
}
