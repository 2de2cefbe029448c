using Relais.Telephony.Protocols.Quality;

namespace Relais.Telephony.Quality;

/// <summary>One of the two ways of a call's voice.</summary>
internal enum LegKind
{
    /// <summary>Between this server and the operator.</summary>
    Trunk,

    /// <summary>Between this server and the interviewer's browser.</summary>
    Home,
}

/// <summary>What a leg of a call was like: a row that grows with each measure, so that a killed server loses a few seconds of it and every node sees it.</summary>
internal sealed class CallLeg
{
    public required Guid CallId { get; init; }

    public required LegKind Leg { get; init; }

    /// <summary>Of the last measure.</summary>
    public DateTimeOffset At { get; set; }

    /// <summary>All measures: <see cref="QualitySeries"/>.</summary>
    public byte[] Series { get; set; } = [];

    public int Measures { get; set; }

    /// <summary>The last one's.</summary>
    public double LossPercent { get; set; }

    public double JitterMs { get; set; }

    public double? RoundTripMs { get; set; }

    public double Score { get; set; }

    /// <summary>Of all scores; their mean is this by <see cref="Measures"/>.</summary>
    public double ScoreSum { get; set; }

    public double WorstScore { get; set; }

    /// <summary>How often it was bad for longer than a moment.</summary>
    public int Alerts { get; set; }

    /// <summary>Since when it is; null while it is good.</summary>
    public DateTimeOffset? BadSince { get; set; }

    /// <summary>Why it most likely was when it last became so.</summary>
    public QualityCause? Cause { get; set; }
}
