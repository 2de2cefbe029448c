namespace Relais.Desktops.Usage;

/// <summary>The most of one local hour.</summary>
internal sealed record HourPeak(DateOnly Day, int Hour, double Value);

/// <summary>What a stretch of a day will need at most.</summary>
/// <param name="Hour">The local hour of the peak.</param>
/// <param name="Low">Low and High hold nine in ten of the method's own misses on the days before.</param>
/// <param name="Error">Median miss on the days before, as a share of what was.</param>
/// <param name="Tried">On how many days it was tried.</param>
internal sealed record Peak(int Hour, double Value, double Low, double High, double Error, int Tried);

/// <summary>
/// A peak from the same weekday's hours: Theil–Sen's line through up to eight weeks, so that one odd day moves nothing. Pure. Its range comes from trying
/// it on days that are over with what was known before each of them; too little of that gives no answer.
/// </summary>
internal static class Forecast
{
    public const int Weeks = 8;

    /// <summary>Same weekdays that must be there.</summary>
    public const int LeastWeeks = 3;

    /// <summary>Days that it must have been tried on.</summary>
    public const int LeastTried = 5;

    /// <returns>Null when there is too little history.</returns>
    public static Peak? Of(IReadOnlyCollection<HourPeak> history, DateOnly day, int fromHour)
    {
        var known = history.GroupBy(h => (h.Day, h.Hour)).ToDictionary(g => g.Key, g => g.Max(h => h.Value));
        if (PeakOf(known, day, fromHour) is not { } peak)
            return null;
        List<double> misses = [];
        List<double> shares = [];
        for (var back = 1; back <= Weeks * 7; back++)
        {
            var past = day.AddDays(-back);
            var was = Enumerable.Range(fromHour, 24 - fromHour).Select(h => known.TryGetValue((past, h), out var value) ? value : -1).Max();
            // PeakOf reads only days before the one it is asked for.
            if (was < 0 || PeakOf(known, past, fromHour) is not { } said)
                continue;
            misses.Add(Math.Abs(said.Value - was));
            if (was > 0)
                shares.Add(Math.Abs(said.Value - was) / was);
        }

        if (misses.Count < LeastTried)
            return null;
        var width = Quantile(misses, 0.9);
        return new Peak(peak.Hour, peak.Value, Math.Max(0, peak.Value - width), peak.Value + width, shares.Count == 0 ? 0 : Quantile(shares, 0.5), misses.Count);
    }

    private static (int Hour, double Value)? PeakOf(Dictionary<(DateOnly Day, int Hour), double> known, DateOnly day, int fromHour)
    {
        (int Hour, double Value)? peak = null;
        for (var hour = fromHour; hour < 24; hour++)
        {
            if (AtHour(known, day, hour) is { } value && (peak is not { } best || value > best.Value))
                peak = (hour, value);
        }

        return peak;
    }

    private static double? AtHour(Dictionary<(DateOnly Day, int Hour), double> known, DateOnly day, int hour)
    {
        List<(double Week, double Value)> points = [];
        for (var week = 1; week <= Weeks; week++)
        {
            if (known.TryGetValue((day.AddDays(-7 * week), hour), out var value))
                points.Add((-week, value));
        }

        if (points.Count < LeastWeeks)
            return null;
        List<double> slopes = [];
        for (var i = 0; i < points.Count; i++)
        {
            for (var j = i + 1; j < points.Count; j++)
                slopes.Add((points[i].Value - points[j].Value) / (points[i].Week - points[j].Week));
        }

        var slope = Quantile(slopes, 0.5);
        return Math.Max(0, Quantile([.. points.Select(p => p.Value - (slope * p.Week))], 0.5));
    }

    private static double Quantile(List<double> values, double share)
    {
        var sorted = values.Order().ToArray();
        var at = share * (sorted.Length - 1);
        var low = (int)at;
        return low + 1 == sorted.Length ? sorted[low] : sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low]));
    }
}
