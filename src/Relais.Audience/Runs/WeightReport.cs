namespace Relais.Audience.Runs;

/// <summary>How the weights came out.</summary>
/// <param name="DesignEffect">Kish (1965): n times the sum of squares over the square of the sum; 1 when all are equal.</param>
/// <param name="EffectiveInterviews">Interviews divided by <paramref name="DesignEffect"/>.</param>
/// <param name="Histogram">Counts of weights over their mean, in classes of <paramref name="ClassWidth"/> from 0; the last holds all beyond.</param>
internal sealed record WeightReport(
    int Interviews, double Population, double DesignEffect, double EffectiveInterviews, double Least, double Median, double Most, double LeastRatio, double MostRatio,
    double ClassWidth, IReadOnlyList<int> Histogram, FitReport Fit, IReadOnlyList<MarginReport> Margins);

/// <param name="LargestMiss">Of any total, relative.</param>
internal sealed record FitReport(string Method, int Passes, double LargestMiss, int Negative, int AtLower, int AtUpper);

/// <param name="Before">With design weights, scaled to the margin's sum for categorical ones.</param>
internal sealed record MarginReport(string Variable, string Level, int Interviews, double Before, double After, double Target);

/// <summary>Why a run failed, as a code that pages have words for, with what the words name.</summary>
internal sealed record RunFault(string Code, params IReadOnlyList<string> Named)
{
    /// <summary>Numbers that the words name, after <see cref="Named"/>.</summary>
    public IReadOnlyList<double> Numbers { get; init; } = [];

    public IReadOnlyList<CellMiss> Cells { get; init; } = [];
}

/// <summary>A cell that can't be met, with what can.</summary>
internal sealed record CellMiss(string Cell, double Target, double Nearest, double Before);
