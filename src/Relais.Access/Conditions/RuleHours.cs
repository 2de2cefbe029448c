namespace Relais.Access.Conditions;

/// <summary>Days and hours of a rule, on the wall clock of the institute: an hour that comes twice in autumn counts twice, one that is skipped in spring never.</summary>
internal static class RuleHours
{
    private const int DaysInWeek = 7;

    public static bool Hold(WeekDays days, TimeOnly? from, TimeOnly? to, DateTime local)
    {
        var (today, time) = (DayOf(local), TimeOnly.FromDateTime(local));
        if (from is not { } begin || to is not { } end)
            return IsAmong(days, today);
        if (begin < end)
            return IsAmong(days, today) && begin <= time && time < end;

        // Over midnight the day is the one on which it began.
        return (IsAmong(days, today) && time >= begin) || (IsAmong(days, DayOf(local.AddDays(-1))) && time < end);
    }

    public static WeekDays DayOf(DateTime local) => (WeekDays)(1 << (((int)local.DayOfWeek + DaysInWeek - 1) % DaysInWeek));

    private static bool IsAmong(WeekDays days, WeekDays day) => days == WeekDays.None || (days & day) != WeekDays.None;
}
