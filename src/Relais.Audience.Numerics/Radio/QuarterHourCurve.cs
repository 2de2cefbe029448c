namespace Relais.Audience.Numerics.Radio;

/// <summary>The audience of each quarter hour of the day, for curves.</summary>
public static class QuarterHourCurve
{
    /// <summary>A table whose bands are the day's quarter hours in order, named by their beginnings; in each, AC and QHM are the same figure.</summary>
    /// <exception cref="ArgumentException">A mask is of another sample, or a group names a station that is not there.</exception>
    public static IndicatorTable From(RadioSample sample, IReadOnlyList<Target> targets, IReadOnlyList<StationGroup> groups,
        int threads = -1, CancellationToken cancel = default) =>
        ComputeIndicators.From(sample, new(targets, Band.EachQuarterHour(sample.Listening.Day), groups), threads, cancel);
}
