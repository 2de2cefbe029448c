using System.Globalization;
using Relais.Audience.Numerics.Calibration;

namespace Relais.Audience.Weighing;

/// <summary>Why no weights meet the margins, in words.</summary>
internal static class Diagnosis
{
    private const int MostTotals = 20;

    /// <param name="nameOf">What a respondent is called.</param>
    public static IEnumerable<string> Of(Refusal refusal, Func<int, string> nameOf) => refusal switch
    {
        Refusal.BadWeight bad => [$"Respondent {nameOf(bad.Respondent)} has the design weight {Short(bad.Weight)}: every weight must be above zero."],
        Refusal.UnevenHousehold uneven =>
            [$"Respondents {nameOf(uneven.First)} and {nameOf(uneven.Second)} share a household and have the design weights {Short(uneven.FirstWeight)} and {Short(uneven.SecondWeight)}: one weight a household needs one design weight."],
        Refusal.EmptyCell empty =>
            [$"{empty.Column}: the total is {Short(empty.Total)}, and no respondent is in this cell. Join it to a neighbouring level, in the sample and in the margins."],
        Refusal.NoTotal none =>
            [$"{none.Column}: {Count(none.Respondents)} of the sample ({nameOf(none.FirstRespondent)} is the first), and the margins have no such level. Add its total, or recode."],
        Refusal.ImpossibleTotal { Total: 0 } zero =>
            [$"{zero.Column}: the total is 0, and {Count(zero.Respondents)} of the sample in this cell. Remove them, or give the cell its total."],
        Refusal.ImpossibleTotal impossible => [$"{impossible.Column}: the total {Short(impossible.Total)} is not a number of people."],
        Refusal.SumsDisagree sums =>
            [$"The totals of {sums.Margin} sum to {Long(sums.Sum)} and those of {sums.Other} to {Long(sums.OtherSum)}: they disagree by {Long(Math.Abs(sums.Sum - sums.OtherSum))}. Bring them to the same population, or allow it by --tolerance."],
        Refusal.Contradiction contradiction => [Contradicted(contradiction)],
        Refusal.OutOfReach reach => Reach(reach),
        Refusal.NotConverged slow =>
            [$"After {slow.Passes} passes {slow.WorstColumn} is still missed by {Short(slow.LargestMiss)} of its total, and the tolerance is {Short(slow.Tolerance)}. The totals can be met: allow more --passes or a larger --tolerance, or use the method raking."],
        _ => throw new InvalidOperationException(refusal.GetType().Name),
    };

    private static string Contradicted(Refusal.Contradiction contradiction) => contradiction.Others.Count == 0
        ? $"{contradiction.Column}: every respondent has the value 0, and the total is {Long(contradiction.Target)}."
        : $"{contradiction.Column}: the total is {Long(contradiction.Target)}, but in this sample it follows from {string.Join(", ", contradiction.Others.Take(MostTotals))}{(contradiction.Others.Count > MostTotals ? ", ..." : "")} to be {Long(contradiction.Implied)}: they contradict by {Long(Math.Abs(contradiction.Target - contradiction.Implied))}.";

    private static IEnumerable<string> Reach(Refusal.OutOfReach reach)
    {
        var within = double.IsFinite(reach.Bounds.Upper)
            ? $"with ratios from {Short(reach.Bounds.Lower)} to {Short(reach.Bounds.Upper)}"
            : reach.Bounds.Lower > 0 ? $"with ratios of at least {Short(reach.Bounds.Lower)}" : "with weights above zero";
        foreach (var cell in reach.Alone)
        {
            var most = cell.Nearest < cell.Target ? "at most" : "at least";
            yield return $"{cell.Column}: the total is {Long(cell.Target)}; {within} it comes to {most} {Long(cell.Nearest)}. The design weights give {Long(cell.Before)}, and {Short(cell.Target / cell.Before)} times that is asked.";
        }

        yield return $"The totals cannot all be met {within}. Nearest attainable, all together:";
        foreach (var total in reach.Together.Take(MostTotals))
            yield return $"  {total.Column}: {Long(total.Nearest)} instead of {Long(total.Target)} ({Percent((total.Nearest - total.Target) / total.Target)})";
        if (reach.Together.Count > MostTotals)
            yield return $"  and {reach.Together.Count - MostTotals} more";
        if (!double.IsFinite(reach.Bounds.Upper))
        {
            yield return reach.LowerOnly is { } opened
                ? opened.Bounds.Lower < 0
                    ? $"Negative weights down to {Short(opened.Bounds.Lower)} times the design weight would be needed: join cells, or correct the totals."
                    : $"Opening the lower bound: to {Down(opened.Bounds.Lower)} at least (found to {Rough(opened.Precision)})."
                : "Some cells exclude one another in this sample: join cells, or correct the totals.";
            yield break;
        }

        yield return reach.Both switch
        {
            { Bounds.Lower: 0 } zero => $"Opening the lower bound to 0 and the upper one to {Up(zero.Bounds.Upper)} at least (found to {Rough(zero.Precision)}).",
            { } both => $"Opening both bounds in proportion: to {Down(both.Bounds.Lower)} and {Up(both.Bounds.Upper)} at least (found to {Rough(both.Precision)}){(both.Bounds.Lower < 0 ? ", which allows negative weights" : "")}.",
            null => "However far both bounds are opened, the totals are not met: some cells exclude one another in this sample.",
        };
        yield return reach.UpperOnly is { } upper
            ? $"Opening the upper bound alone: to {Up(upper.Bounds.Upper)} at least (found to {Rough(upper.Precision)})."
            : "Opening the upper bound alone is not enough.";
        yield return reach.LowerOnly is { } lower
            ? $"Opening the lower bound alone: to {Down(lower.Bounds.Lower)} at least (found to {Rough(lower.Precision)}){(lower.Bounds.Lower < 0 ? ", which allows negative weights" : "")}."
            : "Opening the lower bound alone is not enough.";
    }

    private static string Count(int respondents) => respondents == 1 ? "there is 1 respondent" : $"there are {respondents.ToString(CultureInfo.InvariantCulture)} respondents";

    private static string Short(double value) => value.ToString("G5", CultureInfo.InvariantCulture);

    // Bounds are rounded outwards, so that those that are shown do.
    private static string Up(double bound) => Short(Math.Ceiling(bound * 1e4) / 1e4);

    private static string Down(double bound) => Short(Math.Floor(bound * 1e4) / 1e4);

    private static string Rough(double value) => value.ToString("G2", CultureInfo.InvariantCulture);

    private static string Long(double value) => value.ToString(Math.Abs(value) < 1e15 ? "0.######" : "R", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (100 * share).ToString("+0.###;-0.###", CultureInfo.InvariantCulture) + " %";
}
