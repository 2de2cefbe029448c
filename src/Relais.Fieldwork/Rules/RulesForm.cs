using Microsoft.AspNetCore.Http;
using Relais.Fieldwork.Cases;
using Relais.Fieldwork.Studies;

namespace Relais.Fieldwork.Rules;

/// <summary>One row of hours as it stands in the form: texts, so that what was typed stands there again when it is wrong.</summary>
/// <param name="Key">"hours-0", "slot-2": what the names of its fields begin with.</param>
internal sealed record HoursRow(string Key, string Name, IReadOnlyList<DayOfWeek> Days, string From, string Until, string Tries)
{
    public bool Empty => Name.Length == 0 && Days.Count == 0 && From.Length == 0 && Until.Length == 0 && Tries.Length == 0;
}

/// <summary>A delay in the unit that people would say it in.</summary>
internal sealed record DelayField(string Name, string Number, int UnitMinutes);

/// <summary>The rules of calling as a form: read from what was sent, or written from rules that stand.</summary>
internal sealed class RulesForm
{
    public const int MinutesOfHour = 60;
    public const int MinutesOfDay = 24 * 60;

    private const int MostHours = 12;
    private const int FewestRows = 3;
    private const int LongestDelayMinutes = 366 * MinutesOfDay;

    public static readonly IReadOnlyList<int> Units = [1, MinutesOfHour, MinutesOfDay];

    private readonly List<(string Field, string Code)> _faults = [];

    public List<HoursRow> Hours { get; } = [];

    public List<HoursRow> Slots { get; } = [];

    public List<DelayField> Delays { get; } = [];

    /// <summary>The plain fields by name: MostTries, MostCallsIn30Days, AppointmentsFrom, AppointmentsUntil, OtherHolidays, Holidays.</summary>
    public Dictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);

    /// <summary>The first thing wrong with a field, by the key of its row or its name.</summary>
    public string? FaultOf(string field) => _faults.Find(f => f.Field == field).Code;

    public int FaultCount => _faults.Count;

    public static RulesForm Of(CallRules rules)
    {
        var form = new RulesForm();
        form.Hours.AddRange(rules.Hours.Select((h, i) => new HoursRow($"hours-{i}", "", h.Days, FormFields.Write(h.From), FormFields.Write(h.Until), "")));
        form.Slots.AddRange(rules.Slots.Select((s, i) => new HoursRow($"slot-{i}", s.Name, s.Days, FormFields.Write(s.From), FormFields.Write(s.Until), $"{s.MostTries}")));
        foreach (var (name, minutes) in Minutes(rules))
        {
            var unit = Units.Last(u => minutes > 0 ? minutes % u == 0 : u == 1);
            form.Delays.Add(new DelayField(name, $"{minutes / unit}", unit));
        }

        form.Texts["Holidays"] = rules.Holidays;
        form.Texts["OtherHolidays"] = string.Join('\n', rules.OtherHolidays.Select(FormFields.Write));
        form.Texts["MostTries"] = $"{rules.MostTries}";
        form.Texts["MostCallsIn30Days"] = $"{rules.MostCallsIn30Days}";
        form.Texts["AppointmentsFrom"] = FormFields.Write(rules.AppointmentsFrom);
        form.Texts["AppointmentsUntil"] = FormFields.Write(rules.AppointmentsUntil);
        form.AddEmptyRows();
        return form;
    }

    public static RulesForm Of(IFormCollection sent)
    {
        var form = new RulesForm();
        form.Hours.AddRange(Rows(sent, "hours", MostHours));
        form.Slots.AddRange(Rows(sent, "slot", Case.MostSlots));
        foreach (var (name, _) in Minutes(new CallRules()))
            form.Delays.Add(new DelayField(name, $"{sent[name]}".Trim(), FormFields.Whole(sent[$"{name}-unit"]) is { } unit && Units.Contains(unit) ? unit : 1));
        foreach (var name in (string[])["Holidays", "OtherHolidays", "MostTries", "MostCallsIn30Days", "AppointmentsFrom", "AppointmentsUntil"])
            form.Texts[name] = $"{sent[name]}".Trim();
        form.AddEmptyRows();
        return form;
    }

    /// <returns>Null when something is wrong; <see cref="FaultOf"/> says where.</returns>
    public CallRules? Read()
    {
        var hours = Hours.Where(r => !r.Empty).Select(r => (Row: r, Span: Span(r))).ToList();
        if (hours.Count == 0)
            _faults.Add(("hours-0", "rules-hours-none"));
        var slots = Slots.Where(r => !r.Empty).Select(r => (Row: r, Span: Span(r), Tries: Tries(r))).ToList();
        var minutes = Delays.ToDictionary(d => d.Name, Minutes, StringComparer.Ordinal);
        var (from, until) = (Time("AppointmentsFrom"), Time("AppointmentsUntil"));
        if (until <= from)
            _faults.Add(("AppointmentsUntil", "rules-hours"));
        if (minutes["AppointmentMissedMinutes"] < minutes["AppointmentGraceMinutes"])
            _faults.Add(("AppointmentMissedMinutes", "rules-appointments"));
        var rules = new CallRules
        {
            Hours = [.. hours.Select(h => h.Span)],
            Slots = [.. slots.Select((s, i) => new CallSlot(s.Row.Name.Length > 0 ? s.Row.Name : $"{i + 1}", s.Span.Days, s.Span.From, s.Span.Until, s.Tries))],
            Holidays = Texts["Holidays"] == "fr" ? "fr" : "",
            OtherHolidays = OtherHolidays(),
            MostTries = Whole("MostTries", 1, 100, "rules-most-tries"),
            MostCallsIn30Days = Whole("MostCallsIn30Days", 0, 60, "rules-most-calls"),
            AfterBusyMinutes = minutes["AfterBusyMinutes"],
            AfterNoAnswerMinutes = minutes["AfterNoAnswerMinutes"],
            AfterMachineMinutes = minutes["AfterMachineMinutes"],
            AfterContactMinutes = minutes["AfterContactMinutes"],
            AfterRefusalMinutes = minutes["AfterRefusalMinutes"],
            AfterFaultMinutes = minutes["AfterFaultMinutes"],
            // Kept in hours: what is typed in minutes is rounded up, in the respondent's favour.
            NuisanceHours = (minutes["NuisanceMinutes"] + MinutesOfHour - 1) / MinutesOfHour,
            AppointmentGraceMinutes = minutes["AppointmentGraceMinutes"],
            AppointmentMissedMinutes = minutes["AppointmentMissedMinutes"],
            AppointmentsFrom = from,
            AppointmentsUntil = until,
        };
        return _faults.Count == 0 ? rules : null;
    }

    private void AddEmptyRows()
    {
        while (Hours.Count < Math.Max(FewestRows, Math.Min(MostHours, Hours.Count(h => !h.Empty) + 1)))
            Hours.Add(new HoursRow($"hours-{Hours.Count}", "", [], "", "", ""));
        while (Slots.Count < Math.Max(FewestRows, Math.Min(Case.MostSlots, Slots.Count(s => !s.Empty) + 1)))
            Slots.Add(new HoursRow($"slot-{Slots.Count}", "", [], "", "", ""));
    }

    private static IEnumerable<(string Name, int Minutes)> Minutes(CallRules rules) =>
    [
        ("AfterBusyMinutes", rules.AfterBusyMinutes), ("AfterNoAnswerMinutes", rules.AfterNoAnswerMinutes), ("AfterMachineMinutes", rules.AfterMachineMinutes),
        ("AfterContactMinutes", rules.AfterContactMinutes), ("AfterRefusalMinutes", rules.AfterRefusalMinutes), ("AfterFaultMinutes", rules.AfterFaultMinutes),
        ("NuisanceMinutes", rules.NuisanceHours * MinutesOfHour), ("AppointmentGraceMinutes", rules.AppointmentGraceMinutes), ("AppointmentMissedMinutes", rules.AppointmentMissedMinutes),
    ];

    private static IEnumerable<HoursRow> Rows(IFormCollection sent, string kind, int most) => Enumerable.Range(0, most).Select(i => $"{kind}-{i}")
        .TakeWhile(key => sent.ContainsKey($"{key}-from"))
        .Select(key => new HoursRow(key, $"{sent[$"{key}-name"]}".Trim(), FormFields.Days(sent[$"{key}-day"]), $"{sent[$"{key}-from"]}".Trim(), $"{sent[$"{key}-until"]}".Trim(), $"{sent[$"{key}-tries"]}".Trim()));

    private CallHours Span(HoursRow row)
    {
        var (from, until) = (FormFields.Time(row.From), UntilOf(row.Until));
        if (row.Days.Count == 0)
            _faults.Add((row.Key, "rules-days"));
        else if (from is null || until is null || until <= from)
            _faults.Add((row.Key, "rules-hours"));
        return new CallHours(row.Days, from ?? TimeOnly.MinValue, until ?? TimeOnly.MaxValue);
    }

    // The last minute of the day belongs to it: a time field knows no 24:00.
    private static TimeOnly? UntilOf(string text) => FormFields.Time(text) is { } time ? time == new TimeOnly(23, 59) ? TimeOnly.MaxValue : time : null;

    private int Tries(HoursRow row)
    {
        if (FormFields.Whole(row.Tries) is { } tries and >= 1 and <= Case.MostTriesOfSlot)
            return tries;
        _faults.Add((row.Key, "rules-slots"));
        return 1;
    }

    private int Minutes(DelayField field)
    {
        if (FormFields.Whole(field.Number) is { } number && (long)number * field.UnitMinutes <= LongestDelayMinutes)
            return number * field.UnitMinutes;
        _faults.Add((field.Name, "rules-delays"));
        return 0;
    }

    private int Whole(string field, int least, int most, string code)
    {
        if (FormFields.Whole(Texts[field]) is { } number && number >= least && number <= most)
            return number;
        _faults.Add((field, code));
        return least;
    }

    private TimeOnly Time(string field)
    {
        if ((field == "AppointmentsUntil" ? UntilOf(Texts[field]) : FormFields.Time(Texts[field])) is { } time)
            return time;
        _faults.Add((field, "rules-hours"));
        return TimeOnly.MinValue;
    }

    private List<DateOnly> OtherHolidays()
    {
        var days = FormFields.Words(Texts["OtherHolidays"]).ConvertAll(FormFields.Day);
        if (days.Contains(null))
            _faults.Add(("OtherHolidays", "rules-other-days"));
        return [.. days.OfType<DateOnly>().Distinct().Order()];
    }
}
