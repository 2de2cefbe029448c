namespace Relais.Fieldwork.Forecasts;

/// <summary>What a cell, or a whole wave, did so far and has left to do.</summary>
/// <param name="Target">Completed interviews wanted.</param>
/// <param name="Recent">Completed in <paramref name="RecentHours"/> of opening hours, the last ones.</param>
/// <param name="HoursLeft">Opening hours until the end of the wave.</param>
/// <param name="CasesLeft">Cases that may still be called; null: the sample does not know which are of this cell.</param>
/// <param name="Worked">Cases that are over, completed or not, by which <paramref name="CasesLeft"/> are judged.</param>
/// <param name="WorkedCompleted">Of those, completed.</param>
internal sealed record CellProgress(int Target, int Completed, int Recent, double RecentHours, double HoursLeft, long? CasesLeft, long Worked, long WorkedCompleted);

internal enum ForecastReason
{
    /// <summary>Interviews do not come fast enough for the hours left.</summary>
    Pace,

    /// <summary>Too few cases are left, at the share of them that becomes an interview.</summary>
    Cases,
}

/// <summary>How a cell will end when all goes on as it did lately.</summary>
/// <param name="Expected">Completed interviews at the end.</param>
/// <param name="Missing">How many short of the target; 0: none.</param>
/// <param name="Sure">It misses also when the pace was only low by chance, 975 times of a thousand.</param>
/// <param name="PerHour">Completed interviews an opening hour, lately.</param>
internal sealed record CellForecast(double Expected, int Missing, bool Sure, ForecastReason Reason, double PerHour)
{
    /// <summary>Opening hours that must have been observed before anything is said.</summary>
    public const double FewestHours = 2;

    /// <summary>Cases that must be over before the share of them is taken for a rate.</summary>
    private const int FewestCases = 30;

    /// <returns>Null: too little was observed to say anything, or there is nothing left to do.</returns>
    public static CellForecast? Of(CellProgress progress)
    {
        if (progress.Completed >= progress.Target || progress.RecentHours < FewestHours)
            return null;
        var pace = progress.Recent / progress.RecentHours;
        // The upper end of a Poisson count's interval, for a pace that was only unlucky.
        var bestPace = (new Productivity.EventRatio(progress.Recent, 1).Interval(Productivity.EventRatio.Usual)?.High ?? 0) / progress.RecentHours;
        var (byPace, best) = (pace * progress.HoursLeft, bestPace * progress.HoursLeft);
        var byCases = progress is { CasesLeft: { } left, Worked: >= FewestCases } ? left * ((double)progress.WorkedCompleted / progress.Worked) : double.PositiveInfinity;
        if (progress.CasesLeft == 0)
            byCases = 0;
        var more = Math.Min(byPace, byCases);
        var missing = (int)Math.Round(progress.Target - progress.Completed - more, MidpointRounding.AwayFromZero);
        var sure = progress.Target - progress.Completed - Math.Min(best, byCases) >= 1;
        return new CellForecast(progress.Completed + more, Math.Max(0, missing), missing >= 1 && sure, byCases < byPace ? ForecastReason.Cases : ForecastReason.Pace, pace);
    }
}
