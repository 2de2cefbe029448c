using System.Globalization;
using System.Runtime.InteropServices;

namespace Relais.Audience.Numerics.Radio;

/// <summary>
/// The day that listening is recorded in: where it starts and how many quarter hours it has. Institutes differ, so it is a setting;
/// the French reference asks about 05:00 to 24:00, 76 quarter hours.
/// </summary>
/// <param name="StartMinutes">Minutes after midnight of quarter hour 0: a multiple of 15, from 0 to 1,425.</param>
/// <param name="Length">Quarter hours in the day, from 1 to 96.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct BroadcastDay(int StartMinutes, int Length)
{
    /// <summary>Minutes in a quarter hour.</summary>
    public const int Minutes = 15;

    private const int MostQuarterHours = 24 * 60 / Minutes;

    /// <summary>05:00 to 24:00.</summary>
    public static BroadcastDay French { get; } = new(5 * 60, 76);

    /// <summary>Whether start and length are within their ranges.</summary>
    public bool IsValid => StartMinutes is >= 0 and < 24 * 60 && StartMinutes % Minutes == 0 && Length is >= 1 and <= MostQuarterHours;

    /// <summary>All of the day.</summary>
    public QuarterHours Whole => QuarterHours.Between(0, Length);

    public bool Contains(int quarterHour) => (uint)quarterHour < (uint)Length;

    /// <summary>When a quarter hour begins, as <c>HHMM</c>; hours after midnight go on from 24, so 01:00 is <c>2500</c>.</summary>
    public string ClockAt(int quarterHour)
    {
        var minutes = StartMinutes + quarterHour * Minutes;
        return string.Create(CultureInfo.InvariantCulture, $"{minutes / 60:00}{minutes % 60:00}");
    }
}
