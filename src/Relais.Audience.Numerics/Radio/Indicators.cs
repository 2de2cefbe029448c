using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// The audience of one row (total radio, a group or a station) in one band among one target. Names are those of the trade in French:
/// AC is the cumulative audience (reach), QHM the average quarter hour, DEA the time spent a listener, PDA the share.
/// </summary>
/// <remarks>
/// <c>Se</c> is a standard error, in the unit of what it belongs to. A figure that divides by nothing, such as the time spent of a station that
/// nobody heard, is <see cref="double.NaN"/>. AC x DEA = 15 x |B| x QHM, |B| being the band's quarter hours.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Indicators
{
    /// <summary>Interviews in the target.</summary>
    public required int Interviews { get; init; }

    /// <summary>Interviews of listeners.</summary>
    public required int Listeners { get; init; }

    /// <summary>People in the target: the sum of its weights.</summary>
    public required double Universe { get; init; }

    /// <summary>Cumulative audience: people who listened at least once in the band.</summary>
    public required double Ac { get; init; }

    public required double AcSe { get; init; }

    /// <summary>Cumulative audience in per cent of the target.</summary>
    public required double AcPct { get; init; }

    public required double AcPctSe { get; init; }

    /// <summary>Average quarter hour: people listening in a quarter hour of the band, on average.</summary>
    public required double Qhm { get; init; }

    public required double QhmSe { get; init; }

    /// <summary>Average quarter hour in per cent of the target.</summary>
    public required double QhmPct { get; init; }

    public required double QhmPctSe { get; init; }

    /// <summary>
    /// Listening volume in people x quarter hours, each station counted for itself: in a group and in total radio a quarter hour that one person
    /// spent with two stations counts twice, because the share needs it.
    /// </summary>
    public required double VolumeQuarterHours { get; init; }

    /// <summary>Time spent listening a listener, in minutes.</summary>
    public required double DeaMinutes { get; init; }

    public required double DeaMinutesSe { get; init; }

    /// <summary>Share of all stations' volume, in per cent.</summary>
    public required double PdaPct { get; init; }

    public required double PdaPctSe { get; init; }
}
