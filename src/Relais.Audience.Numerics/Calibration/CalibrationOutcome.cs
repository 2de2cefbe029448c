namespace Relais.Audience.Numerics.Calibration;

/// <summary>Either weights that meet every total, or why there are none. Never weights that do not.</summary>
public abstract record CalibrationOutcome
{
    private CalibrationOutcome()
    {
    }

    /// <summary>Every total is met.</summary>
    /// <param name="Weights">One a respondent, in their order.</param>
    /// <param name="Fit">How it went.</param>
    public sealed record Met(double[] Weights, CalibrationFit Fit) : CalibrationOutcome;

    /// <summary>No weights: why, what is nearest, and what would help.</summary>
    /// <param name="Reasons">At least one.</param>
    public sealed record Refused(IReadOnlyList<Refusal> Reasons) : CalibrationOutcome;
}

/// <summary>How a calibration went that met its totals.</summary>
/// <param name="Passes">Rounds of margins (raking) or Newton steps.</param>
/// <param name="LargestMiss">Of any total, relative as <see cref="CalibrationSettings.Tolerance"/>.</param>
/// <param name="WorstColumn">The total with the largest miss.</param>
/// <param name="NegativeWeights">How many weights are below zero: only linear calibration, or a lower bound below zero, gives any.</param>
/// <param name="AtLower">How many ratios lie on the lower bound.</param>
/// <param name="AtUpper">How many ratios lie on the upper bound.</param>
/// <param name="Redundant">Totals that follow from the others and agree with them: every categorical margin after the first has one.</param>
public sealed record CalibrationFit(
    int Passes, double LargestMiss, string WorstColumn, int NegativeWeights, int AtLower, int AtUpper, IReadOnlyList<string> Redundant);

/// <summary>A total that cannot be met.</summary>
/// <param name="Column">Such as <c>sex=F</c>.</param>
/// <param name="Target">What was asked.</param>
/// <param name="Nearest">What can be had.</param>
/// <param name="Before">What the design weights give.</param>
public sealed record Shortfall(string Column, double Target, double Nearest, double Before);

/// <summary>How far bounds must be opened for the totals to be met.</summary>
/// <param name="Bounds">With these they are met, to 1e-9 of each total.</param>
/// <param name="Precision">With bounds tighter than these by more than this it is proven that they are not.</param>
public sealed record Opening(Bounds Bounds, double Precision);

/// <summary>Why a calibration was refused.</summary>
public abstract record Refusal
{
    private Refusal()
    {
    }

    /// <summary>A design weight that is not positive and finite.</summary>
    public sealed record BadWeight(int Respondent, double Weight) : Refusal;

    /// <summary>A household whose people have different design weights, where one weight for each was asked.</summary>
    public sealed record UnevenHousehold(int First, int Second, double FirstWeight, double SecondWeight) : Refusal;

    /// <summary>A total above zero in a cell that nobody in the sample belongs to.</summary>
    public sealed record EmptyCell(string Column, double Total) : Refusal;

    /// <summary>A cell of the sample that the totals do not name.</summary>
    public sealed record NoTotal(string Column, int Respondents, int FirstRespondent) : Refusal;

    /// <summary>A total below zero, not finite, or zero where there are respondents.</summary>
    public sealed record ImpossibleTotal(string Column, double Total, int Respondents) : Refusal;

    /// <summary>Two margins over everybody that do not sum to the same population.</summary>
    public sealed record SumsDisagree(string Margin, double Sum, string Other, double OtherSum) : Refusal;

    /// <summary>A total that the others determine on this sample, and determine differently.</summary>
    /// <param name="Column">The total.</param>
    /// <param name="Target">What was asked.</param>
    /// <param name="Implied">What it must be, given the others.</param>
    /// <param name="Others">The totals that it follows from.</param>
    public sealed record Contradiction(string Column, double Target, double Implied, IReadOnlyList<string> Others) : Refusal;

    /// <summary>No weights within the bounds (or, without bounds, above zero) meet all totals.</summary>
    /// <param name="Bounds">The bounds, zero and infinity for raking.</param>
    /// <param name="Alone">Cells that cannot be met even alone: their ratio of target to weighted count lies outside the bounds.</param>
    /// <param name="Together">The attainable totals nearest to the targets, where they differ; squared misses over targets are least.</param>
    /// <param name="Both">Least opening when both bounds move away from 1 in proportion, the lower one not beyond zero unless it was; null when none is enough.</param>
    /// <param name="UpperOnly">Least opening of the upper bound alone.</param>
    /// <param name="LowerOnly">Least opening of the lower bound alone.</param>
    public sealed record OutOfReach(
        Bounds Bounds, IReadOnlyList<Shortfall> Alone, IReadOnlyList<Shortfall> Together, Opening? Both, Opening? UpperOnly, Opening? LowerOnly) : Refusal;

    /// <summary>Weights exist, but the passes allowed did not reach the tolerance.</summary>
    public sealed record NotConverged(int Passes, double LargestMiss, string WorstColumn, double Tolerance) : Refusal;
}
