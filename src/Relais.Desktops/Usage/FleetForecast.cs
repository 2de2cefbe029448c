namespace Relais.Desktops.Usage;

public static partial class UsageShown
{
    /// <summary>What a stretch of a day will need at most.</summary>
    /// <param name="Hour">The local hour of the peak.</param>
    /// <param name="Low">Low and High hold nine in ten of the method's own misses on the days before.</param>
    /// <param name="Error">Median miss on the days before, as a share of what was.</param>
    /// <param name="Tried">On how many days it was tried.</param>
    public sealed record Peak(int Hour, double Value, double Low, double High, double Error, int Tried);

    /// <summary>An hour that is to come, in the institute's time.</summary>
    /// <param name="MiB">Memory that will be promised; null where there is too little history.</param>
    public sealed record HourToCome(DateOnly Day, int Hour, double? MiB);

    /// <summary>Peaks that are to come; null where there is too little history, with how much there is.</summary>
    /// <param name="BudgetMiB">What the machines may promise in all, at the last sample; 0 when none was taken.</param>
    /// <param name="DaysKept">Days that are over of which there are samples.</param>
    /// <param name="DesktopMiB">What one desktop was promised at the last sample, on average; 0 when none ran.</param>
    public sealed record FleetForecast(
        Peak? TonightDesktops, Peak? TonightMiB, Peak? TomorrowDesktops, Peak? TomorrowMiB, long BudgetMiB, int DaysKept, DateOnly Tomorrow, long DesktopMiB,
        IReadOnlyList<HourToCome> Hours);
}
