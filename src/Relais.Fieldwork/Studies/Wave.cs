using Relais.Telephony.Contracts;

namespace Relais.Fieldwork.Studies;

internal enum WaveState
{
    /// <summary>Sample, quotas and rules are being put in place.</summary>
    Preparing,

    /// <summary>Cases are given to interviewers.</summary>
    Running,

    /// <summary>No case is given; what is under way goes on.</summary>
    Paused,

    /// <summary>Over.</summary>
    Closed,
}

/// <summary>One round of telephone interviews of a study.</summary>
internal sealed class Wave
{
    public const int NameLength = 120;

    public int Id { get; init; }

    public required Guid StudyId { get; init; }

    public required string Name { get; set; }

    public required DateOnly From { get; set; }

    public required DateOnly Until { get; set; }

    public WaveState State { get; set; } = WaveState.Preparing;

    /// <summary>Waves with a smaller number are served first.</summary>
    public int Priority { get; set; } = 5;

    /// <summary><see cref="Fieldwork.Rules.CallRules"/> as JSON.</summary>
    public required string Rules { get; set; }

    /// <summary>The version that new interviews take; null: none is there yet.</summary>
    public Guid? QuestionnaireId { get; set; }

    /// <summary>Cases of replicates up to this one may be called; later ones wait.</summary>
    public int ReleasedReplicate { get; set; } = 1;

    /// <summary>The IANA zones of its respondents.</summary>
    public string[] Zones { get; set; } = [];

    /// <summary>Completed interviews wanted in all; 0: as many as the quotas say.</summary>
    public int Target { get; set; }

    public DialMode Dialling { get; set; } = DialMode.Preview;

    /// <summary>Which number respondents are shown.</summary>
    public CallerClass Caller { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When its numbers and sample columns were erased, because the study's time for them was over.</summary>
    public DateTimeOffset? ErasedAt { get; set; }
}

/// <summary>How many completed interviews a day of a wave is to bring.</summary>
internal sealed class WaveDay
{
    public required int WaveId { get; init; }

    public required DateOnly Day { get; init; }

    public required int Target { get; set; }
}
