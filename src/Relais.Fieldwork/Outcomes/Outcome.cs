namespace Relais.Fieldwork.Outcomes;

/// <summary>AAPOR's groups: of what the rates are made.</summary>
internal enum OutcomeGroup : short
{
    /// <summary>Says nothing of the case.</summary>
    None,
    UH,
    UO,
    NC,
    O,
    R,
    NE,
    P,
    I,
}

/// <summary>What becomes of the case.</summary>
internal enum AfterCall
{
    /// <summary>Nothing follows.</summary>
    End,

    /// <summary>It is called again when the rules allow it.</summary>
    Again,

    /// <summary>It is called when the respondent said.</summary>
    Appointment,

    /// <summary>This number is dead: another of its numbers is tried, or nothing follows.</summary>
    OtherNumber,

    /// <summary>As if it had not been given.</summary>
    GiveBack,
}

/// <summary>How long until the next call: which of the rules says it.</summary>
internal enum CallDelay
{
    None,
    Busy,
    NoAnswer,
    Machine,
    Contact,
    Refusal,
    Fault,
}

/// <summary>How a call can end.</summary>
/// <param name="Id">As it is kept; never given to another.</param>
/// <param name="Code">As the API and the texts name it.</param>
/// <param name="Aapor">The code of AAPOR's Standard Definitions for telephone surveys; empty: none.</param>
/// <param name="Called">Whether a call was made.</param>
/// <param name="Nuisance">Whether somebody may have answered a call at which nobody spoke.</param>
internal sealed record Outcome(
    short Id, string Code, string Aapor, OutcomeGroup Group, AfterCall After, CallDelay Delay = CallDelay.None, bool Called = true, bool Nuisance = false)
{
    public const short CompleteId = 1;
    public const short QuotaFullId = 26;
    public const short GivenBackId = 30;
    public const short LostId = 31;
    public const short AbandonedId = 32;

    public static readonly Outcome Complete = new(CompleteId, "complete", "1.1", OutcomeGroup.I, AfterCall.End);
    public static readonly Outcome QuotaFull = new(QuotaFullId, "quota-full", "4.8", OutcomeGroup.NE, AfterCall.End);
    public static readonly Outcome DoNotCall = new(28, "do-not-call", "2.111", OutcomeGroup.R, AfterCall.End);
    public static readonly Outcome Appointment = new(7, "appointment", "2.21", OutcomeGroup.NC, AfterCall.Appointment);
    public static readonly Outcome LineFault = new(18, "line-fault", "3.16", OutcomeGroup.UH, AfterCall.Again, CallDelay.Fault);
    public static readonly Outcome GivenBack = new(GivenBackId, "given-back", "", OutcomeGroup.None, AfterCall.GiveBack, Called: false);

    /// <summary>The interviewer's connection died: whether they called is not known, so it counts as a call.</summary>
    public static readonly Outcome Lost = new(LostId, "lost", "", OutcomeGroup.None, AfterCall.Again, CallDelay.NoAnswer);

    /// <summary>Relais called, somebody answered, and no interviewer was free in time: they heard why, and are left alone.</summary>
    public static readonly Outcome Abandoned = new(AbandonedId, "abandoned", "3.16", OutcomeGroup.UH, AfterCall.Again, CallDelay.NoAnswer, Nuisance: true);

    public static readonly IReadOnlyList<Outcome> All =
    [
        Complete,
        new(2, "partial", "1.2", OutcomeGroup.P, AfterCall.End),
        new(3, "refused", "2.112", OutcomeGroup.R, AfterCall.End),
        new(4, "refused-for-now", "2.112", OutcomeGroup.R, AfterCall.Again, CallDelay.Refusal),
        new(5, "household-refused", "2.111", OutcomeGroup.R, AfterCall.End),
        new(6, "broke-off", "2.12", OutcomeGroup.R, AfterCall.Again, CallDelay.Contact),
        Appointment,
        new(8, "not-available", "2.21", OutcomeGroup.NC, AfterCall.Again, CallDelay.Contact),
        new(9, "household-machine", "2.22", OutcomeGroup.NC, AfterCall.Again, CallDelay.Machine),
        new(10, "unable", "2.32", OutcomeGroup.O, AfterCall.End),
        new(11, "deceased", "2.31", OutcomeGroup.O, AfterCall.End),
        new(12, "other-language", "2.33", OutcomeGroup.O, AfterCall.End),
        new(13, "other", "2.36", OutcomeGroup.O, AfterCall.End),
        new(14, "busy", "3.12", OutcomeGroup.UH, AfterCall.Again, CallDelay.Busy),
        new(15, "no-answer", "3.13", OutcomeGroup.UH, AfterCall.Again, CallDelay.NoAnswer),
        new(16, "machine", "3.14", OutcomeGroup.UH, AfterCall.Again, CallDelay.Machine),
        new(17, "blocked", "3.15", OutcomeGroup.UH, AfterCall.Again, CallDelay.Machine),
        LineFault,
        new(19, "unscreened", "3.21", OutcomeGroup.UO, AfterCall.Again, CallDelay.Contact),
        new(20, "unknown", "3.91", OutcomeGroup.UO, AfterCall.End),
        new(21, "out-of-sample", "4.1", OutcomeGroup.NE, AfterCall.End),
        new(22, "fax", "4.2", OutcomeGroup.NE, AfterCall.OtherNumber),
        new(23, "disconnected", "4.3", OutcomeGroup.NE, AfterCall.OtherNumber),
        new(24, "business", "4.51", OutcomeGroup.NE, AfterCall.OtherNumber),
        new(25, "not-eligible", "4.7", OutcomeGroup.NE, AfterCall.End),
        QuotaFull,
        new(27, "silent-call", "3.16", OutcomeGroup.UH, AfterCall.Again, CallDelay.NoAnswer, Nuisance: true),
        DoNotCall,
        GivenBack,
        Lost,
        Abandoned,
    ];

    /// <summary>Whether only Relais itself records it.</summary>
    public bool IsRelaisOwn => Id is LostId or AbandonedId;

    /// <summary>For how many hours a number is left alone after a call at which nobody spoke, whatever the rules say.</summary>
    public int LeastNuisanceHours => Id == AbandonedId ? 72 : 0;

    private static readonly Dictionary<short, Outcome> ById = All.ToDictionary(o => o.Id);
    private static readonly Dictionary<string, Outcome> ByCode = All.ToDictionary(o => o.Code, StringComparer.Ordinal);

    public static Outcome? Find(string? code) => code is null ? null : ByCode.GetValueOrDefault(code);

    public static Outcome? Of(short id) => ById.GetValueOrDefault(id);

    /// <summary>What counts for the rates after this: an end always; else what tells more of the case, so that a busy line does not hide a contact.</summary>
    public Outcome Over(Outcome? before) =>
        Group == OutcomeGroup.None && before is not null ? before
        : before is null || After is AfterCall.End || Group >= before.Group ? this
        : before;
}
