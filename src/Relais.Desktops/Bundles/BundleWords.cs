using System.Globalization;
using Microsoft.Extensions.Localization;
using Relais.Desktops.Fleet;

namespace Relais.Desktops.Bundles;

/// <summary>Numbers of definitions as people read them.</summary>
internal static class BundleWords
{
    private const int HourFrom = 120;

    /// <param name="size">Such as "10GiB".</param>
    public static string Size(string size, IStringLocalizer<FleetTexts> text) =>
        size.Length > 3 && size[^3..] is "MiB" or "GiB" ? text[size[^3..], size[..^3]] : size;

    /// <summary>Minutes, or hours where these are whole.</summary>
    public static string Time(TimeSpan time) => string.Create(
        CultureInfo.InvariantCulture, $"{(IsHours(time) ? time.TotalHours : time.TotalMinutes):0}\u00a0{(IsHours(time) ? "h" : "min")}");

    private static bool IsHours(TimeSpan time) => time.TotalMinutes >= HourFrom && time.Minutes == 0;
}
