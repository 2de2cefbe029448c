using Relais.Audience.Numerics.Radio;

namespace Relais.Audience.Figures;

/// <summary>
/// Reach over several days of one row, in per cent of the target. Each person was asked about one day, so it is a model and never a measurement:
/// <see cref="Model"/> takes quarter hours for independent contacts and is rather low, <see cref="Bound"/> takes days for independent and can't be exceeded.
/// </summary>
/// <param name="Model">Negative binomial; null where no such law fits.</param>
/// <param name="FromTwoDays">Beta-binomial, from a reach of two days that was measured elsewhere; null without one, or where no such law fits.</param>
internal sealed record ShownReach(IReadOnlyList<double>? Model, IReadOnlyList<double> Bound, IReadOnlyList<double>? FromTwoDays)
{
    public const int Days = 28;

    /// <summary>The numbers of days that tables show.</summary>
    public static readonly IReadOnlyList<int> Shown = [1, 2, 3, 7, 14, 21, 28];

    /// <param name="twoDays">In per cent.</param>
    public static ShownReach Of(ShownValues values, double? twoDays = null)
    {
        var (oneDay, contacts) = (values.AcPct.Value / 100, values.Volume / values.Universe);
        return new ShownReach(
            Percent(Accumulation.NegativeBinomial(oneDay, contacts, Days)), Percent(Accumulation.Binomial(oneDay, Days))!,
            twoDays is { } two ? Percent(Accumulation.BetaBinomial(oneDay, two / 100, Days)) : null);
    }

    /// <summary>Between which the reach of two days must lie for a law to fit.</summary>
    public static (double Low, double High) TwoDaysOf(ShownValues values) => (values.AcPct.Value, 100 * (1 - Math.Pow(1 - (values.AcPct.Value / 100), 2)));

    private static List<double>? Percent(Accumulation? reach) => reach is null ? null : [.. reach.ReachByDays.Select(r => 100 * r)];
}
