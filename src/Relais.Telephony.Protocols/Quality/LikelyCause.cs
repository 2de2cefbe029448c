using System.Runtime.InteropServices;

namespace Relais.Telephony.Protocols.Quality;

/// <summary>What most likely spoils a leg.</summary>
public enum QualityCause
{
    /// <summary>This operator's line.</summary>
    Trunk,

    /// <summary>The institute's own way out: the lines of several operators are bad at once.</summary>
    Institute,

    /// <summary>The interviewer's wireless network: packets come unevenly, with no queue that would explain it.</summary>
    Wireless,

    /// <summary>The interviewer's line is full: a queue grows, as when somebody uploads.</summary>
    Bandwidth,

    /// <summary>The interviewer's computer does not keep up with its own sound.</summary>
    Computer,

    /// <summary>The way to the interviewer, for no reason that the measures tell.</summary>
    HomeNetwork,
}

/// <summary>What a browser tells of its leg besides what every leg has.</summary>
/// <param name="Measure">Loss, jitter, round trip.</param>
/// <param name="BestRoundTripMs">The shortest round trip of this call so far; null where none is known.</param>
/// <param name="StarvedPercent">Share of the time in which the computer recorded or played nothing because it was busy, 0 to 100.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct HomeMeasure(LegMeasure Measure, double? BestRoundTripMs, double StarvedPercent);

/// <summary>From measures to a cause. A rule of thumb, said as "probably".</summary>
public static class LikelyCause
{
    private const double Starved = 2;
    private const double QueueGrowth = 2.5;
    private const double QueueMs = 100;
    private const double UnevenMs = 25;

    /// <summary>Why an operator's leg is bad.</summary>
    /// <param name="badTrunks">How many operators' lines have a bad leg now, this one included.</param>
    /// <param name="trunks">How many operators' lines carry calls now.</param>
    public static QualityCause OfTrunk(int badTrunks, int trunks) => trunks >= 2 && badTrunks == trunks ? QualityCause.Institute : QualityCause.Trunk;

    /// <summary>Why an interviewer's leg is bad. A computer that is too busy looks like a bad network too, so it is asked first.</summary>
    public static QualityCause OfHome(HomeMeasure home)
    {
        if (home.StarvedPercent >= Starved)
            return QualityCause.Computer;
        if (home is { BestRoundTripMs: { } best, Measure.RoundTripMs: { } trip } && trip > QueueMs && trip >= best * QueueGrowth && trip - best > QueueMs)
            return QualityCause.Bandwidth;
        return home.Measure.JitterMs >= UnevenMs ? QualityCause.Wireless : QualityCause.HomeNetwork;
    }
}
