using Relais.Fieldwork.Outcomes;

namespace Relais.Fieldwork.Productivity;

/// <summary>A call as it counts for productivity.</summary>
/// <param name="Try">The how-manieth call of its case; 0: no call was made.</param>
/// <param name="Slot">The slot of the day of the wave's rules; -1: none.</param>
/// <param name="Rejected">It completed an interview that was rejected since.</param>
internal sealed record WorkedCall(Guid Person, long Case, DateTimeOffset From, DateTimeOffset Until, Outcome Outcome, int Slot, int Try, bool ByAppointment, bool Rejected)
{
    public bool Called => Try > 0;

    public bool Completed => Outcome.Id == Outcome.CompleteId && !Rejected;

    public bool Refused => Outcome.Group == OutcomeGroup.R;

    /// <summary>Somebody of the household was spoken to.</summary>
    public bool Contact => Called && (Outcome.Group is OutcomeGroup.I or OutcomeGroup.P or OutcomeGroup.R or OutcomeGroup.O || Outcome.Code is "appointment" or "not-available" or "not-eligible" or "quota-full" or "unscreened" or "business" or "out-of-sample");

    /// <summary>Nobody could have completed it: the cell was full, or the respondent is not of the sample. It is neither for nor against an interviewer.</summary>
    public bool Impossible => Outcome.Group == OutcomeGroup.NE;
}
