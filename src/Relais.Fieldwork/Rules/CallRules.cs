using Relais.Fieldwork.Outcomes;

namespace Relais.Fieldwork.Rules;

/// <summary>A part of certain days, in the respondent's own time; <see cref="Until"/> does not belong to it.</summary>
internal sealed record CallHours(IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly Until)
{
    internal bool Holds(DateTime local) => Days.Contains(local.DayOfWeek) && TimeOnly.FromDateTime(local) >= From && TimeOnly.FromDateTime(local) < Until;
}

/// <summary>A slot of the day in which a case may be called so many times and no more.</summary>
internal sealed record CallSlot(string Name, IReadOnlyList<DayOfWeek> Days, TimeOnly From, TimeOnly Until, int MostTries)
{
    internal bool Holds(DateTime local) => new CallHours(Days, From, Until).Holds(local);
}

/// <summary>When respondents of a wave may be called, how often, and how long after what.</summary>
internal sealed record CallRules
{
    private static readonly DayOfWeek[] Weekdays = [DayOfWeek.Monday, DayOfWeek.Tuesday, DayOfWeek.Wednesday, DayOfWeek.Thursday, DayOfWeek.Friday];

    /// <summary>Legal hours in the respondent's own time; outside them nobody is called but by appointment.</summary>
    public IReadOnlyList<CallHours> Hours { get; init; } =
    [
        new(Weekdays, new TimeOnly(10, 0), new TimeOnly(13, 0)),
        new(Weekdays, new TimeOnly(14, 0), new TimeOnly(20, 0)),
    ];

    /// <summary>"fr": the public holidays of France. Empty: none but <see cref="OtherHolidays"/>.</summary>
    public string Holidays { get; init; } = "fr";

    public IReadOnlyList<DateOnly> OtherHolidays { get; init; } = [];

    /// <summary>At most sixteen; where two overlap, the first counts. Outside of them tries are not counted by slot.</summary>
    public IReadOnlyList<CallSlot> Slots { get; init; } =
    [
        new("matin", Weekdays, new TimeOnly(10, 0), new TimeOnly(13, 0), 3),
        new("après-midi", Weekdays, new TimeOnly(14, 0), new TimeOnly(17, 30), 3),
        new("soir", Weekdays, new TimeOnly(17, 30), new TimeOnly(20, 0), 4),
    ];

    /// <summary>Calls of a case in all, over all its numbers.</summary>
    public int MostTries { get; init; } = 10;

    /// <summary>Calls of one number in thirty days, whatever the study; 0: no limit.</summary>
    public int MostCallsIn30Days { get; init; } = 4;

    /// <summary>Between a busy line and the next call.</summary>
    public int AfterBusyMinutes { get; init; } = 20;

    public int AfterNoAnswerMinutes { get; init; } = 120;

    public int AfterMachineMinutes { get; init; } = 240;

    /// <summary>After somebody answered who is not the respondent, or at a wrong moment.</summary>
    public int AfterContactMinutes { get; init; } = 180;

    /// <summary>After a refusal that may be tried once more.</summary>
    public int AfterRefusalMinutes { get; init; } = 7 * 24 * 60;

    public int AfterFaultMinutes { get; init; } = 30;

    /// <summary>After a call at which nobody spoke to the respondent, their number is left alone so long, whatever the study.</summary>
    public int NuisanceHours { get; init; } = 72;

    /// <summary>An appointment is for its interviewer alone until so long after its time.</summary>
    public int AppointmentGraceMinutes { get; init; } = 5;

    /// <summary>An appointment is missed when nobody took it so long after its time.</summary>
    public int AppointmentMissedMinutes { get; init; } = 60;

    /// <summary>Appointments lie in these hours, in the respondent's own time: they asked for it themselves.</summary>
    public TimeOnly AppointmentsFrom { get; init; } = new(8, 0);

    public TimeOnly AppointmentsUntil { get; init; } = new(21, 0);

    /// <summary>How long after a call's end the case may be called again at the earliest.</summary>
    internal TimeSpan After(CallDelay delay) => TimeSpan.FromMinutes(delay switch
    {
        CallDelay.None => 0,
        CallDelay.Busy => AfterBusyMinutes,
        CallDelay.NoAnswer => AfterNoAnswerMinutes,
        CallDelay.Machine => AfterMachineMinutes,
        CallDelay.Contact => AfterContactMinutes,
        CallDelay.Refusal => AfterRefusalMinutes,
        CallDelay.Fault => AfterFaultMinutes,
    });

    /// <summary>The first thing that is wrong with these rules, as a code of "Rules.CODE" of the texts; null: nothing.</summary>
    internal string? Fault() => this switch
    {
        { Hours: [] } => "hours-none",
        _ when Hours.Any(h => h.Until <= h.From || h.Days.Count == 0) => "hours",
        _ when Slots.Count > Cases.Case.MostSlots => "slots-many",
        _ when Slots.Any(s => s.Until <= s.From || s.Days.Count == 0 || s.MostTries is < 1 or > Cases.Case.MostTriesOfSlot) => "slots",
        _ when Holidays is not ("" or "fr") => "holidays",
        { MostTries: < 1 or > 100 } => "most-tries",
        { MostCallsIn30Days: < 0 or > 60 } => "most-calls",
        _ when new[] { AfterBusyMinutes, AfterNoAnswerMinutes, AfterMachineMinutes, AfterContactMinutes, AfterRefusalMinutes, AfterFaultMinutes, NuisanceHours, AppointmentGraceMinutes }.Any(m => m < 0) => "delays",
        _ when AppointmentMissedMinutes < AppointmentGraceMinutes || AppointmentsUntil <= AppointmentsFrom => "appointments",
        _ => null,
    };
}
