using Microsoft.Extensions.Localization;

namespace Relais.Portal.Kit;

/// <summary>Distances in time, in the words that browsers use too (Intl.RelativeTimeFormat), so that a script may go on counting.</summary>
internal static class TimeWords
{
    private static readonly (string Unit, TimeSpan Length)[] Units =
    [
        ("Day", TimeSpan.FromDays(1)),
        ("Hour", TimeSpan.FromHours(1)),
        ("Minute", TimeSpan.FromMinutes(1)),
        ("Second", TimeSpan.FromSeconds(1)),
    ];

    private static readonly TimeSpan Farthest = TimeSpan.FromDays(30);

    /// <summary>Null beyond a month: a date says more then.</summary>
    public static string? Relative(TimeSpan ahead, IStringLocalizer text)
    {
        var distance = ahead.Duration();
        if (distance >= Farthest)
            return null;

        var (unit, length) = Array.Find(Units, u => distance >= u.Length);
        if (unit is null)
            return text["Now"];

        var count = (int)Math.Round(distance / length);
        var key = $"{(ahead < TimeSpan.Zero ? "Ago" : "In")}.{unit}.{(count == 1 ? "One" : "Many")}";
        return text[key, count];
    }
}
