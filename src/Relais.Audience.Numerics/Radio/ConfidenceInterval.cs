using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>How an interval was made.</summary>
public enum IntervalMethod
{
    /// <summary>Estimate plus and minus z standard errors.</summary>
    Normal,

    /// <summary>Normal on the scale log(p / (1 - p)), brought back: never below 0 or above 1, and longer towards the middle.</summary>
    Logit,

    /// <summary>Wilson's score interval with the interviews, or with as many as the design's variance is worth.</summary>
    Wilson,
}

/// <summary>A two-sided confidence interval, in the unit of its estimate.</summary>
/// <param name="Level">Such as 0.95.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ConfidenceInterval(double Low, double High, double Level, IntervalMethod Method)
{
    /// <summary>For totals, averages and ratios far from a limit of their range.</summary>
    public static ConfidenceInterval Normal(double estimate, double standardError, double level = 0.95)
    {
        var reach = Z(level) * standardError;
        return new(estimate - reach, estimate + reach, level, IntervalMethod.Normal);
    }

    /// <summary>
    /// For a proportion: the logit interval, as R survey's <c>svyciprop(method = "logit")</c> with the normal law. Where it says nothing, because the
    /// proportion is 0 or 1 or has no standard error, Wilson's with <paramref name="interviews"/> takes its place, and the result says so.
    /// </summary>
    /// <param name="proportion">From 0 to 1.</param>
    /// <param name="standardError">Of the proportion.</param>
    public static ConfidenceInterval Proportion(double proportion, double standardError, int interviews, double level = 0.95)
    {
        if (proportion is <= 0 or >= 1 || !(standardError > 0))
            return Wilson(proportion, interviews, level);

        var odds = Math.Log(proportion / (1 - proportion));
        var reach = Z(level) * standardError / (proportion * (1 - proportion));
        return new(1 / (1 + Math.Exp(reach - odds)), 1 / (1 + Math.Exp(-reach - odds)), level, IntervalMethod.Logit);
    }

    /// <summary><see cref="Proportion"/> for a figure in per cent with its standard error in points.</summary>
    public static ConfidenceInterval Percentage(double percent, double standardError, int interviews, double level = 0.95)
    {
        var interval = Proportion(percent / 100, standardError / 100, interviews, level);
        return interval with { Low = 100 * interval.Low, High = 100 * interval.High };
    }

    /// <summary>
    /// Wilson's score interval (1927) with the sample size that a simple random sample of the same variance would have: p (1 - p) / SE^2. Good for
    /// small proportions of unequally weighted interviews.
    /// </summary>
    public static ConfidenceInterval EffectiveWilson(double proportion, double standardError, int interviews, double level = 0.95) =>
        Wilson(proportion, proportion is > 0 and < 1 && standardError > 0 ? proportion * (1 - proportion) / (standardError * standardError) : interviews, level);

    private static ConfidenceInterval Wilson(double proportion, double interviews, double level)
    {
        var square = Z(level) * Z(level);
        var middle = (proportion + square / (2 * interviews)) / (1 + square / interviews);
        var reach = Math.Sqrt(square * (proportion * (1 - proportion) / interviews + square / (4 * interviews * interviews))) / (1 + square / interviews);
        return new(Math.Max(0, middle - reach), Math.Min(1, middle + reach), level, IntervalMethod.Wilson);
    }

    private static double Z(double level) => NormalLaw.Quantile((1 + level) / 2);
}
