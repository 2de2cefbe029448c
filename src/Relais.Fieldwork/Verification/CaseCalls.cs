using System.Globalization;
using Relais.Fieldwork.Appointments;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Outcomes;
using Relais.Fieldwork.Rules;

namespace Relais.Fieldwork.Verification;

/// <summary>Walks through the calls of one case in their order, and holds each against the rules of its wave as they stand now.</summary>
/// <param name="promises">The case's appointments.</param>
internal sealed class CaseCalls(CallRules rules, Func<string, CallCalendar> calendars, IReadOnlyList<Appointment> promises, Findings findings)
{
    private readonly int[] _slotTries = new int[Case.MostSlots];
    private int _tries;
    private DateTimeOffset _free = DateTimeOffset.MinValue;
    private RecordedCall? _last;

    public void Next(RecordedCall call)
    {
        if (call.Until < call.From || (!call.Late && call.From < _free))
            findings.Add(Broken.HeldTwice, Said(call, $"taken while somebody had it until {Time(_free)}"));
        _free = call.Until > _free ? call.Until : _free;
        if (call.Number is null)
            return;
        if (!call.Late)
        {
            if (call.Slot != Hold.CalledBack)
                Judge(call);
            _tries++;
            if (call.Slot >= 0)
                _slotTries[call.Slot]++;
        }

        _last = call;
    }

    private void Judge(RecordedCall call)
    {
        if (call.SuppressedAt < call.From)
            findings.Add(Broken.Suppressed, Said(call, $"its number is suppressed since {Time(call.SuppressedAt.Value)}"));
        if (call.ByAppointment)
        {
            JudgePromise(call);
            return;
        }

        var calendar = calendars(call.Zone);
        if (!calendar.IsOpen(call.From))
            findings.Add(Broken.Hours, Said(call, string.Create(CultureInfo.InvariantCulture, $"{calendar.LocalAt(call.From):ddd yyyy-MM-dd HH:mm} in {call.Zone} is no moment to call")));
        if (calendar.SlotAt(call.From) != call.Slot)
            findings.Add(Broken.Tries, Said(call, $"counted in slot {call.Slot}, made in slot {calendar.SlotAt(call.From)}"));
        if (call.Slot >= 0 && call.Slot < rules.Slots.Count && _slotTries[call.Slot] >= rules.Slots[call.Slot].MostTries)
            findings.Add(Broken.Tries, Said(call, $"try {_slotTries[call.Slot] + 1} in the slot \"{rules.Slots[call.Slot].Name}\" of {rules.Slots[call.Slot].MostTries}"));
        // Who asked for a call and did not get it is called soon: that is what counts instead.
        if (promises.LastOrDefault(p => p.MadeAt <= call.From) is { State: AppointmentState.Missed } missed && missed.MadeAt >= (_last?.Until ?? DateTimeOffset.MinValue))
        {
            if (call.From < missed.At)
                findings.Add(Broken.Appointment, Said(call, $"before the appointment of {Time(missed.At)}"));
            return;
        }

        if (_tries >= rules.MostTries)
            findings.Add(Broken.Tries, Said(call, $"try {_tries + 1} of {rules.MostTries}"));
        if (_last is { } last && Outcome.Of(last.Outcome) is { } before && call.From < last.Until + rules.After(before.Delay))
            findings.Add(Broken.Delay, Said(call, $"too soon after \"{before.Code}\" at {Time(last.Until)}"));
    }

    private void JudgePromise(RecordedCall call)
    {
        if (promises.LastOrDefault(p => p.MadeAt <= call.From && p.State == AppointmentState.Kept) is not { } promise)
            findings.Add(Broken.Appointment, Said(call, "by an appointment that is not there"));
        else if (call.From < promise.At)
            findings.Add(Broken.Appointment, Said(call, $"before its hour, {Time(promise.At)}"));
        else if (call.From > promise.At.AddMinutes(rules.AppointmentMissedMinutes))
            findings.Add(Broken.Appointment, Said(call, $"long after its hour, {Time(promise.At)}"));
        else if (promise.PersonId is { } person && person != call.Person && call.From < promise.At.AddMinutes(rules.AppointmentGraceMinutes))
            findings.Add(Broken.Appointment, Said(call, $"it was somebody else's until {Time(promise.At.AddMinutes(rules.AppointmentGraceMinutes))}"));
    }

    internal static string Said(RecordedCall call, string what) => string.Create(CultureInfo.InvariantCulture, $"case {call.Case}, call {call.Id} of {Time(call.From)}: {what}");

    internal static string Time(DateTimeOffset at) => at.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
