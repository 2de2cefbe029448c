namespace Relais.Fieldwork.Rules;

/// <summary>The public holidays of France (Code du travail, L3133-1), Alsace and Moselle's own left out.</summary>
internal static class FrenchHolidays
{
    public static bool Includes(DateOnly day)
    {
        if ((day.Month, day.Day) is (1, 1) or (5, 1) or (5, 8) or (7, 14) or (8, 15) or (11, 1) or (11, 11) or (12, 25))
            return true;
        var afterEaster = day.DayNumber - Easter(day.Year).DayNumber;
        return afterEaster is 1 or 39 or 50; // Easter Monday, Ascension, Whit Monday
    }

    /// <summary>Easter Sunday of the Gregorian calendar, by the method of Meeus, Jones and Butcher.</summary>
    public static DateOnly Easter(int year)
    {
        var (a, b, c) = (year % 19, year / 100, year % 100);
        var (d, e, f) = (b / 4, b % 4, (b + 8) / 25);
        var g = (b - f + 1) / 3;
        var h = (19 * a + b - d - g + 15) % 30;
        var (i, k) = (c / 4, c % 4);
        var l = (32 + 2 * e + 2 * i - h - k) % 7;
        var m = (a + 11 * h + 22 * l) / 451;
        var n = h + l - 7 * m + 114;
        return new DateOnly(year, n / 31, n % 31 + 1);
    }
}
